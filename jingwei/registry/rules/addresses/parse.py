"""A written address taken apart: which stretch of it is the district, the road, the number, the building, the room. Rules and a gazetteer, no model.

The scheme of elements is that of GB/T 23705 and CH/Z 9010 as parsers of Chinese addresses write it: divisions, road and number, place (poi), building,
unit, floor, room, and words that help or are too many.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from jingwei.registry.rules.addresses import patterns as p
from jingwei.registry.rules.addresses.gazetteer import EMPTY, MUNICIPALITIES, Gazetteer, Named
from jingwei.registry.rules.addresses.normal import fold

Label = Literal[
    "country", "prov", "city", "district", "devzone", "town", "community", "group", "road", "roadno", "subroad", "subroadno", "poi", "subpoi", "houseno",
    "cellno", "floorno", "roomno", "person", "assist", "distance", "redundant",
]  # fmt: skip
LABELS: tuple[str, ...] = get_args(Label)
_LEVELS: dict[int, Label] = {1: "prov", 2: "city", 3: "district", 4: "town", 5: "community"}
LONGEST = 200
# What the figures of 12-3-1001 are, after a road, and in a building.
_CHAIN_ROAD: list[Label] = ["roadno", "houseno"]
_CHAIN_ROAD_ROOM: list[Label] = ["roadno", "houseno", "roomno"]
_CHAIN_ROAD_UNIT: list[Label] = ["roadno", "houseno", "cellno", "roomno"]
_CHAIN_UNIT: list[Label] = ["cellno", "roomno"]
_CHAIN_UNIT_FLOOR: list[Label] = ["cellno", "floorno", "roomno"]


class Element(NamedTuple):
    """A stretch of the text: what it is, its span in the text as written, and its words."""

    label: Label
    start: int
    end: int
    text: str


class _Reader:
    """One address being read from left to right. `out`: elements so far; `has`: labels seen."""

    __slots__ = ("gazetteer", "has", "length", "level", "out", "place", "text")

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text, self.length, self.gazetteer = text, len(text), gazetteer
        self.out: list[tuple[Label, int, int]] = []
        self.has: set[str] = set()
        self.level, self.place = 0, ""

    def add(self, label: Label, start: int, end: int) -> int:
        if end > start:
            self.out.append((label, start, end))
            self.has.add(label)
        return end

    # Divisions

    def divisions(self, i: int) -> int:
        """Divisions from `i` on, one below the other; what is said a second time makes the first redundant."""
        text, n = self.text, self.length
        while i < n:
            if (found := p.SEPARATOR.match(text, i)) or (found := p.NOISE.match(text, i)):
                i = self.add("redundant", i, found.end())
            elif (end := self.division(i)) > i:
                i = end
            else:
                break
        return i

    def division(self, i: int) -> int:
        text = self.text
        if not self.out and text.startswith("中国", i) and p.AFTER_COUNTRY.match(text, i + 2):
            return self.add("country", i, i + 2)
        again = self.again(i)
        if again:
            return again
        found = self.gazetteer.at(text, i, self.place, self.level)
        if found and not self.misread(i, *found):
            end, one = found
            level = one.level
            if level <= self.level:
                self.redo(level)
            self.level, self.place = level, one.place
            return self.add("city" if level == 1 and one.place in MUNICIPALITIES else _LEVELS[level], i, end)
        if self.level < 3 and (match := p.BY_SUFFIX.match(text, i)):
            name = match[0]
            level = 1 if match.lastgroup == "prov" else 2 if match.lastgroup == "city" and self.level < 2 and "district" not in self.has else 3
            if level == 2 and any(one.level == 3 for one in self.gazetteer.names.get(name[:-1], ())):
                level = 3  # a county-level city, or one that has become a district since
            if level > self.level:
                self.level = level
                return self.add(_LEVELS[level], i, i + len(name))
        return i

    def again(self, i: int) -> int:
        """A division that was said before, said again."""
        text = self.text
        for at, (label, start, end) in enumerate(self.out):
            if label in _SAID and text.startswith(text[start:end], i) and i + (end - start) < self.length:
                follows = text[i + end - start]
                if follows in "路街大巷村桥中东西南北人公" and label != "prov" and text[end - 1] not in "省市区县":
                    continue
                level = _SAID[label]
                end_again = i + end - start
                if follows in "省市区县镇" and text[end - 1] not in "省市区县镇":
                    end_again += 1
                first = next(label for label, _, _ in self.out if label in _SAID)
                if label == first and all(label in _SAID or label == "redundant" for label, _, _ in self.out[at:]):
                    self.redo(level)
                    self.level = level
                    self.place = self.place[: {1: 2, 2: 4, 3: 6, 4: 9}[level]]
                    return self.add(label, i, end_again)
                return self.add("redundant", i, end_again)
        return 0

    def redo(self, level: int) -> None:
        """What was said of divisions from `level` down was said too early."""
        for at, (label, start, end) in enumerate(self.out):
            if label in _SAID and _SAID[label] >= level:
                self.out[at] = ("redundant", start, end)
                self.has.discard(label)

    def misread(self, i: int, end: int, one: Named) -> bool:
        """Whether the name goes on and is no division here: 海宁路, 朝阳大街, 平湖大桥."""
        level = one.level
        if not one.short:
            return level == 4 and bool(p.GOES_ON_FAR.match(self.text, end))
        if end < self.length and level > 2 and self.text[end].isdigit():
            return True  # a number stands on a street, not on a district
        if end < self.length and (self.text[end] in "省市县区镇乡" or self.text.startswith("街道", end)):
            return True
        return bool(p.GOES_ON.match(self.text, end)) if level > 2 else bool(p.GOES_ON_FAR.match(self.text, end))

    # Names

    def names(self, i: int, end: int) -> None:
        """The stretch from `i` to `end`, which has no number: town, zone, community, road, places."""
        text = self.text
        while i < end:
            if self.level < 5 and not self.has & _BELOW_DIVISIONS:
                found = self.division(i)
                if i < found <= end:
                    i = found
                    continue
            if found_distance := p.DISTANCE.match(text, i, end):
                i = self.add("distance", i, found_distance.end())
                continue
            if (self.has & _ROADS or "poi" in self.has) and (match := p.ASSIST_START.match(text, i, end)) and (match.end() == end or match.end() - i > 1):
                i = self.add("assist", i, match.end())
                continue
            if "road" in self.has and self.out[-1][0] in ("road", "subroad"):
                if match := p.STRETCH.match(text, i, end):
                    i = self.add("subroad", i, match.end())
                    continue
                if (match := p.JOINING.match(text, i, end)) and p.ROAD.match(text, match.end(), end):
                    i = self.add("assist", i, match.end())
                    continue
            if "poi" not in self.has and not p.TOWN.match(text, i, end) and (stop := self.whole(i, end)) and p.ROAD.match(text, stop, end):
                i = self.add("poi", i, stop)
                continue
            best = self.best(i, end)
            if best is None:
                self.places(i, end)
                return
            label, stop = best
            i = self.add(label, i, stop)

    def best(self, i: int, end: int) -> tuple[Label, int] | None:
        """The name with a suffix that ends first from `i` on."""
        text, has = self.text, self.has
        found: list[tuple[int, int, Label]] = []
        if "road" not in has and "poi" not in has:
            if "town" not in has and (match := p.TOWN.match(text, i, end)):
                found.append((match.end(), 0, "town"))
            if "devzone" not in has and (match := p.DEVZONE.match(text, i, end)):
                stop = match.end()
                if p.FORMAL_ZONE.search(match[0]):
                    found.append((stop, 1, "devzone"))
                elif stop < end and p.ROAD.match(text, stop, end):
                    found.append((stop, 1, "poi"))
            if "community" not in has and (match := p.COMMUNITY.match(text, i, end)):
                estate = p.ESTATE_VILLAGE.search(match[0])
                if not estate or (self.level >= 4 and "新村" not in match[0]) or (match.end() < end and p.ROAD.match(text, match.end(), end)):
                    found.append((match.end(), 2, "community"))
        if "roadno" not in has or not has & {"poi", "houseno"}:
            match = p.GROUND_ROAD.match(text, i, end) or p.NUMBERED_ROAD.match(text, i, end) or p.ROAD.match(text, i, end)
            if match and match.end() - i > 1 and "subroad" not in has:
                found.append((match.end(), 3, "subroad" if "road" in has else "road"))
        if not found:
            return None
        stop, _, label = min(found)
        return label, stop

    def places(self, i: int, end: int) -> None:
        """What no suffix of a division or road explains: a place, and perhaps a place inside it, and a word that helps to find it."""
        text, has = self.text, self.has
        if end - i == 1 and text[i] in "东西南北中内外旁口" and has & {"roadno", "houseno", "poi", "road"}:
            self.add("assist", i, end)
            return
        if (match := p.ASSIST_AMID.search(text, i + 2, end)) and match.end() < end:
            self.places(i, match.end())
            self.places(match.end(), end)
            return
        tail = end
        if match := p.ASSIST_END.search(text, i + 1, end):
            tail = match.start()
        if "floorno" in has or "roomno" in has or ("houseno" in has and "poi" in has):
            self.add("person" if has & {"floorno", "roomno", "cellno"} or "subpoi" in has else "subpoi" if "poi" in has else "poi", i, tail)
        elif "poi" in has:
            self.add("subpoi" if "subpoi" not in has else "person", i, tail)
        else:
            stop = tail
            whole = self.whole(i, tail)
            if 0 < whole < tail:
                stop = whole
            elif not whole and (part := p.PART_END.search(text, i + 2, tail)):
                stop = part.start()
            stop = self.add("poi", i, stop)
            if stop < tail:
                if (part := p.PART.match(text, stop, tail)) and part.end() < tail:
                    stop = self.add("subpoi", stop, part.end())
                    self.add("person", stop, tail)
                else:
                    self.add("subpoi", stop, tail)
        self.add("assist", tail, end)

    def whole(self, i: int, end: int) -> int:
        """Where a place ends that has places inside it (…大学园区); 0 where none begins."""
        match = p.WHOLE.match(self.text, i, end)
        while match and match.end() < end and (more := p.WHOLE_ALONE.match(self.text, match.end(), end)):
            match = more
        return match.end() if match else 0

    # Numbers

    def number(self, kind: str, start: int, end: int) -> None:
        """A number with its unit; what it is depends on what stands before it."""
        has, text = self.has, self.text
        inside = bool(has & {"poi", "subpoi", "houseno", "cellno", "floorno"})
        last = next((label for label, _, _ in reversed(self.out) if label != "redundant"), "")
        label: Label
        if kind == "aside":
            label = "assist"
        elif kind == "floor":
            label = "floorno"
        elif kind == "cell":
            label = "cellno"
        elif kind == "house" and last == "road" and "roadno" not in has and text[end - 1] == "#":
            label = "roadno"
        elif kind == "house":
            label = "houseno" if "houseno" not in has else "subpoi" if "cellno" not in has and "roomno" not in has else "roomno"
        elif kind == "room":
            label = "roomno"
        elif kind == "group":
            label = "group" if text[end - 1] == "组" else "roadno"
        elif kind == "attached":
            label = "roadno"
        elif kind == "lane":
            lane = text[end - 1] == "弄" and "roadno" not in has and (last == "road" or not has & _ROADS)
            label = "roadno" if lane else "subroad" if has & _ROADS else "road"
        elif last == "subroad" and "subroadno" not in has:
            label = "subroadno"
        elif kind == "no":
            label = self.numbered(start, end, inside, last)
        else:
            label = self.bare(start, end, inside, last)
        self.add(label, start, end)

    def numbered(self, start: int, end: int, inside: bool, last: str) -> Label:
        """…号: of a road, or village; of a building in an estate or lane; of a door inside a building."""
        digits = sum(c.isdigit() for c in self.text[start:end])
        if last in ("road", "community", "town", "devzone", "group") and "roadno" not in self.has:
            return "roadno"
        if last == "roadno":
            return "houseno"
        if "houseno" in self.has or "floorno" in self.has:
            return "roomno" if digits > 2 or "cellno" in self.has or "floorno" in self.has else "cellno"
        if inside:
            if last == "poi" and "community" in self.has and "road" not in self.has and not p.WHOLE.match(self.said("poi")):
                return "roadno"  # a village without roads is numbered as a whole
            return "houseno" if digits < 4 else "roomno"
        return "roadno" if "roadno" not in self.has else "houseno"

    def bare(self, start: int, end: int, inside: bool, last: str) -> Label:
        """A number that counts nothing said."""
        digits = sum(c.isdigit() for c in self.text[start:end])
        if last in ("road", "community") and "roadno" not in self.has:
            return "roadno"
        if "roomno" in self.has:
            return "redundant"
        if self.has & {"houseno", "cellno", "floorno"}:
            return "roomno" if digits > 2 or "cellno" in self.has or "floorno" in self.has else "cellno"
        if inside:
            return "houseno" if digits < 3 else "roomno"
        if last == "roadno":
            return "roomno" if digits > 2 else "houseno"
        return "roomno" if digits > 2 else "houseno"

    def said(self, wanted: str) -> str:
        return next((self.text[start:end] for label, start, end in self.out if label == wanted), "")

    def chain(self, start: int, end: int, unit: int) -> None:
        """12-3-1001: building, unit, room; 12-1001: building and room; 98-114号: one number from … to."""
        text = self.text
        parts = [(m.start(), m.end()) for m in p.CHAIN_PART.finditer(text, start, end)]
        last = next((label for label, _, _ in reversed(self.out) if label != "redundant"), "")
        values = [int("".join(c for c in text[a:b] if c.isdigit()) or 0) for a, b in parts]
        if last in ("road", "subroad", "community") and len(parts) == 2 and text[unit - 1] == "号" and values[0] < values[1] <= values[0] + 60:
            self.add("roadno" if last != "subroad" else "subroadno", start, unit)
            return
        if last == "poi" and not self.has & {"road", "houseno"} and len(parts) == 2 and text[unit - 1] == "号" and values[0] < values[1] <= values[0] + 60:
            self.add("houseno", start, unit)
            return
        labels: list[Label]
        if last in ("road", "community") and "roadno" not in self.has:
            labels = (_CHAIN_ROAD, _CHAIN_ROAD_ROOM, _CHAIN_ROAD_UNIT)[len(parts) - 2]
        elif self.has & {"houseno"}:
            labels = (_CHAIN_UNIT, _CHAIN_UNIT_FLOOR, [*_CHAIN_UNIT_FLOOR, "redundant"])[len(parts) - 2]
        elif self.has & {"cellno", "floorno"}:
            labels = ["roomno"]
        else:
            two: list[Label] = ["houseno", "roomno"] if values[1] > 99 else ["houseno", "cellno"]
            labels = (two, ["houseno", *_CHAIN_UNIT], ["houseno", *_CHAIN_UNIT_FLOOR])[len(parts) - 2]
        if len(labels) == 1:
            self.add(labels[0], start, unit)
            return
        for at, ((a, b), label) in enumerate(zip(parts, labels, strict=False)):
            if at:
                self.add("redundant", parts[at - 1][1], a)
            self.add(label, a, unit if at == len(parts) - 1 else b)

    def read(self) -> None:
        text, n = self.text, self.length
        i = self.divisions(0)
        while i < n:
            found = p.TOKEN.match(text, i)
            if found is None or found.end() == i:
                following = p.TOKEN.search(text, i + 1)
                end = following.start() if following else n
                self.names(i, end)
                i = end
                continue
            kind = found.lastgroup or "sep"
            i = found.end()
            if kind in ("sep", "noise"):
                self.add("redundant", found.start(), i)
                if not self.has & _BELOW_DIVISIONS:
                    i = self.divisions(i)
            elif kind in ("chain", "chainunit"):
                self.chain(found.start(), found.end("chain"), i)
            else:
                self.number(kind, found.start(), i)


_SAID = {"prov": 1, "city": 2, "district": 3, "town": 4}
_ROADS = {"road", "subroad"}
_BELOW_DIVISIONS = {"road", "roadno", "poi", "houseno", "roomno", "community"}


class Reading(NamedTuple):
    """A text that was read: its elements, and the place (prefix of a division's code) that its divisions name ("" where they name none)."""

    elements: list[Element]
    place: str


def read(text: str, gazetteer: Gazetteer = EMPTY, within: str = "") -> Reading:
    """The elements of an address, in order; their spans cover the text (at most LONGEST characters of it) without overlap. `within`: the place in
    which it is known to lie, when its words need not say it."""
    text = text[:LONGEST]
    reader = _Reader(fold(text), gazetteer)
    reader.place, reader.level = within, {2: 1, 4: 2, 6: 3, 9: 4}.get(len(within), 0 if len(within) < 2 else 4)
    reader.read()
    return Reading([Element(label, start, end, text[start:end]) for label, start, end in reader.out], reader.place)


def parse(text: str, gazetteer: Gazetteer = EMPTY) -> list[Element]:
    """The same without the place."""
    return read(text, gazetteer).elements
