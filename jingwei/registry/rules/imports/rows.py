"""From cells to what they say: each kind's row is read by one function, whose faults name the column and say what to do."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from jingwei.kit.text import T
from jingwei.registry.rules.days import written
from jingwei.registry.rules.imports.kinds import Kind

_FLOAT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_ZEROS = re.compile(r"-?[0-9]+\.0+")
_SERIAL = re.compile(r"[0-9]{3,5}(?:\.0+)?")
_SCIENTIFIC = T(
    "“{said}”是 Excel 的科学计数法，后几位已丢失；请把该列设为“文本”格式，从原始资料重新填写",
    "“{said}” is Excel's scientific notation and has lost its last digits; format the column as text and enter it anew",
)


class RowFault(Exception):
    """A row that can't be taken: why, in words that a person can act on."""

    def __init__(self, why: T, column: str = "") -> None:
        super().__init__(why.en)
        self.why, self.column = why, column


@dataclass(frozen=True)
class Plan:
    """How the cells of one file are read: (place of the cell, target) of each mapped column; `always`: what is meant where a row doesn't say it."""

    kind: Kind
    picks: tuple[tuple[int, str], ...]
    names: tuple[str, ...] = ()
    many: tuple[tuple[int, str, str], ...] = field(default=())
    always: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(kind: Kind, columns: Sequence[str], targets: Sequence[str], always: Mapping[str, str] | None = None) -> "Plan":
        mapped = [(place, target) for place, target in enumerate(targets) if target]
        picks = tuple((place, target) for place, target in mapped if not kind.columns[target].many)
        many = tuple((place, target, columns[place]) for place, target in mapped if kind.columns[target].many)
        return Plan(kind, picks, tuple(columns), many, always or {})

    def said(self, cells: Sequence[str | T]) -> dict[str, str]:
        """{target: text} of a line. Raises RowFault where a cell that is needed can't be relied on."""
        found = dict(self.always)
        for place, target in self.picks:
            cell = cells[place]
            if cell.__class__ is not str:
                raise RowFault(self._of(target, cell), target)  # type: ignore[arg-type]
            if cell and (text := cell.strip()):
                found[target] = text
        return found

    def more(self, cells: Sequence[str | T]) -> dict[str, str]:
        """What the columns that may be many hold, each under its own name."""
        return {name: cell.strip()[:500] for place, _, name in self.many if isinstance(cell := cells[place], str) and cell.strip()}

    def _of(self, target: str, why: T) -> T:
        title = self.kind.columns[target].title
        return why if why.zh.startswith(("单元格", "数字", "引号", "这一行", "这个要素")) else T(f"{title.zh}：{why.zh}", f"{title.en}: {why.en}")


def fault(kind: Kind, column: str, why: T) -> RowFault:
    title = kind.columns[column].title
    return RowFault(T(f"{title.zh}：{why.zh}", f"{title.en}: {why.en}"), column)


# -- cells ----------------------------------------------------------------------------------------------------------


def digits(text: str) -> str:
    """A number kept as text: what came through a float ("13800138000.0") loses its zeros. Scientific notation is refused."""
    if "." in text or "E" in text or "e" in text:
        if _ZEROS.fullmatch(text) and len(text.split(".")[0]) <= 15:
            return text.split(".")[0]
        if _FLOAT.fullmatch(text):
            raise RowFault(_SCIENTIFIC.format(said=text))
    return text.lstrip("'‘’`") if text and text[0] in "'‘’`" else text


@lru_cache(maxsize=50_000)
def day(text: str) -> date:
    """A day as people write it (rules.days), a month (its first), or Excel's serial number of a day. Raises RowFault."""
    if said := written(text):
        try:
            return date(said[0], said[1], said[2] or 1)
        except ValueError:
            raise RowFault(T(f"没有“{text}”这一天", f"there is no such day as “{text}”")) from None
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(plain) and 366 < float(plain) < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(float(plain)))
    raise RowFault(T(f"“{text[:30]}”不是日期（如 2026-01-31）", f"“{text[:30]}” is no date (write 2026-01-31)"))


def number(text: str, low: float, high: float, unit: str = "") -> float:
    """A number within bounds; its unit may stand behind it."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    plain = re.sub(r"(?:平方米|平米|㎡|m²|m2|米|m|层|F|个|年)$", "", plain, flags=re.IGNORECASE).strip()
    try:
        value = float(plain)
    except ValueError:
        raise RowFault(T(f"“{text[:30]}”不是数字", f"“{text[:30]}” is no number")) from None
    if not low <= value <= high:
        raise RowFault(T(f"应在 {low:g} 到 {high:g} 之间，不是 {value:g}", f"must be from {low:g} to {high:g}, not {value:g}"))
    return value


def whole(text: str, low: int, high: int) -> int:
    value = number(text, low, high)
    if value != int(value):
        raise RowFault(T(f"“{text[:30]}”不是整数", f"“{text[:30]}” is no whole number"))
    return int(value)


def choice(words: Mapping[str, str], text: str) -> str:
    """The code that a word stands for; blanks and case don't matter."""
    found = words.get(text) or words.get(text.strip().lower()) or words.get(text.split("（")[0].split("(")[0].strip())
    if found is None:
        known = "、".join(dict.fromkeys(words.values()))
        raise RowFault(T(f"“{text[:30]}”不在可选项之内（{known}）", f"“{text[:30]}” is none of {known}"))
    return found


def short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise RowFault(T(f"超过 {longest} 个字", f"longer than {longest} characters"))
    return text


Read = Callable[[str], object]


def each(kind: Kind, said: Mapping[str, str], readers: Mapping[str, Read]) -> dict[str, object]:
    """Each said column through its reader. Raises RowFault with every fault of the row in one."""
    found: dict[str, object] = {}
    faults: list[RowFault] = []
    for code, read in readers.items():
        if text := said.get(code):
            try:
                found[code] = read(text)
            except RowFault as wrong:
                faults.append(fault(kind, code, wrong.why))
    if faults:
        raise together(faults)
    return found


def together(faults: Sequence[RowFault]) -> RowFault:
    """Several faults of a row as one."""
    if len(faults) == 1:
        return faults[0]
    return RowFault(T("；".join(f.why.zh for f in faults), "; ".join(f.why.en for f in faults)), faults[0].column)


_VARYING = re.compile(r"“[^”]*”|[-+.0-9A-Z]*[0-9][-+.0-9A-Z]*")


def reason_key(why: T) -> T:
    """The reason without what differs from row to row, for counting how often it occurs."""
    return T(_VARYING.sub("…", why.zh)[:200], _VARYING.sub("…", why.en)[:200])
