"""What a number on a door says: "2单元501室" is number 501 on the fifth floor of the second stair (单元)."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

TALLEST, DEEPEST = 200, 20  # floors
_CHINESE = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNIT = re.compile(r"^(?:第)?([0-9]{1,3}|[甲乙丙丁戊己庚辛壬癸]|[A-Z]|[东西南北中])(?:单元|门洞|梯)")
_FLOOR = re.compile(r"^(?:第)?(负|地下|-|B)?([0-9]{1,3})(?:层|楼|F(?=-?[0-9A-Z]))")
_ENDS = ("室", "号房", "房间", "房", "号铺", "铺", "号", "户", "间")
_BELOW = re.compile(r"^(?:B|负|地下|-)([0-9]{1,2})(?:[-层F]|$)")
_HALVES = re.compile(r"^([0-9]{1,2}|[A-Z])-([A-Z]?[0-9]{3,4}[A-Z]?(?:-[0-9]{1,2})?)$")
_NUMBER = re.compile(r"^([A-Z]?)([0-9]{3,5})(?:[A-Z]|-[0-9A-Z]{1,2})?$")
_AFTER_STAIR = re.compile(r"^(?:[0-9]{1,2}|[A-Z甲乙丙丁戊己庚辛壬癸])-(.+)$")
_LETTERED = re.compile(r"^([0-9]{1,2})[A-Z]$")
_STAIRS = "单元座幢栋楼区门梯"  # how a stair may end that says what it is
_NAMED = {"底层": 1, "底楼": 1, "地下室": -1}


class Door(NamedTuple):
    """Stair ("" where there is one only), floor (below ground negative; None where the text does not tell) and the number on the door."""

    unit: str
    floor: int | None
    number: str


def read_door(text: str) -> Door | None:
    """Read a room's part of an address. The floor is said ("3层"), or stands before the last two digits of the number (1203 → 12); "B1-03" lies below
    ground; "1-501" is stair 1, "301-1" a part of 301. None where there is no number at all."""
    rest = _plain(text)
    unit, floor = "", None
    if found := _UNIT.match(rest):
        unit, rest = found[1], rest[found.end() :]
    if found := _FLOOR.match(rest):
        floor, rest = int(found[2]) * (-1 if found[1] else 1), rest[found.end() :]
    else:
        for name, meant in _NAMED.items():
            if rest.startswith(name):
                floor, rest = meant, rest.removeprefix(name)
    rest = rest.strip("-") if not rest.startswith("-") or floor is not None else rest
    for end in _ENDS:
        if rest.endswith(end) and len(rest) > len(end):
            rest = rest.removesuffix(end)
            break
    if not unit and (found := _HALVES.match(rest)) and not _BELOW.match(rest):
        unit, rest = found[1], found[2]
    if not rest or rest in _ENDS or len(rest) > 30 or len(unit) > 20:
        return None
    floor = floor_of(rest) if floor is None else floor
    return Door(unit, floor if floor and -DEEPEST <= floor <= TALLEST else None, rest)


def floor_of(number: str) -> int | None:
    """The floor that a number on a door tells, or None: 501 → 5, 1203A → 12, 5B → 5, B1-03 → -1, 12 → None (a single number tells no floor)."""
    plain = _plain(number)
    if found := _BELOW.match(plain):
        floor = -int(found[1])
    elif found := _LETTERED.match(plain):
        floor = int(found[1])
    elif found := _NUMBER.match(plain):
        floor = int(found[2]) // 100
    elif found := _AFTER_STAIR.match(plain):  # 1-501, 1-B1-03
        return floor_of(found[1])
    else:
        return None
    return floor if floor and -DEEPEST <= floor <= TALLEST else None


def floor_name(floor: int | None) -> str:
    """How a floor is written on a lift: 5, B1; "" where it isn't known."""
    return "" if floor is None else f"B{-floor}" if floor < 0 else str(floor)


def full_number(unit: str, number: str) -> str:
    """Stair and number as an address says them: 2单元501室, A座501室. In SQL: queries.naming.door_sql."""
    stair = f"{unit}单元" if unit and unit[-1] not in _STAIRS else unit
    return stair + number + ("室" if number[-1:].isascii() and number[-1:].isalnum() else "")


def _plain(text: str) -> str:
    """Half width, capitals, Arabic figures, no blanks."""
    plain = unicodedata.normalize("NFKC", text).upper().replace("－", "-").replace("—", "-").replace("–", "-")
    plain = "".join(plain.split())
    return re.sub("[〇零一二两三四五六七八九十百]+", lambda found: _figures(found[0]), plain)


def _figures(words: str) -> str:
    """五〇一 → 501, 十二 → 12, 二十 → 20, 一百零一 → 101."""
    if not set(words) & set("十百"):
        return "".join(str(_CHINESE[c]) for c in words)
    total, last = 0, 0
    for c in words:
        if c in "十百":
            total += (last or 1) * (100 if c == "百" else 10)
            last = 0
        else:
            last = _CHINESE[c]
    return str(total + last)
