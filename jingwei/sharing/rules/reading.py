"""One row of another system's file, read by a mapping: what it says in our words, or why it is refused."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jingwei.kit.text import T
from jingwei.sharing.rules.mapping import PART, Mapping

Cells = Sequence[str]
Template = Callable[[Cells], str]
# What no text of ours may hold: control characters, and bytes that were not of the file's encoding.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
EARLIEST, LATEST = 2000, 2100


@dataclass(frozen=True, slots=True)
class MoveSaid:
    """A move that the source reports. Not `dated`: it does not say when; `at` is then the last time that it gave."""

    move: str
    at: datetime
    dated: bool
    unit: bool
    form: dict[str, str]
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseSaid:
    """A case that the source reports, in our codes."""

    line: int
    number: str
    opened_at: datetime
    matter: str
    unit: str
    place: str
    x: float | None
    y: float | None
    source: str
    text: str
    address: str
    due_at: datetime | None
    facts: dict[str, str]
    moves: tuple[MoveSaid, ...]


class RowRefused(Exception):
    """A row that is not taken, and why."""

    def __init__(self, zh: str, en: str) -> None:
        self.reason = T(zh, en)
        super().__init__(en)


class HeaderFault(ValueError):
    """The file lacks columns that the mapping names."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(", ".join(missing))


