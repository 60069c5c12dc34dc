"""Rows about buildings and rooms."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jingwei.kit.text import T
from jingwei.registry.rules import addresses
from jingwei.registry.rules.imports.kinds import KINDS, ROOM_USES, TENURES
from jingwei.registry.rules.imports.rows import RowFault, choice, digits, each, fault, number, short, whole
from jingwei.registry.rules.imports.shapes import shape_of
from jingwei.registry.rules.rooms import Door, read_door

BUILDING, ROOM = KINDS["buildings"], KINDS["rooms"]
_NO_POSITION = T("没有位置：请给出经纬度或图形", "no position: give longitude and latitude, or a geometry")
_STAIR = ("单元", "门洞", "梯")


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """What a row says of a building; `shape` is EWKT: a footprint, or a point. `facts`: columns of the table that are said."""

    number: int
    code: str
    source_id: str
    address: str
    shape: str
    crs: str
    facts: Mapping[str, Any]


def read_building(line: int, said: Mapping[str, str], crs: str) -> BuildingRow:
    """Raises RowFault."""
    facts = each(
        BUILDING,
        said,
        {
            "code": lambda t: short(digits(t), 30),
            "name": lambda t: short(t, 100),
            "address": lambda t: short(t, 200),
            "street": lambda t: short(t, 60),
            "house_number": lambda t: short(t, 40),
            "floors_above": lambda t: whole(t, 0, 200),
            "floors_below": lambda t: whole(t, 0, 20),
            "units": lambda t: whole(t, 0, 100),
            "use": lambda t: ROOM_USES.get(t) or ROOM_USES.get(t.lower(), "other"),
            "height": lambda t: number(t, 0, 1000),
            "built_year": lambda t: whole(t, 1000, 2200) or None,
            "source_id": lambda t: short(digits(t), 60),
        },
    )
    try:
        shape, kept = shape_of(said, crs)
    except RowFault as wrong:
        raise fault(BUILDING, "geometry", wrong.why) from None
    if not shape:
        raise fault(BUILDING, "geometry", _NO_POSITION)
    if "LINESTRING" in shape or "COLLECTION" in shape or "MULTIPOINT" in shape:
        raise fault(BUILDING, "geometry", T("楼栋应为面或点", "a building is an area or a point"))
    code, source_id, address = str(facts.pop("code", "")), str(facts.pop("source_id", "")), str(facts.pop("address", ""))
    if (door := facts.pop("house_number", None)) is not None:
        facts["number"] = door
    if not address and facts.get("street") and door:
        address = f"{facts['street']}{door}" + ("号" if str(door)[-1:].isdigit() else "")
    # Known again by what it has: its own number, its code, its address, at last its shape.
    known = source_id or code or addresses.normal(address)[:60] or hashlib.sha256(shape.encode()).hexdigest()[:32]
    return BuildingRow(line, code, known, address, shape, kept, facts)


@dataclass(frozen=True, slots=True)
class RoomRow:
    """What a row says of a room: of which building (code or address), which door, and the facts that are said."""

    number: int
    building: str
    door: Door
    code: str
    facts: Mapping[str, Any]


_TAIL = re.compile(r"^(.*(?:[栋幢座楼号院]|号楼))((?:第?[0-9A-Z甲乙丙丁]{1,3}(?:单元|门洞|梯))?(?:-?[0-9A-Z]+层)?[0-9A-Z][0-9A-Z-]*(?:室|房|号房)?)$")


def read_room(line: int, said: Mapping[str, str]) -> RoomRow:
    """Raises RowFault. The floor is the one that is said, else the one that the number tells."""
    facts = each(
        ROOM,
        said,
        {
            "floor": _floor,
            "use": lambda t: choice(ROOM_USES, t),
            "tenure": lambda t: choice(TENURES, t),
            "area": lambda t: round(number(t, 0.01, 1_000_000), 2),
            "code": lambda t: short(digits(t), 30),
        },
    )
    building, unit, number_ = said.get("building", ""), said.get("unit", ""), digits(said.get("number", ""))
    if not (building and number_) and (whole_address := said.get("address", "")):
        found = _TAIL.match(addresses.fold(whole_address).replace(" ", ""))
        if not found:
            raise fault(ROOM, "address", T("读不出楼栋和室号，请分列填写", "building and number can't be told apart: give them in columns of their own"))
        building, unit, number_ = building or found[1], "", found[2]
    if not building:
        raise fault(ROOM, "building", T("没有填写", "is missing"))
    if unit and not unit.endswith(_STAIR):
        unit += "单元"
    door = read_door(unit + number_) if number_ else None
    if door is None:
        raise fault(ROOM, "number", T("没有室号", "there is no number"))
    if "floor" in facts:
        door = door._replace(floor=int(str(facts.pop("floor"))))
    return RoomRow(line, building[:200], door, str(facts.pop("code", "")), facts)


def _floor(text: str) -> int:
    plain = text.strip().upper().removesuffix("层").removesuffix("楼").removesuffix("F")
    for below in ("地下", "负", "B"):
        if plain.startswith(below):
            plain = "-" + plain.removeprefix(below)
    floor = whole(plain, -20, 200)
    if floor == 0:
        raise RowFault(T("没有 0 层", "there is no floor 0"))
    return floor
