"""The rooms of a building or an area as a list, and one room on any day. What is off in the field dictionary is not shown."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.queries import place_names
from jingwei.kit import db
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.registry.queries.fields import blanked, dictionary, more_shown
from jingwei.registry.queries.naming import called_sql
from jingwei.registry.queries.rooms.buildings import Happened, happened
from jingwei.registry.queries.rooms.scope import PEOPLE, PREMISES, reads_people, state_shown, within_areas
from jingwei.registry.rules.rooms import State, full_number


@dataclass(frozen=True)
class RoomFilter:
    """`building`: of this one; `code`: the beginning of a room's code, at least nine digits; `number`: the beginning of the number on the door;
    `unit`: the stair, "" for rooms without one."""

    building: int | None = None
    place: str = ""
    code: str = ""
    number: str = ""
    use: str = ""
    unit: str | None = None
    floor: int | None = None


@dataclass(frozen=True)
class RoomRow:
    id: UUID
    building_id: int
    building: str
    unit: str
    floor: int | None
    number: str
    code: str
    use: str
    tenure: str
    area: Decimal | None
    place: str
    version: int
    state: State
    residents: int | None


_ORDER = "r.place, r.building_id, lpad(r.unit, 20), coalesce(r.floor, -99), lpad(r.number, 30), r.id"
_PAGE = """
with found as (
  select r.* from registry_room r where {where} and r.ended_date is null
     and ({order}) > (%(after_place)s, %(b)s, %(unit)s, %(floor)s, %(after)s, %(id)s)
   order by {order} limit %(size)s + 1)
select r.id, r.building_id, {called}, r.unit, r.floor, r.number, r.code, r.use, r.tenure, r.area, r.place, r.version, ({people}), ({premises})
  from found r join registry_building b on b.id = r.building_id
 order by {order}"""
_NOBODY = UUID(int=0)


def room_page(*, actor: Actor, wanted: RoomFilter, on: date, after: str | None = None, size: int = 50) -> Page[RoomRow]:
    """Standing rooms in the actor's areas: grid by grid, building by building, stair by stair, from the lowest floor up. Two statements."""
    held = dictionary()
    off = held.off("room")
    place, b, unit, floor, number, id = decode_row(after, str, int, str, int, str, UUID) if after else ("", 0, "", -100, "", _NOBODY)
    given: dict[str, Any] = {
        "after_place": place, "b": b, "unit": unit.rjust(20), "floor": floor, "after": number.rjust(30), "id": id, "size": size, "on": on,
    }  # fmt: skip
    if not after:  # where one's areas begin: else the way to the first of several leads through the whole city
        given |= {"after_place": max(wanted.place, "" if actor is SYSTEM else min(actor.areas(), default="")), "unit": "", "after": ""}
    where = [within_areas(actor, "r.place", given)]
    for name, column in (("building", "r.building_id = %(building)s"), ("use", "r.use = %(use)s")):
        if getattr(wanted, name):
            where.append(column)
            given[name] = getattr(wanted, name)
    for name in ("unit", "floor"):
        if (exact := getattr(wanted, name)) is not None:
            where.append(f"r.{name} = %(wanted_{name})s")
            given[f"wanted_{name}"] = exact
    for name in ("place", "code", "number"):
        if said := getattr(wanted, name):
            where.append(f"r.{name} ^@ %({name})s")
            given[name] = said
    found = db.rows_anew(
        _PAGE.format(order=_ORDER, where=" and ".join(where), called=called_sql("b", held.off("building")), people=PEOPLE, premises=PREMISES), given
    )
    shown = found[:size]
    names, rows = [field.name for field in fields(RoomRow)], []
    for row in shown:
        told: dict[str, Any] = dict(zip(names, row[:12], strict=False))
        rows.append(RoomRow(**told, state=state_shown(row[7], row[8], row[12], row[13], off), residents=row[12] if reads_people(actor, row[10]) else None))
    last = rows[-1] if len(found) > size else None
    rows = [blanked(row, off) for row in rows]
    return Page(
        rows, encode_cursor([last.place, last.building_id, last.unit, -99 if last.floor is None else last.floor, last.number, str(last.id)]) if last else None
    )