class Reader:
    """Reads the rows of one file. `key_of` answers what a row counts under (unit, class, month), also of a refused one."""

    def __init__(self, mapping: Mapping, header: Cells) -> None:
        missing = [c for c in mapping.columns() if c not in header]
        if missing:
            raise HeaderFault(missing)
        self.mapping, self.width = mapping, len(header)
        self._at = {name: i for i, name in enumerate(header)}
        compile, m = self._template, mapping
        self._number, self._opened, self._text = compile(m.case["number"]), compile(m.case["opened_at"]), compile(m.case["text"])
        self._address, self._due = compile(m.case["address"]), compile(m.case["due_at"])
        self._matter, self._unit, self._place = compile(m.matter_key), compile(m.unit_key), compile(m.place_key)
        self._x, self._y, self._source, self._status = compile(m.x), compile(m.y), compile(m.source_key), compile(m.status_key)
        self._facts = [(name, compile(t)) for name, t in m.facts.items()]
        self._moves = [(v, compile(v.at), [(k, compile(t)) for k, t in v.form.items()], [(k, compile(t)) for k, t in v.facts.items()]) for v in m.moves]
        self._places = {key: _significant(code) for key, code in m.places.items()}
        self._zone: ZoneInfo = m.zone
        self._parse = _parser(m.time_format)
        self._known = None if any(v.when is None for v in m.moves) and not m.status_key else self._statuses()
        self._seen: dict[str, int] = {}

    def _statuses(self) -> frozenset[str]:
        return self.mapping.open_statuses.union(*(v.when or () for v in self.mapping.moves))

    def _template(self, text: str) -> Template:
        """A template as a function of the row; a lone column is a look-up."""
        parts = PART.split(text)
        if len(parts) == 1:
            return lambda cells: text
        if len(parts) == 3 and parts[0] == parts[2] == "":
            i = self._at[parts[1]]
            return lambda cells: cells[i]
        pieces = [self._at[p] if n % 2 else p for n, p in enumerate(parts)]
        return lambda cells: "".join([cells[p] if isinstance(p, int) else p for p in pieces])

    def key_of(self, cells: Cells) -> tuple[str, str, str]:
        """Unit, class (our codes; the source's own words where they are unknown) and month of a row; "?" for no month."""
        if len(cells) != self.width:
            return "?", "?", "?"
        unit, matter = self._unit(cells), self._matter(cells)
        try:
            month = f"{self._parse(self._opened(cells)):%Y-%m}"
        except ValueError:
            month = "?"
        return self.mapping.units.get(unit, unit), self.mapping.matters.get(matter, matter), month

    def read(self, line: int, cells: Cells) -> CaseSaid:
        """The case that a row reports. Raises RowRefused with the first thing that is wrong."""
        if len(cells) != self.width:
            raise RowRefused("列数与表头不符", "not as many columns as the header")
        if UNFIT.search("\t".join(cells)):
            raise RowRefused("含有无法保存的字符，或编码与对照不符", "it has characters that can't be kept, or another encoding than the mapping says")
        m = self.mapping
        number = self._number(cells).strip()
        if number in m.empty or len(number) > 50:
            raise RowRefused("编号为空或超过 50 字", "the number is empty or longer than 50 characters")
        if number in self._seen:
            raise RowRefused(f"编号 {number} 在第 {self._seen[number]} 行已出现", f"the number {number} stands in line {self._seen[number]} already")
        opened_at = self._time(self._opened(cells))
        if opened_at is None:
            raise RowRefused("没有上报时间", "there is no opening time")
        matter = self._code("事项", "class", self._matter(cells), m.matters)
        unit = self._code("单位", "unit", self._unit(cells), m.units)
        x, y = self._point(cells)
        place = m.area
        if m.place_key:
            place = self._code("地点", "place", self._place(cells), self._places)
        elif x is None:
            raise RowRefused("没有坐标", "there is no position")
        text = self._text(cells).strip()
        if not text:
            raise RowRefused("没有内容", "there is no text")
        moves = self._read_moves(cells, opened_at)
        self._seen[number] = line
        return CaseSaid(
            line=line, number=number, opened_at=opened_at, matter=matter, unit=unit, place=place, x=x, y=y, source=self._said_source(cells),
            text=text, address=self._address(cells).strip(), due_at=self._time(self._due(cells)), moves=moves,
            facts={name: value for name, t in self._facts if (value := t(cells)) not in m.empty},
        )  # fmt: skip

    def _read_moves(self, cells: Cells, opened_at: datetime) -> tuple[MoveSaid, ...]:
        status = self._status(cells)
        if self._known is not None and status not in self._known:
            raise RowRefused(f"未知的状态“{status}”", f'unknown status "{status}"')
        moves, last = [], opened_at
        for move, at_of, form, facts in self._moves:
            if move.when is None or status in move.when:
                at = self._time(at_of(cells)) if move.at else None
                if at is not None:
                    if at < last:
                        raise RowRefused(f"“{move.move}”的时间 {at} 早于上一步", f'the time of "{move.move}", {at}, lies before the last step')
                    last = at
                moves.append(MoveSaid(move.move, last, at is not None, move.unit, {k: t(cells) for k, t in form}, {k: t(cells) for k, t in facts}))
        return tuple(moves)

    def _code(self, zh: str, en: str, key: str, table: Map[str, str]) -> str:
        key = key.strip()
        if key in self.mapping.empty:
            raise RowRefused(f"没有{zh}", f"there is no {en}")
        found = table.get(key)
        if found is None:
            raise RowRefused(f"未知的{zh}“{key}”", f'unknown {en} "{key}"')
        return found

    def _time(self, text: str) -> datetime | None:
        if text in self.mapping.empty:
            return None
        try:
            at = self._parse(text)
        except ValueError:
            raise RowRefused(f"时间“{text}”不合格式", f'the time "{text}" is not of the format') from None
        if not EARLIEST <= at.year <= LATEST:
            raise RowRefused(f"时间“{text}”不在 {EARLIEST} 至 {LATEST} 年之间", f'the time "{text}" is not between {EARLIEST} and {LATEST}')
        return at.replace(tzinfo=self._zone) if at.tzinfo is None else at

    def _point(self, cells: Cells) -> tuple[float | None, float | None]:
        if not self.mapping.crs:
            return None, None
        x, y = self._x(cells).strip(), self._y(cells).strip()
        if x in self.mapping.empty and y in self.mapping.empty:
            return None, None
        try:
            lon, lat = float(x), float(y)
        except ValueError:
            raise RowRefused(f"坐标“{x} {y}”不是数字", f'the position "{x} {y}" is not two numbers') from None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # also refuses nan
            raise RowRefused(f"坐标“{x} {y}”超出范围", f'the position "{x} {y}" is off the earth')
        return lon, lat

    def _said_source(self, cells: Cells) -> str:
        m = self.mapping
        said = self._source(cells)
        source = m.sources.get(said, m.source_default)
        if not source:
            raise RowRefused(f"未知的来源“{said}”", f'unknown source "{said}"')
        return source


def _significant(code: str) -> str:
    """The place (prefix) that a division's 12 digits or a grid's 15 stand for."""
    kept = code.rstrip("0")
    return code if len(code) > 12 else next((kept.ljust(n, "0") for n in (2, 4, 6, 9, 12) if len(kept) <= n), kept)


# Formats that `datetime.fromisoformat` reads too, ten times faster than `strptime`. A Z in a format is a letter, no time zone.
_ISO = {
    "%Y-%m-%d %H:%M:%S": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    "%Y-%m-%dT%H:%M:%S": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    "%Y-%m-%dT%H:%M:%S.%fZ": re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z"),
}


def _parser(format: str) -> Callable[[str], datetime]:
    shape, iso = _ISO.get(format), datetime.fromisoformat

    def parse(text: str) -> datetime:
        found = shape.fullmatch(text) if shape else None
        return iso(found[found.re.groups]) if found else datetime.strptime(text, format)

    return parse
