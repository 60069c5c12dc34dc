"""Codes and states of city components (GB/T 47678.5-2026, GB/T 30428.2-2013), on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jingwei.kit.text import T

# GB/T 47678.5-2026 table 2: 管理部件状态.
STATES = {
    "intact": T("完好", "Intact"),
    "damaged": T("破损", "Damaged"),
    "missing": T("丢失", "Missing"),
    "abandoned": T("废弃", "Abandoned"),
    "removed": T("移除", "Removed"),
}
# Which state may follow. What is removed stays so: whatever stands there later is another thing with a code of its own.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "intact": ("damaged", "missing", "abandoned", "removed"),
    "damaged": ("intact", "missing", "abandoned", "removed"),
    "missing": ("intact", "damaged", "abandoned", "removed"),
    "abandoned": ("intact", "damaged", "missing", "removed"),
    "removed": (),
}
# Position accuracy: A at most half a metre, B one metre, C ten.
ACCURACIES = {"": T("未注明", "Not stated"), "A": T("A（≤0.5 米）", "A (≤0.5 m)"), "B": T("B（≤1 米）", "B (≤1 m)"), "C": T("C（≤10 米）", "C (≤10 m)")}
KINDS = {"component": T("部件", "Component"), "frontage": T("门前四包", "Frontage"), "sign": T("户外广告、牌匾", "Sign")}


@dataclass(frozen=True)
class Fact:
    """A field of the standard's table 2: its abbreviation there, its names, its length, and whether it is mandatory (M), conditional (C) or optional (O)."""

    abbreviation: str
    name: T
    length: int
    need: str


# What is recorded of every component, by the name that it has here: an import knows the columns by them.
FACTS = {
    "code": Fact("GLBJBSM", T("管理部件标识码", "Code"), 17, "M"),
    "name": Fact("GLBJMC", T("管理部件名称", "Name"), 30, "M"),
    "department_code": Fact("ZGBMDM", T("主管部门代码", "Department's credit code"), 18, "M"),
    "department": Fact("ZGBMMC", T("主管部门名称", "Department in charge"), 100, "M"),
    "owner_code": Fact("QSDWDM", T("权属单位代码", "Owner's credit code"), 18, "O"),
    "owner": Fact("QSDWMC", T("权属单位名称", "Owner"), 100, "O"),
    "keeper_code": Fact("YHDWDM", T("养护单位代码", "Keeper's credit code"), 18, "O"),
    "keeper": Fact("YHDWMC", T("养护单位名称", "Keeper"), 100, "O"),
    "grid": Fact("SZDYWGBSM", T("所在单元网格标识码", "Grid"), 15, "M"),
    "state": Fact("GLBJZT", T("管理部件状态", "State"), 10, "M"),
    "placed_date": Fact("CSRQ", T("初始日期", "Placed on"), 8, "M"),
    "changed_date": Fact("BGRQ", T("变更日期", "Changed on"), 8, "C"),
    "source": Fact("SJLY", T("数据来源", "Source"), 30, "O"),
    "note": Fact("BZ", T("备注", "Note"), 1000, "O"),
}
MOST = 999_999  # six digits of number


class CodeFault(ValueError):
    """A code that can't be one; `why` says what to do."""

    def __init__(self, why: T) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class Code:
    """A component's code in its parts: six digits of the district, the class (five digits, in the 2013 edition four), the number within both."""

    district: str
    klass: str
    number: int

    def __str__(self) -> str:
        return f"{self.district}{self.klass}{self.number:06d}"


def read_code(text: str) -> Code:
    """17 digits are 6 + 2 + 3 + 6 (GB/T 47678.5-2026), 16 are 6 + 2 + 2 + 6 (GB/T 30428.2-2013). Raises CodeFault."""
    code = text.strip()
    if "E+" in code.upper() or "." in code:
        raise CodeFault(T("这是 Excel 的科学计数法，后几位已丢失；请把该列设为“文本”", "Excel's scientific notation has lost digits; format it as text"))
    if len(code) not in (16, 17) or not (code.isascii() and code.isdigit()):
        raise CodeFault(T("部件标识码应为 17 位数字（2013 年版 16 位）", "a component's code has 17 digits (16 in the 2013 edition)"))
    read = Code(code[:6], code[6:-6], int(code[-6:]))
    if not read.number or read.district.startswith("00"):
        raise CodeFault(T("部件标识码的区划或顺序号不能为零", "neither the district nor the number of a component's code is zero"))
    return read


def given_code(district: str, klass: str, number: int) -> str:
    """The code of the `number`-th thing of a class in a district. Raises CodeFault when the six digits are used up."""
    if number > MOST:
        raise CodeFault(T("该类部件的顺序号已用尽", "the numbers of this class are used up"))
    return str(Code(district, klass, number))


def code_of_2026(code: str, replaces: Mapping[str, str]) -> str | None:
    """The 17 digits that a code of 16 becomes: the number stays, the class is the one that replaces it. None where no class does, or the
    2013 class went into one with others, so that two numbers might meet; `replaces` names 2026 classes by single 2013 ones."""
    old = read_code(code)
    if len(old.klass) == 5:
        return code.strip()
    new = replaces.get(old.klass)
    return str(Code(old.district, new, old.number)) if new else None


def state_fault(before: str, after: str) -> T | None:
    """Why `after` can't follow `before`; None where it can."""
    if after not in STATES:
        return T(f"没有“{after}”这个状态", f"there is no state {after!r}")
    if after == before:
        return T(f"现在就是{STATES[after].zh}", f"it is {STATES[after].en.lower()} already")
    if after not in FOLLOWS[before]:
        return T("已移除的部件不再变更状态；现场的是另一个部件，请另行登记", "what was removed stays so: register what stands there now as another")
    return None


def dates_fault(placed: date | None, changed: date | None, today: date) -> T | None:
    """Why the dates can't be: later than today, or changed before it was placed."""
    if any(day and day > today for day in (placed, changed)):
        return T("日期不能晚于今天", "the date lies in the future")
    if placed and changed and changed < placed:
        return T("变更日期早于初始日期", "changed before it was placed")
    return None
