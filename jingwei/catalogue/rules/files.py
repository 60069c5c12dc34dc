"""How the catalogue's tables are written: a CSV with `# key: value` lines on top, readable to a city's clerk.

The columns may be named in English or Chinese; so may kinds, units, and yes or no. What Excel saves in GBK is read too.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T

COLUMNS = {
    "种类": "kind",
    "代码": "code",
    "名称": "name",
    "英文名": "name_en",
    "大类代码": "major_code",
    "大类": "major_name",
    "业务板块": "module",
    "编号": "number",
    "立案条件": "condition",
    "结案条件": "close_condition",
    "时限": "limit_value",
    "时限单位": "limit_unit",
    "地方": "local",
    "起始日期": "first_date",
    "截止日期": "last_date",
    "生效日期": "valid_from",
    "失效日期": "valid_to",
    "顺序": "position",
    "事项": "matter",
    "区域": "area",
    "来源": "source",
    "日子": "days",
    "时段": "hours",
    "单位": "unit",
    "说明": "note",
    "标题": "title",
    "流程": "process",
    "动作": "move",
    "正文": "text",
}
WORDS = {
    "部件": "component",
    "事件": "event",
    "事项": "event",
    "放假": "holiday",
    "调休上班": "makeup",
    "上班": "makeup",
    "是": "yes",
    "否": "no",
    "紧急工作时": "urgent_hour",
    "工作时": "work_hour",
    "工作日": "work_day",
    "自然日": "natural_day",
    "每天": "any",
    "逢工作日": "workday",
    "逢休息日": "day_off",
}
_HEAD = re.compile(r"#\s*([a-z_]+)\s*[:：]\s*(.*)")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–—~]\s*([0-9]{1,2}):([0-9]{2})")


class Fault(Exception):
    """A row that can't be taken, and why."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = T(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class Sheet:
    """A file as read: what its head says, its rows with their line numbers; `broken` are lines that are no rows."""

    head: Mapping[str, str]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    broken: tuple[tuple[int, T, Mapping[str, str]], ...] = ()

    def said(self, key: str) -> str:
        """A line of the head. Invalid when it isn't there."""
        if not self.head.get(key):
            raise Invalid(errors=[FieldError(key, T(f"文件开头缺少“# {key}: …”一行", f"the line “# {key}: …” is missing at the top"))])
        return self.head[key]

    def said_date(self, key: str) -> date:
        """A date of the head."""
        try:
            return date.fromisoformat(self.said(key))
        except ValueError:
            raise Invalid(errors=[FieldError(key, T("日期应写作 2026-01-31", "write dates as 2026-01-31"))]) from None


def read_sheet(content: bytes, *, columns: Collection[str]) -> Sheet:
    """Split a file into its head and its rows. Invalid when it is no such table or lacks one of `columns`."""
    lines = _text(content).splitlines(keepends=True)
    head: dict[str, str] = {}
    first = 0
    while first < len(lines) and (lines[first].lstrip().startswith("#") or not lines[first].strip(", \t\r\n")):
        found = _HEAD.match(lines[first].strip().rstrip(",").strip('"'))
        if found:
            head[found[1]] = found[2].strip()
        first += 1
    try:
        table = list(csv.reader(io.StringIO("".join(lines[first:])), strict=True))
    except csv.Error as error:
        raise Invalid(T(f"不是有效的 CSV 文件：{error}", f"this is no CSV file: {error}")) from None
    names = [COLUMNS.get(c.strip(), c.strip()) for c in table[0]] if table else []
    missing = [c for c in columns if c not in names]
    if missing:
        raise Invalid(errors=[FieldError(c, T(f"缺少列 {c}", f"the column {c} is missing")) for c in missing])
    rows: list[tuple[int, Mapping[str, str]]] = []
    broken: list[tuple[int, T, Mapping[str, str]]] = []
    for line, cells in enumerate(table[1:], start=first + 2):
        if not any(c.strip() for c in cells):
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        if len(cells) != len(names):
            broken.append((line, T("列数与表头不符", "not as many columns as the header"), row))
        else:
            rows.append((line, row))
    return Sheet(head, tuple(rows), tuple(broken))


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(T("文件编码应为 UTF-8 或 GBK", "the file must be in UTF-8 or GBK"))


def word(row: Mapping[str, str], column: str, longest: int, *, empty: bool = False) -> str:
    """Text of at most `longest` characters."""
    text = row.get(column, "")
    if not text and not empty:
        raise Fault(f"{column} 不能为空", f"{column} must not be empty")
    if len(text) > longest:
        raise Fault(f"{column} 超过 {longest} 个字", f"{column} is longer than {longest} characters")
    return text


def choice(row: Mapping[str, str], column: str, known: Collection[str], *, default: str | None = None) -> str:
    """One of `known`, in English or Chinese."""
    text = row.get(column, "")
    text = WORDS.get(text, text) if text not in known else text
    if not text and default is not None:
        return default
    if text not in known:
        raise Fault(f"{column} 应为 {'、'.join(known)} 之一，不是“{text}”", f"{column} must be one of {', '.join(known)}, not “{text}”")
    return text


def number(row: Mapping[str, str], column: str, low: int, high: int) -> int:
    """A whole number within bounds."""
    text = row.get(column, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise Fault(f"{column} 应为 {low} 到 {high} 的整数，不是“{text}”", f"{column} must be a whole number from {low} to {high}, not “{text}”")
    return int(text)


def day(row: Mapping[str, str], column: str, default: date | None = None) -> date | None:
    """A date; empty or no such column: `default`."""
    text = row.get(column, "")
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{column} 应写作 2026-01-31，不是“{text}”", f"write {column} as 2026-01-31, not “{text}”") from None


def period(row: Mapping[str, str], start: date, end: date | None = None) -> tuple[date, date | None]:
    """valid_from (by default `start`) and valid_to (by default `end`; "-" is none at all)."""
    first, last = day(row, "valid_from") or start, None if row.get("valid_to") == "-" else day(row, "valid_to", end)
    if last and last <= first:
        raise Fault("失效日期应晚于生效日期", "valid_to must be later than valid_from")
    return first, last


def yes(row: Mapping[str, str], column: str) -> bool:
    return choice(row, column, ("yes", "no"), default="no") == "yes"


def hours(text: str) -> tuple[time, time]:
    """ "08:00-12:00" """
    found = _HOURS.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        a, b, c, d = map(int, found.groups())
        start, end = time(a, b), time(c, d)
    except ValueError:
        raise Fault(f"时段应写作 08:00-12:00，不是“{text}”", f"write hours as 08:00-12:00, not “{text}”") from None
    if start == end:
        raise Fault("时段的起止时间相同", "the hours start when they end")
    return start, end


def office_hours(text: str) -> tuple[tuple[time, time], ...]:
    """ "08:00-12:00 14:00-18:00": spans in order that do not overlap."""
    spans = tuple(hours(span) for span in text.split())
    flat = [moment for span in spans for moment in span]
    if not spans or any(a >= b for a, b in pairwise(flat)):
        raise Fault("办公时间应按先后写，互不重叠", "office hours must be in order and not overlap")
    return spans
