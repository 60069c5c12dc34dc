"""The mapping of another system's cases: a small TOML file that a clerk can read, and the tables beside it.

Every value is a template: text in which `{COLUMN}` stands for a cell of the row. docs/guides/import-cases.md is its manual.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jingwei.kit.codes import is_place
from jingwei.kit.coords import SYSTEMS
from jingwei.kit.text import T

NAME = re.compile(r"[a-z0-9_]{1,30}")
PART = re.compile(r"\{([^{}]+)\}")
# What each section may say; a key with `!` is required.
SECTIONS: dict[str, str] = {
    "file": "encoding delimiter empty",
    "time": "zone! format!",
    "case": "number! opened_at! text! address due_at",
    "matter": "edition! key! table!",
    "unit": "key! table!",
    "place": "area! key table",
    "point": "crs! x! y!",
    "source": "key values default",
    "status": "key open",
    "facts": "*",
    "prepare": "divisions units matters boundaries grids_from",
}
REQUIRED = ("time", "case", "matter", "unit", "place")
MOVE_KEYS = "move! when at unit form facts"
TEXTS = {
    "encoding",
    "delimiter",
    "zone",
    "format",
    "number",
    "opened_at",
    "text",
    "address",
    "due_at",
    "edition",
    "key",
    "table",
    "area",
    "crs",
    "x",
    "y",
    "default",
    "divisions",
    "units",
    "matters",
    "grids_from",
    "move",
    "at",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a mapping, and where: the line of the file and the key."""

    line: int
    key: str
    message: T


class MappingFaults(ValueError):
    """The mapping can't be used; every fault is in `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(f"{f.line} {f.key}: {f.message.en}" for f in faults))


@dataclass(frozen=True)
class Move:
    """One move of every case whose status is in `when` (None: of all). Without `at` the source does not say when it was."""

    move: str
    when: frozenset[str] | None
    at: str
    unit: bool
    form: Map[str, str]
    facts: Map[str, str]


@dataclass(frozen=True)
class Mapping:
    """A mapping as read and checked. Templates are text; tables are key in the source → code here."""

    name: str
    process: str
    encoding: str
    delimiter: str
    empty: frozenset[str]
    zone: ZoneInfo
    time_format: str
    case: Map[str, str]
    edition: str
    matter_key: str
    matters: Map[str, str]
    unit_key: str
    units: Map[str, str]
    area: str
    place_key: str
    places: Map[str, str]
    crs: str
    x: str
    y: str
    source_key: str
    sources: Map[str, str]
    source_default: str
    status_key: str
    open_statuses: frozenset[str]
    facts: Map[str, str]
    moves: tuple[Move, ...]
    prepare: Map[str, Any]

    def templates(self) -> list[str]:
        """Every template, so that the columns that they name can be looked for in the file's header."""
        moves = [t for m in self.moves for t in (m.at, *m.form.values(), *m.facts.values())]
        return [*self.case.values(), self.matter_key, self.unit_key, self.place_key, self.x, self.y, self.source_key, self.status_key,
                *self.facts.values(), *moves]  # fmt: skip

    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for t in self.templates() for name in PART.findall(t)))

    def command(self, number: str, move: str = "") -> str:
        """The key under which a case, or one of its moves, comes in once."""
        return f"import:{self.name}:{number}" + (f":{move}" if move else "")


