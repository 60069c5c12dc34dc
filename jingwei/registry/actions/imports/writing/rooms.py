"""Rooms come in by the thousand, each into a building that is registered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.coding import give_codes
from jingwei.registry.actions.imports.writing.copying import NULL, copy, ids, note_before, text
from jingwei.registry.actions.imports.writing.places import OUTSIDE, building_key
from jingwei.registry.rules import addresses
from jingwei.registry.rules.imports.premises import RoomRow, read_room
from jingwei.registry.rules.rooms import Facts

NO_BUILDING = T("没有登记过这栋楼，请先登记楼栋", "no such building is registered: register it first")
SEVERAL = T("这个地址有几栋楼，请写楼栋编码", "several buildings have this address: say the building's code")
OTHER_CODE = T("房屋编码已用于另一间房屋", "the code belongs to another room")
SAID_OTHERWISE = T("文件中前面已有这间房屋，内容不同", "the file has this room already, and says something else of it")


@dataclass(slots=True)
class House:
    id: int
    code: str
    place: str
    key: str


@dataclass(slots=True)
class Known:
    """A room that stands, or (`new`) is made by this file."""

    district: str
    id: str
    facts: dict[str, Any]
    code: str = ""
    new: bool = False


@dataclass
class _Rows:
    new: list[tuple[House, RoomRow, str]] = field(default_factory=list)
    changed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def write_rooms(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[RoomRow] = read_each(rows, lambda row: read_room(row.number, row.said), outcome)
    houses = find_buildings({r.building for r in wanted}, job.area)
    known, codes = _known(job, [h for h in houses.values() if isinstance(h, House)], {r.code for r in wanted if r.code})
    _noted(job, wanted, houses, known, codes)
    plan, seen, make = _Rows(), dict[str, str](), ids(job.at)
    for row in wanted:
        house = houses[row.building]
        if isinstance(house, T) or len(house.place) < 6 or not job.holds(house.place):
            outcome.refuse(row.number, OUTSIDE if isinstance(house, House) else T(f"楼栋：{house.zh}", f"Building: {house.en}"))
            continue
        key = (house.id, row.door.unit, row.door.number)
        room = known.get(key)
        if row.code and codes.setdefault(row.code, key) != key:
            outcome.refuse(row.number, OTHER_CODE)
            continue
        if row.code:
            seen[f"code {row.code}"] = orjson.dumps(key).decode()
        facts = dict(row.facts) | ({"floor": row.door.floor} if row.door.floor is not None else {}) | ({"code": row.code} if row.code else {})
        if room is None:
            district = house.place[:6]
            known[key] = room = Known(district, make(district), _AS_MADE | facts, row.code, True)
            plan.new.append((house, row, room.id))
            seen[_spelled(key)] = orjson.dumps(room.facts).decode()
            outcome.took("added", row.number, f"{row.building} {row.door.unit and row.door.unit + '单元'}{row.door.number}")
            continue
        differs = {name: value for name, value in facts.items() if room.facts.get(name) != value}
        if differs and room.new:
            outcome.refuse(row.number, SAID_OTHERWISE)
        elif differs:
            plan.changed.setdefault((room.district, room.id), {}).update(differs)
            room.facts |= differs
            seen[_spelled(key)] = orjson.dumps(room.facts).decode()
            outcome.took("changed", row.number, f"{row.building} {row.door.number}（{'、'.join(differs)}）")
        else:
            outcome.took("unchanged", row.number)
    job.see(seen)
    if not job.dry:
        _write(job, plan, outcome)


_BY_CODE = """
select b.code, b.id, b.code, b.place, coalesce(a.key, '') from registry_building b left join registry_address a on a.id = b.address_id
 where b.code = any(%s) and b.code <> ''"""
_BY_KEY = """
select a.key, b.id, b.code, b.place, a.key from registry_building b join registry_address a on a.id = b.address_id
 where a.key = any(%s) and b.code <> '' and upper_inf(b.period) and b.place ^@ %s"""


def find_buildings(texts: set[str], area: str) -> dict[str, House | T]:
    """The registered building of each code or address, or why there is none."""
    found: dict[str, House | T] = {}
    for code, *house in db.rows(_BY_CODE, [[t for t in texts if t.isascii() and t]]):
        found[code] = House(*house)
    keys = {said: building_key(said) for said in texts if said not in found}
    by_key: dict[str, list[House]] = {}
    for key, *house in db.rows(_BY_KEY, [list({key for key, _ in keys.values() if key}), area]) if keys else []:
        by_key.setdefault(key, []).append(House(*house))
    for said, (key, place) in keys.items():
        houses = by_key.get(key, [])
        if len(houses) > 1:
            houses = [h for h in houses if h.place.startswith(place) or place.startswith(h.place)]
        found[said] = houses[0] if len(houses) == 1 else SEVERAL if houses else NO_BUILDING
    return found


# What a room is when nothing is said of it.
_AS_MADE: dict[str, Any] = {"floor": None, "use": "residence", "tenure": "", "area": None, "code": ""}
_KNOWN = """
select building_id, unit, number, district, id, floor, use, tenure, area, code, import_id from registry_room
 where building_id = any(%s) and ended_date is null"""
_CODES = "select code, building_id, unit, number from registry_room where code = any(%s) and code <> ''"
Key = tuple[int, str, str]


def _known(job: Job, houses: Sequence[House], codes: set[str]) -> tuple[dict[Key, Known], dict[str, Key]]:
    found: dict[Key, Known] = {}
    for building, unit, number, district, id, floor, use, tenure, area, code, made_by in db.rows(_KNOWN, [[h.id for h in houses]]):
        facts = {"floor": floor, "use": use, "tenure": tenure, "area": float(area) if area is not None else None, "code": code}
        found[building, unit, number] = Known(district, id.hex, facts, code, made_by == job.id)
    return found, {code: (b, u, n) for code, b, u, n in db.rows(_CODES, [list(codes)])} if codes else {}


def _spelled(key: Key) -> str:
    return f"{key[0]} {key[1]} {key[2]}"


def _noted(job: Job, wanted: Sequence[RoomRow], houses: dict[str, House | T], known: dict[Key, Known], codes: dict[str, Key]) -> None:
    """What earlier blocks of a check have said of these rooms."""
    keys = {_spelled(key): (key, h) for r in wanted if isinstance(h := houses[r.building], House) and (key := (h.id, r.door.unit, r.door.number))}
    for spelled, detail in job.seen([*keys, *(f"code {r.code}" for r in wanted if r.code)]).items():
        if spelled not in keys:
            building, unit, number = orjson.loads(detail)
            codes[spelled.removeprefix("code ")] = (building, unit, number)
            continue
        key, house = keys[spelled]
        known.setdefault(key, Known(house.place[:6], "", {}, "", True)).facts.update(orjson.loads(detail))


_COLUMNS = (
    "district", "id", "place", "import_id", "building_id", "unit", "floor", "number", "code", "address_key", "use", "tenure", "state_from", "area", "source",
)  # fmt: skip
# What a room was used as until now is history.
_HISTORY = """
insert into registry_roomstate (district, id, room_id, use, tenure, period)
select r.district, c.state_id, r.id, r.use, r.tenure, daterange(r.state_from, %s) from unnest(%s::varchar[], %s::uuid[], %s::uuid[]) c(district, id, state_id)
  join registry_room r on r.district = c.district and r.id = c.id where r.state_from is null or r.state_from < %s
