"""How buildings and rooms get their codes: parts in order, as data. Two sets ship, a city may make its own.

Shenzhen's codes (《社会管理要素统一地址规范》) have 19 digits for a building and 25 for a room; what they are made of is not public, so the shipped set
fills the same lengths with the grid, a number in it, and a number in the building. The plain set numbers the buildings of a community by five digits, as
DB6101/T 3185-2024 (Xi'an) does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jingwei.kit.codes import LEVEL_DIGITS
from jingwei.kit.text import T

KINDS = ("building", "room")
PARTS = ("place", "building", "sequence", "floor", "unit", "number", "fixed")
LONGEST = 30
_PLACES = (*LEVEL_DIGITS.values(), 15)
Part = Mapping[str, Any]


class RuleSet(NamedTuple):
    """A building's rule and a room's that go together."""

    key: str
    name: T
    standard: str
    building: tuple[Part, ...]
    room: tuple[Part, ...]

    def of(self, kind: str) -> tuple[Part, ...]:
        return self.building if kind == "building" else self.room


SHIPPED = (
    RuleSet(
        "lengths_19_25",
        T("19 位楼栋编码、25 位房屋编码", "19 digits for a building, 25 for a room"),
        "《社会管理要素统一地址规范》（深圳，2017）：长度",
        ({"part": "place", "digits": 15}, {"part": "sequence", "digits": 4}),
        ({"part": "building"}, {"part": "sequence", "digits": 6}),
    ),
    RuleSet(
        "community_5",
        T("社区内 5 位楼栋顺序号，房屋按楼层编号", "five digits in the community, rooms by floor"),
        "DB6101/T 3185-2024",
        ({"part": "place", "digits": 12}, {"part": "sequence", "digits": 5}),
        ({"part": "building"}, {"part": "unit", "digits": 2}, {"part": "floor", "digits": 3}, {"part": "sequence", "digits": 3}),
    ),
)
DEFAULT = SHIPPED[0]


@dataclass(frozen=True)
class Facts:
    """What a code may be made of. `building` is the building's code."""

    place: str
    building: str = ""
    unit: str = ""
    floor: int | None = None
    number: str = ""


class Draft(NamedTuple):
    """A code with a gap: a number of `digits` (0: none) is still to be given, the next one after those given within `before`."""

    before: str
    digits: int
    after: str


def rule_faults(kind: str, parts: Sequence[Part]) -> list[tuple[int, T]]:
    """What is wrong with a rule: (index of the part, why)."""
    faults: list[tuple[int, T]] = []
    names = [part.get("part") for part in parts]
    for i, part in enumerate(parts):
        name, digits = part.get("part"), part.get("digits")
        if name not in PARTS or set(part) - {"part", "digits", "text"}:
            faults.append((i, T(f"没有“{name}”这种部分", f"there is no part {name!r}")))
        elif name == "fixed":
            text = part.get("text")
            if not isinstance(text, str) or not (0 < len(text) <= 10 and text.isascii() and text.isalnum()):
                faults.append((i, T("固定部分须为 1 至 10 个字母或数字", "a fixed part has 1 to 10 letters or digits")))
        elif name == "place" and digits not in _PLACES:
            faults.append((i, T("地区须为 2、4、6、9、12 或 15 位", "a place has 2, 4, 6, 9, 12 or 15 digits")))
        elif name not in ("place", "building") and not (isinstance(digits, int) and not isinstance(digits, bool) and 1 <= digits <= 9):
            faults.append((i, T("须为 1 至 9 位", "1 to 9 digits")))
        if name != "place" and name in names[:i] and name != "fixed":
            faults.append((i, T("同一部分只能用一次", "a part stands only once")))
        if kind == "building" and name in ("building", "floor", "unit", "number"):
            faults.append((i, T("楼栋编码不能由房屋的内容组成", "a building's code can't be made of a room's facts")))
    if not faults and "place" not in names and "building" not in names:
        faults.append((0, T("须含地区或楼栋编码，否则各处会重号", "it needs the place or the building's code, or two places give the same")))
    if not faults and "sequence" not in names:
        faults.append((0, T("须有顺序号，编码才不会给两次", "it needs a sequence, so that no code is given twice")))
    fixed = sum(len(part.get("text", "")) if part.get("part") == "fixed" else part.get("digits") or 0 for part in parts)
    if not faults and fixed + (19 if "building" in names else 0) > LONGEST:
        faults.append((0, T(f"编码超过 {LONGEST} 位", f"the code is longer than {LONGEST}")))
    return faults


def draft(parts: Sequence[Part], facts: Facts) -> Draft | T:
    """The code of a thing up to its number, or why it can't be coded."""
    said, gap = ["", ""], 0
    for part in parts:
        text: str | T = ""
        match part["part"]:
            case "place":
                digits = part["digits"]
                text = facts.place[:digits] if len(facts.place) >= digits else _no_place(digits)
            case "building":
                text = facts.building or T("楼栋没有编码，先登记楼栋", "the building has no code: register it first")
            case "sequence":
                gap = part["digits"]
            case "floor":
                text = _floor(facts.floor, part["digits"])
            case "unit":
                text = _figure(facts.unit or "0", part["digits"], T("单元", "the stair"))
            case "number":
                text = _figure(facts.number, part["digits"], T("门牌号", "the number"))
            case "fixed":
                text = part["text"]
        if isinstance(text, T):
            return text
        said[1 if gap else 0] += text
    return Draft(said[0], gap, said[1])


def code_of(drafted: Draft, number: int) -> str | T:
    """The whole code with the number that was given, or why there is none left."""
    if number >= 10**drafted.digits:
        return T(f"{drafted.before} 之下的顺序号已用完", f"the numbers within {drafted.before} are used up")
    return f"{drafted.before}{number:0{drafted.digits}d}{drafted.after}"


def example(kind: str, parts: Sequence[Part], building: str = "") -> str:
    """What a code of this rule looks like; `building`: the code that a room's begins with."""
    drafted = draft(parts, Facts("310101002001001", building or "3101010020010010001", "2", 5, "501"))
    made = drafted if isinstance(drafted, T) else code_of(drafted, 1)
    return "" if isinstance(made, T) else made


def _no_place(digits: int) -> T:
    what = {15: T("网格", "grid"), 12: T("社区", "community"), 9: T("街道", "street")}.get(digits, T("区划", "division"))
    return T(f"所在位置不在任何{what.zh}之内", f"it lies in no {what.en}")


def _floor(floor: int | None, digits: int) -> str | T:
    """5 → 005, -1 → B01."""
    if floor is None:
        return T("楼层不详，不能编码", "its floor isn't known")
    text = f"B{-floor:0{digits - 1}d}" if floor < 0 else f"{floor:0{digits}d}"
    return text if len(text) == digits else T(f"楼层 {floor} 超过 {digits} 位", f"floor {floor} has more than {digits} digits")


def _figure(text: str, digits: int, what: T) -> str | T:
    if not (text.isascii() and text.isdigit()):
        return T(f"{what.zh}“{text}”不是数字", f"{what.en} {text!r} is not a number")
    padded = text.zfill(digits)
    return padded if len(padded) == digits else T(f"{what.zh}“{text}”超过 {digits} 位", f"{what.en} {text!r} has more than {digits} digits")