@dataclass(frozen=True)
class FormerState:
    use: str
    tenure: str
    from_date: date | None
    to_date: date


@dataclass(frozen=True)
class PremisesIn:
    """An organisation that does business in the room."""

    organisation_id: UUID
    name: str
    use: str
    from_date: date | None
    to_date: date | None


@dataclass(frozen=True)
class RoomWhole:
    """A room on a day. `use`, `tenure` and `state` are those of that day; `residents` None for those who do not read people there."""

    id: UUID
    version: int
    building_id: int
    building: str
    called: str
    unit: str
    floor: int | None
    number: str
    code: str
    use: str
    tenure: str
    state_from: date | None
    area: Decimal | None
    place: str
    ended_date: date | None
    source: str
    lon: float
    lat: float
    predecessors: list[UUID]
    successors: list[UUID]
    state: State
    residents: int | None
    place_name: str
    plate: UUID | None
    plate_number: str
    more: dict[str, Any]
    former: list[FormerState]
    premises: list[PremisesIn]
    history: list[Happened]


_WHOLE = """
select r.id, r.version, r.building_id, {called}, r.unit, r.floor, r.number, r.code, coalesce(s.use, r.use), coalesce(s.tenure, r.tenure),
       case when s.id is null then r.state_from else lower(s.period) end, r.area, r.place, r.ended_date, r.source, ST_X(b.point), ST_Y(b.point), r.predecessors,
       array(select x.id from registry_room x where x.district = r.district and x.building_id = r.building_id and r.id = any(x.predecessors) order by x.id),
       ({people}), p.id, coalesce(p.number, ''), r.more::text
  from registry_room r join registry_building b on b.id = r.building_id
  left join registry_roomstate s on s.district = r.district and s.room_id = r.id and s.period @> %(on)s::date
  left join registry_plate p on p.district = r.district and p.room_id = r.id and p.voided_at is null
 where r.district = %(district)s and r.id = %(id)s and {where}"""


def room_whole(*, actor: Actor, room_id: UUID, on: date) -> RoomWhole:
    """One room, standing or ended, as it was on `on`; six statements. Raises NotFound outside the actor's areas."""
    district = district_of(room_id) or ""
    given: dict[str, Any] = {"district": district, "id": room_id, "on": on}
    where = within_areas(actor, "r.place", given)
    held = dictionary()
    off = held.off("room")
    row = db.row(_WHOLE.format(called=called_sql("b", held.off("building")), people=PEOPLE, where=where), given)
    if row is None:
        raise NotFound()
    former = db.rows(
        "select use, tenure, lower(period), upper(period) from registry_roomstate where district = %s and room_id = %s order by period desc",
        [district, room_id],
    )
    premises = db.rows(
        """select o.organisation_id, g.name, o.use, lower(o.period), upper(o.period) from registry_premises o
             join registry_organisation g on g.district = o.district and g.id = o.organisation_id
            where o.room_id = %s order by upper_inf(o.period) desc, lower(o.period) desc, g.name limit 50""",
        [room_id],
    )
    shops = [PremisesIn(*one) for one in premises]
    today = [one for one in shops if (one.from_date is None or one.from_date <= on) and (one.to_date is None or one.to_date > on)]
    names = place_names({row[12]})
    facts = [*row[:4], "", *row[4:19]]
    whole = blanked(
        RoomWhole(
            **dict(zip([field.name for field in fields(RoomWhole)], facts, strict=False)), state=state_shown(row[8], row[9], row[19], len(today), off),
            residents=row[19] if reads_people(actor, row[12]) else None, place_name=names.get(row[12], ""), plate=row[20], plate_number=row[21],
            more=more_shown(held, "room", orjson.loads(row[22])),
            former=[blanked(FormerState(*one), off) for one in former if not {"use", "tenure"} <= off],
            premises=[blanked(shop, held.off("premises")) for shop in shops], history=happened("room", room_id, district, held.off("room", own=True)),
        ), off,
    )  # fmt: skip
    return replace(whole, called=f"{whole.building}{full_number(whole.unit, whole.number)}")
