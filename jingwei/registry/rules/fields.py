"""The field dictionary on plain values: what has to be said of a field before it is on, what a value of an own field may be, what can't be a field at all.

Sources: boundaries in docs/architecture.md; Personal Information Protection Law art. 6 (purpose), 13 (basis), 19 (the shortest period).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jingwei.kit.errors import FieldError
from jingwei.kit.text import T
from jingwei.registry.rules.forbidden import forbidden

THINGS = {
    "building": T("楼栋", "Building"),
    "room": T("房屋", "Room"),
    "resident": T("实有人口", "Resident"),
    "household": T("户", "Household"),
    "residency": T("居住", "Residency"),
    "organisation": T("单位", "Organisation"),
    "premises": T("经营场所", "Premises"),
    "component": T("部件", "Component"),
    "pledge": T("责任书", "Pledge"),
}
# Things whose table has `more`, where a city's own fields stand.
MAY_HAVE_OWN = ("building", "room", "resident", "organisation")
# Without these nothing of the kind can be registered; while one is off, registering is refused and says why.
NEEDED: Mapping[str, frozenset[str]] = {
    "room": frozenset({"number"}),
    "resident": frozenset({"name"}),
    "residency": frozenset({"room", "from_date"}),
    "organisation": frozenset({"name"}),
    "premises": frozenset({"organisation", "from_date"}),
    "component": frozenset({"code", "klass", "name", "geometry"}),
    "pledge": frozenset({"title", "kind", "signed_date"}),
}
SHARING = {
    "open": T("开放", "Open"),
    "unconditional": T("无条件共享", "Shared without condition"),
    "conditional": T("有条件共享", "Shared on condition"),
    "closed": T("不予共享", "Not shared"),
}
TYPES = {
    "text": T("文字", "Text"),
    "number": T("数字", "Number"),
    "date": T("日期", "Date"),
    "choice": T("选项", "Choice"),
    "yes_no": T("是否", "Yes or no"),
    "sealed": T("加密文字", "Sealed text"),
    "link": T("关联", "Link"),
    "geometry": T("位置", "Position"),
    "file": T("文件", "File"),
}
OWN_TYPES = ("text", "number", "date", "choice", "yes_no")
SAID = {
    "owner": T("责任单位", "owner"),
    "purpose": T("用途", "purpose"),
    "legal_basis": T("法律依据", "legal basis"),
    "retention_months": T("保存期限", "retention"),
    "sharing": T("共享属性", "sharing class"),
    "standard": T("标准", "standard"),
    "title": T("名称", "title"),
}
LONGEST_RETENTION = 600  # months: fifty years
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of the dictionary as it stands. `choices`: (code, title) of an own choice."""

    thing: str
    name: str
    title: T
    type: str = "text"
    choices: tuple[tuple[str, T], ...] = ()
    personal: bool = False
    own: bool = False
    owner_id: int | None = None
    owner: str = ""
    purpose: str = ""
    legal_basis: str = ""
    retention_months: int | None = None
    sharing: str = ""
    standard: str = ""
    is_on: bool = False
    version: int = 1
    described_by: int | None = None

    @property
    def needed(self) -> bool:
        """Whether nothing of its kind can be registered without it."""
        return self.name in NEEDED.get(self.thing, ())


def missing(field: FieldValue) -> dict[str, T]:
    """What has to be said before the field can be on: the names of `SAID`, each with what is wanted. Empty: it can be."""
    wanted = {
        name: T(f"请写明{said.zh}", f"say its {said.en}")
        for name, said in SAID.items()
        if (field.owner_id if name == "owner" else field.title.zh if name == "title" else getattr(field, name)) in (None, "")
    }
    if field.personal and field.retention_months == 0:
        wanted["retention_months"] = T("个人信息必须有保存期限，不能与对象同存", "a personal field needs an end of its retention")
    return wanted


def faults_of_own(thing: str, name: str, title: str, title_en: str, type: str, choices: Iterable[tuple[str, str]], personal: bool) -> list[FieldError]:
    """Why a field can't be defined, by its parts; what the register never records is refused by its title or name."""
    faults = []
    if thing not in MAY_HAVE_OWN:
        faults.append(FieldError("thing", T("这类对象不能增加自定义数据项", "this kind of thing takes no fields of one's own")))
    if not _NAME.fullmatch(name):
        faults.append(FieldError("name", T("以小写字母开头，只用小写字母、数字和下划线", "small letters, digits and _, beginning with a letter")))
    if not title.strip():
        faults.append(FieldError("title", SAID["title"].format()))
    if type not in OWN_TYPES:
        faults.append(FieldError("type", T("类型应为文字、数字、日期、选项或是否", "text, number, date, choice or yes_no")))
    codes = [code for code, _ in choices]
    if (type == "choice") != bool(codes):
        faults.append(FieldError("choices", T("选项类型须列出选项，其他类型不能有选项", "a choice lists what may be chosen, others do not")))
    if len(set(codes)) < len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        faults.append(FieldError("choices", T("选项代码不能重复，只用字母、数字、连字符", "codes of choices differ, and are letters, digits, - and _")))
    if thing in ("resident", "household", "residency") and not personal:
        faults.append(FieldError("personal", T("关于人的数据项都是个人信息", "what is about people is personal")))
    for part, words in (("name", (name,)), ("title", (title,)), ("title_en", (title_en,)), ("choices", tuple(t for _, t in choices))):
        if matter := forbidden(*words, thing=thing):
            faults.append(
                FieldError(part, T(f"平台不记录{matter.zh}，不能设这样的数据项", f"the register does not record {matter.en}: there can be no such field"))
            )
    return faults