def read_mapping(text: str, table: Callable[[str], str], *, sources: Sequence[str], moves: Sequence[str]) -> Mapping:
    """A mapping from its TOML. `table` answers the text of a CSV beside it (OSError when there is none); `sources` and
    `moves` are the words that the catalogue knows. Raises MappingFaults with all that is wrong, line by line."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise MappingFaults([Fault(int(line[1]) if line else 1, "TOML", T(f"不是有效的 TOML：{error}", f"this is not TOML: {error}"))]) from None
    return _Reader(text, document, table, sources, moves).read()


class _Reader:
    def __init__(self, text: str, document: dict[str, Any], table: Callable[[str], str], sources: Sequence[str], moves: Sequence[str]) -> None:
        self.lines, self.document, self.table, self.sources, self.known_moves = text.splitlines(), document, table, sources, moves
        self.faults: list[Fault] = []

    def read(self) -> Mapping:
        d = self.document
        self._words("", d, "name! title process move " + " ".join(SECTIONS))
        for section in REQUIRED:
            if section not in d:
                self.fault("", section, "缺少这一节", "this section is missing")
        for section, words in SECTIONS.items():
            if not isinstance(d.get(section, {}), dict):
                self.fault("", section, "应为一节 [" + section + "]", "this must be a section")
                d[section] = {}
            elif section in d:
                self._words(section, d[section], words)
        if "name" in d and not NAME.fullmatch(str(d["name"])):
            self.fault("", "name", "只能用小写字母、数字和下划线，最多 30 位", "only small letters, digits and underscores, at most 30")
        found = Mapping(
            name=str(d.get("name", "")), process=str(d.get("process", "imported")),
            encoding=self._encoding(), delimiter=self._delimiter(), empty=frozenset(("", *self._list("file", "empty"))),
            zone=self._zone(), time_format=self._get("time", "format"),
            case={k: self._get("case", k) for k in ("number", "opened_at", "text", "address", "due_at")},
            edition=self._get("matter", "edition"), matter_key=self._get("matter", "key"), matters=self._table("matter", "table"),
            unit_key=self._get("unit", "key"), units=self._table("unit", "table"),
            area=self._area(), place_key=self._get("place", "key"), places=self._table("place", "table"),
            crs=self._crs(), x=self._get("point", "x"), y=self._get("point", "y"),
            source_key=self._get("source", "key"), sources=self._sources(), source_default=self._get("source", "default"),
            status_key=self._get("status", "key"), open_statuses=frozenset(self._list("status", "open")),
            facts=self._templates("facts", d.get("facts", {})), moves=self._moves(), prepare=d.get("prepare", {}),
        )  # fmt: skip
        for value, key in ((found.source_default, "default"), *((v, "values") for v in found.sources.values())):
            if value and value not in self.sources:
                self.fault("source", key, f"没有来源 {value}；有：{'、'.join(self.sources)}", f"no source {value}; there are {', '.join(self.sources)}")
        if not found.source_key and not found.source_default:
            self.fault("source", "default", "请写明来源", "say where the cases come from")
        if found.place_key and "table" not in d.get("place", {}):
            self.fault("place", "table", "有 key 就要有 table", "a key needs a table")
        if not found.place_key and not found.x:
            self.fault("place", "key", "地点须由 [place] key 或 [point] 给出", "the place comes from a key here or from [point]")
        if self.faults:
            raise MappingFaults(sorted(self.faults, key=lambda f: f.line))
        return found

    def fault(self, section: str, key: str, zh: str, en: str, nth: int = 0) -> None:
        self.faults.append(Fault(self._line(section, key, nth), f"{section}.{key}" if section else key, T(zh, en)))

    def _line(self, section: str, key: str, nth: int) -> int:
        """Where a key stands; the section's own line when it isn't there, the first line when neither is."""
        here, line, seen = "", 1, -1
        for number, text in enumerate(self.lines, 1):
            if found := re.match(r"\s*\[+\s*([^\]\s]+)\s*\]+", text):
                here = found[1]
                seen += here == section == "move"
                if here == section and (section != "move" or seen == nth):
                    line = number
                if section == "" and here.split(".")[0] == key:
                    return number
            elif here == section and (section != "move" or seen == nth) and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[.=]", text):
                return number
        return line

    def _words(self, section: str, values: dict[str, Any], words: str, nth: int = 0) -> None:
        known = [w.rstrip("!") for w in words.split()]
        for key, value in values.items():
            if "*" not in known and key not in known:
                self.fault(section, key, f"没有这一项；有：{'、'.join(known)}", f"there is no such key; there are {', '.join(known)}", nth)
            elif key in (TEXTS if section else ("name", "process")) and not isinstance(value, str):
                self.fault(section, key, "应为文字", "this must be text", nth)
        for word in words.split():
            if word.endswith("!") and values.get(word[:-1]) in (None, ""):
                self.fault(section, word[:-1], "必须写明", "this is required", nth)

    def _get(self, section: str, key: str) -> str:
        value = self.document.get(section, {}).get(key, "")
        return value if isinstance(value, str) else ""

    def _list(self, section: str, key: str) -> list[str]:
        value = self.document.get(section, {}).get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fault(section, key, "应为文字的列表", "this must be a list of texts")
            return []
        return value

    def _templates(self, section: str, values: Any, nth: int = 0) -> dict[str, str]:
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            self.fault(section, "form" if section == "move" else section, "应为“名称 = 文字”", "this must be name = text", nth)
            return {}
        return dict(values)

    def _encoding(self) -> str:
        encoding = self._get("file", "encoding") or "utf-8-sig"
        try:
            "".encode(encoding)
        except LookupError:
            self.fault("file", "encoding", f"没有编码 {encoding}", f"there is no encoding {encoding}")
        return encoding

    def _delimiter(self) -> str:
        delimiter = self._get("file", "delimiter") or ","
        if len(delimiter) != 1:
            self.fault("file", "delimiter", "分隔符应为一个字符", "the delimiter is one character")
        return delimiter

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self._get("time", "zone") or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault("time", "zone", "时区不存在", "unknown time zone")
            return ZoneInfo("UTC")

    def _area(self) -> str:
        area = self._get("place", "area")
        if area and not is_place(area):
            self.fault("place", "area", "应为区划代码的有效位，如 440310", "this must be the digits of a place, such as 440310")
        return area

    def _crs(self) -> str:
        crs = self._get("point", "crs")
        if crs and crs not in SYSTEMS:
            self.fault("point", "crs", f"坐标系应为 {'、'.join(SYSTEMS)}", f"the system is one of {', '.join(SYSTEMS)}")
        return crs

    def _sources(self) -> dict[str, str]:
        return self._templates("source", self.document.get("source", {}).get("values", {}))

    def _table(self, section: str, key: str) -> dict[str, str]:
        name = self._get(section, key)
        if not name:
            return {}
        try:
            return read_table(self.table(name))
        except OSError:
            self.fault(section, key, f"没有文件 {name}", f"there is no file {name}")
        except ValueError as error:
            self.fault(section, key, f"{name}：{error.args[0].zh}", f"{name}: {error.args[0].en}")
        return {}

    def _moves(self) -> tuple[Move, ...]:
        values = self.document.get("move", [])
        if not isinstance(values, list):
            self.fault("", "move", "应写作 [[move]]", "write [[move]]")
            return ()
        moves = []
        for n, m in enumerate(values):
            self._words("move", m, MOVE_KEYS, n)
            when = m.get("when")
            if when is not None and not (isinstance(when, list) and all(isinstance(w, str) for w in when)):
                self.fault("move", "when", "应为状态的列表", "this must be a list of statuses", n)
                when = []
            if m.get("move") and m["move"] not in self.known_moves:
                self.fault("move", "move", f"流程里没有动作 {m['move']}", f"the process has no move {m['move']}", n)
            moves.append(Move(
                move=str(m.get("move", "")), when=None if when is None else frozenset(when), at=str(m.get("at", "")), unit=m.get("unit") is True,
                form=self._templates("move", m.get("form", {}), n), facts=self._templates("move", m.get("facts", {}), n),
            ))  # fmt: skip
        return tuple(moves)


def read_table(text: str) -> dict[str, str]:
    """key in the source → code here, of a CSV with the columns `source` and `code` (lines that begin with # are skipped).
    Raises ValueError(T)."""
    lines = [line for line in text.lstrip("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    rows = csv.DictReader(io.StringIO("".join(lines)))
    if not {"source", "code"} <= set(rows.fieldnames or ()):
        raise ValueError(T("缺少列 source 或 code", "the column source or code is missing"))
    found: dict[str, str] = {}
    for row in rows:
        source, code = (row["source"] or "").strip(), (row["code"] or "").strip()
        if source and code:
            if found.get(source, code) != code:
                raise ValueError(T(f"来源 {source} 写了两次", f"the source {source} stands twice"))
            found[source] = code
    return found
