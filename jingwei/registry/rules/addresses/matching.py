"""How well a written address fits a standard one, element by element, and why. A weighed sum that a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

from jingwei.kit.text import T
from jingwei.registry.rules.addresses.normal import normal
from jingwei.registry.rules.addresses.parse import Element, Label, Reading

Verdict = Literal["agrees", "alike", "differs", "missing", "unsaid"]
Kind = Literal["road", "estate", "village", "number", "building"]
DIVISIONS = frozenset({"country", "prov", "city", "district", "town"})
_NAMES: tuple[Label, ...] = ("road", "subroad", "poi", "subpoi", "community", "devzone", "person")
# What each element weighs. The name leads to the street or estate, the number to the door; the district tells streets of one name apart.
WEIGHTS = {"name": 50, "number": 30, "building": 15, "division": 12, "near": 5}
LIKE = 0.5  # names less alike than this are different ones
TITLES = {
    "division": T("行政区划", "division"),
    "name": T("路名或小区", "street or estate"),
    "number": T("门牌号", "number"),
    "building": T("楼栋", "building"),
    "unit": T("单元", "unit"),
    "floor": T("楼层", "floor"),
    "room": T("房间", "room"),
}
_WORDS: dict[Verdict, T] = {
    "agrees": T("一致", "agrees"),
    "alike": T("相近", "alike"),
    "differs": T("不同", "differs"),
    "missing": T("标准地址中没有", "not in the register"),
    "unsaid": T("文字中未写", "not in the text"),
}


class Reason(NamedTuple):
    """One element compared: `said` in the text, `standard` in the register."""

    element: str
    verdict: Verdict
    said: str
    standard: str

    def words(self) -> T:
        title, verdict = TITLES[self.element], _WORDS[self.verdict]
        said = self.said if self.verdict in ("agrees", "missing") or not self.standard else self.standard if not self.said else f"{self.said} / {self.standard}"
        return T(f"{title.zh}{verdict.zh}：{said}", f"{title.en} {verdict.en}: {said}")


class Parts(NamedTuple):
    """What a text asks for: names that may be the street, estate or village; the number there; building, unit, floor, room; and where."""

    names: tuple[str, ...]
    number: str
    building: str
    unit: str
    floor: str
    room: str
    place: str
    division: str
    joint: str = ""  # 416-1 on a street: a number, or a building of 416号
    second: str = ""  # another building: on a street whose suffix is left out the first figure is the number


_BUILDING = re.compile(r"[A-Z0-9]+(?:幢|号|座)$")


def _joined(reading: Reading) -> list[Element]:
    """The elements; 11-1号 on a street is one number."""
    elements: list[Element] = []
    for e in reading.elements:
        if e.label == "houseno" and e.text[-1] == "号" and len(elements) > 1 and elements[-1].text in "-－—" and elements[-2].label == "roadno":
            number, dash = elements[-2:]
            elements[-2:] = [Element("roadno", number.start, e.end, number.text + dash.text + e.text)]
        else:
            elements.append(e)
    return elements


def _joint(elements: list[Element]) -> str:
    for number, dash, building in zip(elements, elements[1:], elements[2:], strict=False):
        if number.label == "roadno" and dash.text in "-－—" and building.label == "houseno":
            return normal(number.text + "-" + building.text)
    return ""


def parts_of(reading: Reading) -> Parts:
    """The parts of a read text, in normal form. The last name of a kind counts; a number without a street is a building's."""
    first: dict[str, str] = {}
    names: list[str] = []
    elements = _joined(reading)
    buildings = []
    for label, _, _, text in elements:
        name = normal(text) if label in _NAMES else ""
        if label == "houseno" or (label == "subpoi" and _BUILDING.match(name)):
            buildings.append(normal(text))
        elif name and name not in names:
            names.append(name)
        first.setdefault(label, text)
    number = normal(first.get("roadno", first.get("subroadno", first.get("group", ""))))
    division = "".join(e.text for e in reading.elements if e.label in DIVISIONS)
    order = sorted(names, key=lambda name: next(i for i, label in enumerate(_NAMES) for e in reading.elements if e.label == label and normal(e.text) == name))
    return Parts(
        tuple(order[:5]),
        number,
        buildings[0] if buildings else "",
        figure(first.get("cellno", "")),
        figure(first.get("floorno", "")),
        figure(first.get("roomno", "")),
        reading.place,
        division,
        _joint(elements),
        buildings[1] if len(buildings) > 1 else "",
    )