class WrongValue(ValueError):
    """A value that an own field can't hold, and why."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = T(zh, en)
        super().__init__(en)


def read_value(field: FieldValue, value: Any) -> Any:
    """The value of an own field as it is kept in `more` (JSON); None for an empty one. Text from a file is read too. Raises WrongValue."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.type == "number":
        return _number(value)
    if field.type == "yes_no":
        return _yes_no(value)
    if not isinstance(value, str):
        raise WrongValue("应为文字", "expected text")
    text = value.strip()
    if field.type == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise WrongValue("日期应写作 2026-01-31", "write dates as 2026-01-31") from None
    if field.type == "choice":
        for code, title in field.choices:
            if text in (code, *title):
                return code
        raise WrongValue("不在选项中", "not one of the choices")
    if len(text) > 500:
        raise WrongValue("最多 500 字", "at most 500 characters")
    return text


def _number(value: Any) -> int | float:
    try:
        number = Decimal(str(value).strip()) if not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) >= 10**15:
        raise WrongValue("应为数字", "expected a number")
    return int(number) if number == number.to_integral_value() else float(number)


def _yes_no(value: Any) -> bool:
    said = {"是": True, "有": True, "yes": True, "true": True, "1": True, "否": False, "无": False, "no": False, "false": False, "0": False}
    found = value if isinstance(value, bool) else said.get(str(value).strip().lower())
    if found is None:
        raise WrongValue("应写“是”或“否”", "write yes or no")
    return found


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """A line of a dictionary's file."""

    line: int
    field: FieldValue
    faults: tuple[T, ...] = ()


COLUMNS = ("thing", "name", "title", "title_en", "type", "personal", "purpose", "legal_basis", "retention_months", "sharing", "standard")


def read_dictionary(text: str) -> list[DictionaryRow]:
    """The rows of a dictionary as CSV with `#` lines on top. Raises ValueError where it is no such table; a row's own faults stand in the row."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    try:
        table = list(csv.DictReader(io.StringIO("".join(lines[first:])), strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    if not table or any(column not in table[0] for column in COLUMNS):
        raise ValueError(f"expected the columns {', '.join(COLUMNS)}")
    seen: set[tuple[str, str]] = set()
    return [_row(line, {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}, seen) for line, row in enumerate(table, start=first + 2)]


def _row(line: int, row: Mapping[str, str], seen: set[tuple[str, str]]) -> DictionaryRow:
    months = row["retention_months"]
    faults = []
    if row["thing"] not in THINGS or not _NAME.fullmatch(row["name"]):
        faults.append(T("没有这类对象，或字段名写法不对", "no such thing, or no such name of a field"))
    if (row["thing"], row["name"]) in seen:
        faults.append(T("同一数据项写了两次", "the field stands twice"))
    seen.add((row["thing"], row["name"]))
    if row["type"] not in TYPES or row["sharing"] not in ("", *SHARING) or row["personal"] not in ("yes", "no") or not row["title"]:
        faults.append(T("类型、共享属性、是否个人信息或名称不对", "wrong type, sharing, personal or title"))
    if months and not (months.isdecimal() and int(months) <= LONGEST_RETENTION):
        faults.append(T(f"保存月数应为 0 至 {LONGEST_RETENTION}", f"retention in months, 0 to {LONGEST_RETENTION}"))
    if matter := forbidden(row["name"], row["title"], row["title_en"], thing=row["thing"]):
        faults.append(T(f"平台不记录{matter.zh}", f"the register does not record {matter.en}"))
    field = FieldValue(
        row["thing"],
        row["name"],
        T(row["title"], row["title_en"]),
        type=row["type"],
        personal=row["personal"] == "yes",
        purpose=row["purpose"],
        legal_basis=row["legal_basis"],
        retention_months=int(months) if months.isdecimal() else None,
        sharing=row["sharing"],
        standard=row["standard"],
    )
    return DictionaryRow(line, field, tuple(faults))