on conflict do nothing"""
_CHANGE = """
update registry_room r set version = version + 1, floor = coalesce(c.floor, r.floor), use = coalesce(c.use, r.use), tenure = coalesce(c.tenure, r.tenure),
       area = coalesce(c.area, r.area), code = coalesce(c.code, r.code),
       state_from = case when c.use is null and c.tenure is null then r.state_from else %s end
  from unnest(%s::varchar[], %s::uuid[], %s::int[], %s::varchar[], %s::varchar[], %s::numeric[], %s::varchar[])
       c(district, id, floor, use, tenure, area, code) where r.district = c.district and r.id = c.id"""


def _write(job: Job, plan: _Rows, outcome: Outcome) -> None:
    if plan.changed:
        keys = sorted(plan.changed)
        note_before(job, "room", "registry_room", keys)
        stated = [key for key in keys if {"use", "tenure"} & plan.changed[key].keys()]
        make = ids(job.at)
        if stated:
            db.run(_HISTORY, [job.today, [d for d, _ in stated], [i for _, i in stated], [make(d) for d, _ in stated], job.today])
        columns = [[plan.changed[key].get(c) for key in keys] for c in ("floor", "use", "tenure", "area", "code")]
        db.run(_CHANGE, [job.today, [d for d, _ in keys], [UUID(i) for _, i in keys], *columns])
    lacking = [n for n, (_, row, _) in enumerate(plan.new) if not row.code]
    doors = [(plan.new[n][0], plan.new[n][1].door) for n in lacking]
    given = give_codes("room", [Facts(h.place, h.code, door.unit, door.floor, door.number) for h, door in doors]) if lacking else []
    codes = dict(zip(lacking, given, strict=True))
    outcome.made["rooms"] += copy(
        "registry_room", _COLUMNS, [_line(job, house, row, id, codes.get(n, row.code)) for n, (house, row, id) in enumerate(plan.new)]
    )


def _line(job: Job, house: House, row: RoomRow, id: str, code: str) -> str:
    door, facts = row.door, row.facts
    key = addresses.room_key(house.key, door.unit, door.number)[:200] if house.key else ""
    return "\t".join(
        (
            house.place[:6],
            id,
            house.place,
            job.id.hex,
            str(house.id),
            text(door.unit),
            str(door.floor) if door.floor is not None else NULL,
            text(door.number),
            text(code),
            text(key),
            facts.get("use", "residence"),
            facts.get("tenure", ""),
            str(job.today),
            str(facts.get("area", NULL)),
            text(job.source),
        )
    )