def figure(text: str) -> str:
    """3单元 → 3, 二单元 → 2, 1201室 → 1201, 负一层 → -1, 甲单元 → 甲."""
    plain = normal(text + "号" if text and text[-1] in "零一二三四五六七八九十" else text)
    below = plain.startswith(("负", "地下", "B")) and plain.endswith("层")
    figure = plain.removeprefix("负").removeprefix("地下")
    for unit in ("单元", "门洞", "层", "室", "号", "户", "梯", "门", "单"):
        figure = figure.removesuffix(unit)
    return f"-{figure.removeprefix('B')}" if below else figure


_UNITS: dict[Label, str] = {"houseno": "幢", "cellno": "单元"}
_LEFT_OUT = DIVISIONS | {"redundant", "assist", "distance"}


def core(reading: Reading) -> str:
    """The normal form without divisions and what is too many; a figure has its unit (12-3-1001 → 12幢3单元1001), a floor stands only where no room
    does. Under it a text that was written in full is found at once."""
    said, room = [], any(e.label == "roomno" for e in reading.elements)
    for label, _, _, text in _joined(reading):
        if label in _LEFT_OUT or (label == "floorno" and room):
            continue
        plain = figure(text) if label == "roomno" else normal(text)
        unit = _UNITS.get(label, "")
        said.append(f"{figure(text)}单元" if label == "cellno" else plain + unit if unit and plain[-1:].isdigit() else plain)
    return "".join(said)


def room_key(address_key: str, unit: str, number: str) -> str:
    """The key of a room: what `core` makes of its whole address. `address_key`: that of its building's address."""
    return address_key + (f"{figure(unit)}单元" if unit else "") + figure(number)


def path(parts: Parts, labels: Iterable[str]) -> list[tuple[Kind, str]]:
    """The nodes of the tree, from the top down, that a text names: street (or estate, or village), number, building. Empty when it names none.
    `labels`: those of its elements."""
    has = set(labels)
    if not parts.names:
        return []
    top: Kind = "road" if has & {"road", "subroad"} else "estate" if "poi" in has else "village"
    nodes: list[tuple[Kind, str]] = [(top, parts.names[0])]
    if parts.number:
        nodes.append(("number", parts.number + "号" * parts.number[-1].isdigit()))
    if parts.building:
        nodes.append(("building", parts.building + "号楼" * parts.building[-1].isdigit()))
    return nodes


def endings(parts: Parts) -> list[str]:
    """What may follow a street's or estate's key in the key of the node that is meant; people mix up 号, 弄 and 幢."""
    numbers = _written(parts.number, "号弄")
    buildings = _written(parts.building, "幢号座弄")
    found = [*numbers, *buildings, *(n + b for n in numbers for b in buildings)]
    if parts.joint:
        found.append(parts.joint + "号")
    if not parts.number and parts.second:
        found += [n + b for n in _written(parts.building, "号弄") for b in _written(parts.second, "幢号座")]
    if not parts.number and not parts.building and parts.room:  # 南京东100: a bare number is a number all the same
        found += _written(parts.room, "号弄")
    return list(dict.fromkeys(found))


def _written(figure: str, units: str) -> list[str]:
    if not figure:
        return []
    bare = figure.rstrip("号弄幢座")
    return list(dict.fromkeys([figure, *(bare + unit for unit in units)]))


def pieces(name: str) -> list[str]:
    """The pairs of letters by which a name with a slip of the pen is still found; a pair that ends a thousand names finds too much."""
    pairs = [a + b for a, b in pairwise(name)]
    telling = [pair for pair in pairs if pair not in _ENDINGS]
    return (telling or pairs)[:8]


