"""One resident, one household, one room's people: with everything that hangs on them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, NotFound
from jingwei.kit.ids import district_of, district_sql
from jingwei.kit.text import T
from jingwei.registry.models import Household, Resident
from jingwei.registry.queries.fields import fields_on, shown
from jingwei.registry.queries.residents.facts import RECORD, Known, Record, known_all
from jingwei.registry.queries.residents.places import GROUPS, ROOM, ROOM_COLUMNS, UP, RoomNamed, areas_read, districts_of, kept_records, named, of_room

MOST = 200


@dataclass(frozen=True, slots=True)
class Lived:
    """A residency as it is shown. `room` None: outside one's areas. `record`: the record it stands in, where two were merged."""

    id: UUID
    version: int
    record: UUID
    room: RoomNamed | None
    household_id: UUID | None
    kind: str
    relation: str
    tenure: str
    from_date: date
    to_date: date | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who lives, or lived, in a room or household. `open`: the actor may open the page."""

    who: Known
    stay: Lived
    open: bool


@dataclass(frozen=True, slots=True)
class HouseholdWhole:
    id: UUID
    version: int
    number: str
    kind: str
    head_id: UUID | None
    from_date: date | None
    to_date: date | None
    room: RoomNamed | None
    members: list[Member]


@dataclass(frozen=True, slots=True)
class ResidentWhole:
    """A person: the record that is kept, masked; where they live and lived; who they keep house with; the records merged into it."""

    who: Known
    more: dict[str, object]
    source: str
    present: list[Lived]
    former: list[Lived]
    households: list[HouseholdWhole]
    merged: list[Known]


class Stay(NamedTuple):
    """The columns of a residency that pages show."""

    id: UUID
    version: int
    resident_id: UUID
    household_id: UUID | None
    kind: str
    relation: str
    tenure: str
    first: date
    end: date | None
    end_reason: str
    place: str


STAY = "s.id, s.version, s.resident_id, s.household_id, s.kind, s.relation, s.tenure, lower(s.period) first_day, upper(s.period) end_day, s.end_reason, s.place"
STAYS, RECORDS = len(Stay._fields), len(Record._fields)


def lived(stay: Stay, room: RoomNamed | None, on: Collection[str]) -> Lived:
    """A residency as it is shown; `on`: the fields of the dictionary."""
    return Lived(
        id=stay.id,
        version=stay.version,
        record=stay.resident_id,
        room=room,
        household_id=stay.household_id,
        kind=stay.kind,
        relation=stay.relation if "relation" in on else "",
        tenure=stay.tenure if "tenure" in on else "",
        from_date=stay.first,
        to_date=stay.end,
        end_reason=stay.end_reason,
    )


# A person by the id of any of their records: the one that is kept, then each with its residencies; those of no residency once, with nulls.
_PERSON = f"""{UP},
mine as (select id from up where merged_into is null)
select {RECORD}, r.more::text, r.source from mine join registry_resident r on r.district = {district_sql("mine.id")} and r.id = mine.id"""
_STAYS = f"""{GROUPS}
select g.district, g.id, {STAY}, {ROOM} from g left join registry_residency s on s.district = g.district and s.resident_id = g.id {of_room("s.room_id")}
 order by s.period desc, s.id desc"""


def _person(actor: Actor, id: UUID) -> tuple[Record, str, str]:
    found = db.row(_PERSON, {"districts": districts_of([id]), "ids": [id]})
    if not found or not found[Record._fields.index("place")].startswith(areas_read(actor)):
        raise NotFound(T("没有这位居民", "no such resident"))
    return Record(*found[:RECORDS]), found[-2], found[-1]


def _stays(actor: Actor, kept: UUID) -> tuple[set[UUID], list[Stay], dict[UUID, Lived]]:
    """All records of one person, all their residencies, the latest first, and these as they are shown."""
    rows = db.rows(_STAYS, {"districts": districts_of([kept]), "ids": [kept]})
    areas, on = areas_read(actor), fields_on("residency")
    stays, told = [], {}
    for _, _, *row in rows:
        if row[0] is not None:
            stay = Stay(*row[:STAYS])
            stays.append(stay)
            told[stay.id] = lived(stay, named(row[STAYS:]) if stay.place.startswith(areas) else None, on)
    return {row[1] for row in rows}, stays, told


def whole_resident(*, actor: Actor, resident_id: UUID) -> ResidentWhole:
    """A person's page; a record that was merged answers with the one that is kept. As many statements for one room as for ten. The look is recorded by
    actions.record_reading. Raises NotFound."""
    row, more, source = _person(actor, resident_id)
    group, stays, told = _stays(actor, row.id)
    away = list(Resident.objects.filter(district__in=districts_of(group), id__in=group - {row.id}).order_by("id")) if len(group) > 1 else []
    present = [s for s in stays if s.end is None and s.end_reason != "mistake"]
    homes = _households(actor, [s.household_id for s in present if s.household_id])
    who, *merged = known_all([row, *away])
    return ResidentWhole(
        who=who,
        more=shown("resident", {"more": json.loads(more)})["more"],
        source=source,
        present=[told[s.id] for s in present],
        former=[told[s.id] for s in stays if s not in present],
        households=homes,
        merged=merged,
    )


def household_whole(*, actor: Actor, household_id: UUID) -> HouseholdWhole:
    """A household and who lives in it. Raises NotFound."""
    if not Household.objects.visible_to(actor).filter(district=district_of(household_id) or "", id=household_id).exists():
        raise NotFound(T("没有这一户", "no such household"))
    return _households(actor, [household_id])[0]


# Who lives together, each with the record that their residency stands in.
_OF_HOUSEHOLDS = f"""
select h.id, h.version, h.number, h.kind, h.head_id, h.from_date, h.to_date, {ROOM}, {STAY}, {RECORD}
  from registry_household h {of_room("h.room_id")}
  left join (registry_residency s join registry_resident r on r.district = s.district and r.id = s.resident_id)
    on s.household_id = h.id and s.end_reason <> 'mistake' and (upper_inf(s.period) or upper(s.period) = h.to_date)
 where h.district = any(%(districts)s) and h.id = any(%(ids)s) and (%(all)s or exists (select from unnest(%(areas)s::text[]) a where h.place ^@ a))
 order by h.from_date, h.id, s.period, s.id"""
_HOME = 7


def _households(actor: Actor, ids: Sequence[UUID]) -> list[HouseholdWhole]:
    """Households that the actor sees, with their members of now, the head first; those of ended ones were the last. One statement, none for none."""
    if not ids:
        return []
    areas = areas_read(actor)
    rows = db.rows(_OF_HOUSEHOLDS, {"districts": districts_of(ids), "ids": list(ids), "areas": list(areas), "all": "" in areas})
    at, who = _HOME + ROOM_COLUMNS, _HOME + ROOM_COLUMNS + STAYS
    room = {row[0]: named(row[_HOME:at]) for row in rows}
    people = _members(actor, [(Stay(*row[at:who]), Record(*row[who:]), room[row[0]]) for row in rows if row[at] is not None])
    found: dict[UUID, HouseholdWhole] = {}
    for row in rows:
        home = found.get(row[0]) or found.setdefault(row[0], HouseholdWhole(*(*row[:_HOME], room[row[0]], [])))
        if member := people.get(row[at]):
            home.members.append(member)
    for home in found.values():
        home.members.sort(key=lambda m: m.stay.record != home.head_id)
    return list(found.values())


def _members(actor: Actor, rows: Sequence[tuple[Stay, Record, RoomNamed | None]]) -> dict[UUID, Member]:
    """Who these residencies are of, by their ids: of a record that was merged, the one that is kept; a statement more where there are such."""
    areas, on = areas_read(actor), fields_on("residency")
    merged = {record.id for _, record, _ in rows if record.merged_into}
    kept = kept_records(merged)
    others = Resident.objects.filter(district__in=districts_of(kept.values()), id__in=list(kept.values())) if kept else ()
    people = {one.id: one for one in known_all([*(record for _, record, _ in rows), *others])}
    found = {}
    for stay, record, room in rows:
        if who := people.get(kept.get(record.id, record.id)):
            found[stay.id] = Member(who, lived(stay, room if stay.place.startswith(areas) else None, on), who.place.startswith(areas))
    return found


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Who lives in a room on a day: by household, and who belongs to none; and who lived there before that day."""

    room: RoomNamed
    on: date
    households: list[HouseholdWhole]
    others: list[Member]
    former: list[Member]


_ROOM = f"select {ROOM} from registry_room o join registry_building b on b.id = o.building_id where o.district = %s and o.id = %s"
# The latest first; the household only where it is the room's own.
_OF_ROOM = f"""
select h.id, h.version, h.number, h.kind, h.head_id, h.from_date, h.to_date, {STAY}, {RECORD}
  from (select * from registry_residency where room_id = %(room)s and end_reason <> 'mistake' order by period desc, id limit {MOST}) s
  join registry_resident r on r.district = s.district and r.id = s.resident_id
  left join registry_household h on h.district = %(district)s and h.id = s.household_id
 order by s.period desc, s.id"""


def people_of_room(*, actor: Actor, room_id: UUID, on: date) -> RoomPeople:
    """The people of a room on a day; three statements (the dictionary's among them), and two more where records were merged.
    Raises NotFound, Forbidden (others see the room, not who lives in it)."""
    district = district_of(room_id) or ""
    row = db.row(_ROOM, [district, room_id])
    room = named(row) if row else None
    if room is None or not (actor is SYSTEM or room.place.startswith(actor.areas())):
        raise NotFound(T("没有这间房", "no such room"))
    if not room.place.startswith(areas_read(actor)):
        raise Forbidden(T("您不能查看这里的居民", "you may not see who lives here"))
    rows = db.rows(_OF_ROOM, {"room": room_id, "district": district})
    at = _HOME + STAYS
    stays = [Stay(*row[_HOME:at]) for row in rows]
    people = _members(actor, [(stay, Record(*row[at:]), room) for stay, row in zip(stays, rows, strict=True)])
    there = [s for s in stays if s.first <= on and (s.end is None or on < s.end)]
    known_homes = {row[0]: row[:_HOME] for row in rows if row[0]}
    homes = sorted((known_homes[id] for id in {s.household_id for s in there} if id in known_homes), key=lambda h: (h[5] or date.max, h[0]))
    found, housed = [], set[UUID]()
    for home in homes:
        mine = [s for s in there if s.household_id == home[0] and s.id in people]
        housed.update(s.id for s in mine)
        inside = sorted((people[s.id] for s in mine), key=lambda m, head=home[4]: (m.stay.record != head, m.stay.relation or "99", m.stay.from_date))  # type: ignore[misc]
        found.append(HouseholdWhole(*(*home, room, inside)))
    return RoomPeople(
        room,
        on,
        found,
        [people[s.id] for s in there if s.id not in housed and s.id in people],
        [people[s.id] for s in stays if s.id in people and s.end and s.end <= on],
    )


def rooms_of_resident(*, actor: Actor, resident_id: UUID) -> list[Lived]:
    """Every room of a person, now and before, those of now first; mistakes left out. Three statements. Raises NotFound."""
    row, *_ = _person(actor, resident_id)
    _, stays, told = _stays(actor, row.id)
    right = sorted((s for s in stays if s.end_reason != "mistake"), key=lambda s: s.end is not None)
    return [told[s.id] for s in right]


def keeps_register(actor: Actor, place: str) -> bool:
    """Whether the actor keeps the register there: merges, strikes out, hands out links."""
    return actor.holds(KEEPS_REGISTER, place)