_ENDINGS = frozenset(
    {
        "东路",
        "西路",
        "南路",
        "北路",
        "中路",
        "公路",
        "大道",
        "小区",
        "花园",
        "大街",
        "新村",
        "大厦",
        "广场",
        "一路",
        "二路",
        "三路",
        "公司",
        "中心",
        "(店",
        "店)",
    }
)


def slips(name: str) -> list[str]:
    """The name with one letter unknown, each in turn ("_"): how it is found with a slip of the pen. Only short ones: long ones have pairs enough."""
    return [name[:i] + "_" + name[i + 1 :] for i in range(len(name))] if 3 <= len(name) <= 6 else []


def likeness(one: str, other: str) -> float:
    """0 to 1: how much of two names is the same. One that is the beginning of the other (南京东, 南京东路) is nearly it."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    if len(one) > 1 and other.startswith(one) and len(other) - len(one) < 3:
        return 0.9
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _alike(one: str, other: str) -> bool:
    """The same figure with another unit: 100号, 100弄."""
    figure = one.rstrip("号弄幢座")
    return bool(figure) and figure == other.rstrip("号弄幢座")


class Standard(NamedTuple):
    """A standard address to compare with: names of its nodes by kind ("" for none), its other names, its place, metres to where one looks, and
    whether its top is a street."""

    top: str
    number: str
    building: str
    others: Sequence[str]
    place: str
    division: str
    metres: float | None = None
    street: bool = False


class Match(NamedTuple):
    score: float
    reasons: list[Reason]


def compare(parts: Parts, core_key: str, standard: Standard) -> Match:
    """A score of 0 to 100, and the reason for each element. 100: everything that the text says is there, and nothing more."""
    reasons: list[Reason] = []
    got, most = 0.0, 0.0
    # the name
    # the first name leads: of two streets that cross, the address is on the first
    alike, said = max(((likeness(name, normal(standard.top)) - 0.03 * n, name) for n, name in enumerate(parts.names)), default=(0.0, ""))
    if core_key and core_key in standard.others:
        alike, said = 1.0, core_key
    most += WEIGHTS["name"]
    got += WEIGHTS["name"] * (alike if alike >= LIKE else 0)
    reasons.append(
        Reason(
            "name", "agrees" if (alike > 0.9 and said == normal(standard.top)) or alike == 1 else "alike" if alike >= LIKE else "differs", said, standard.top
        )
    )
    # number and building
    number, building = parts.number, parts.building
    there_number, there_building = normal(standard.number), normal(standard.building)
    if standard.street and not there_number:  # what stands on a street without a number has its own for one
        there_number, there_building = there_building, ""
    if parts.joint and there_number == parts.joint + "号":
        number, building = parts.joint, ""
    elif not number and (standard.street or not building):  # 南京东100号: on a street whose suffix is left out the first figure is the number
        number, building = (building, parts.second) if building else (parts.room, "")
    for element, wanted, there in (("number", number, there_number), ("building", building, there_building)):
        weight = WEIGHTS[element]
        if not wanted and not there:
            continue
        most += weight
        same = bool(wanted) and (wanted == there or wanted + "号" == there or wanted + "幢" == there)
        if same:
            got += weight
            reasons.append(Reason(element, "agrees", wanted, there))
        elif not there:
            got += weight * 0.25
            reasons.append(Reason(element, "missing", wanted, ""))
        elif not wanted:
            got += weight * 0.5 if element == "building" else weight * 0.2
            reasons.append(Reason(element, "unsaid", "", there))
        else:
            near = _alike(wanted, there)
            got += weight * (0.7 if near else 0)
            reasons.append(Reason(element, "alike" if near else "differs", wanted, there))
    # divisions
    if parts.place and standard.place:
        most += WEIGHTS["division"]
        fits = standard.place.startswith(parts.place) or parts.place.startswith(standard.place)
        got += WEIGHTS["division"] if fits else 0
        reasons.insert(0, Reason("division", "agrees" if fits else "differs", parts.division, "" if fits else standard.division))
    if standard.metres is not None:
        most += WEIGHTS["near"]
        got += WEIGHTS["near"] * max(0.0, 1 - standard.metres / 5000)
    return Match(round(100 * got / most, 1) if most else 0.0, reasons)
