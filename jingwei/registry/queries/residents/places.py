"""Which records are one person, and what a room is called."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.kit import db
from jingwei.kit.ids import district_of, district_sql
from jingwei.kit.words import like_all
from jingwei.registry.models import Room
from jingwei.registry.queries.naming import called_sql, door_sql

# `wanted` are the records that are kept; each brings those that were merged into it, and theirs.
GROUPS = """
with recursive g(kept_district, kept, district, id) as (
  select district, id, district, id from registry_resident where district = any(%(districts)s) and id = any(%(ids)s)
  union all
  select g.kept_district, g.kept, r.district, r.id from registry_resident r join g on r.merged_into = g.id)
"""

# The other way: from records to the ones that they were merged into.
UP = f"""
with recursive up(asked, id, merged_into) as (
  select id, id, merged_into from registry_resident where district = any(%(districts)s) and id = any(%(ids)s)
  union all
  select up.asked, r.id, r.merged_into from registry_resident r join up on r.district = {district_sql("up.merged_into")} and r.id = up.merged_into)
"""


def districts_of(ids: Iterable[UUID]) -> list[str]:
    return sorted({district for id in ids if (district := district_of(id))})


def areas_read(actor: Actor) -> tuple[str, ...]:
    """The areas where the actor reads people."""
    return ("",) if actor is SYSTEM else actor.areas_of_any(READS_PEOPLE)


def members(kept: Collection[UUID]) -> dict[UUID, UUID]:
    """Every record of these persons, with the one that is kept."""
    found = db.rows(f"{GROUPS} select id, kept from g", {"districts": districts_of(kept), "ids": list(kept)})
    return dict(found)


def kept_record(id: UUID) -> UUID | None:
    """The record that is kept of the person with this one; None for no record."""
    return kept_records([id]).get(id)


@dataclass(frozen=True, slots=True)
class RoomNamed:
    """A room, and what it is called from the street on."""

    id: UUID
    place: str
    building_id: int
    label: str
    short: str


# The columns from which `named` makes a room's name.
ROOM = f"o.id, o.place, o.building_id, {called_sql()}, {door_sql('o')}"
ROOM_COLUMNS = 5


def of_room(id: str) -> str:
    """The joins for ROOM of the room with this id, which may lie in any district; a room that is gone leaves nulls."""
    return f"left join (registry_room o join registry_building b on b.id = o.building_id) on o.district = {district_sql(id)} and o.id = {id}"


def named(columns: Sequence[Any]) -> RoomNamed | None:
    """Of the columns ROOM; None where there is no such room."""
    id, place, building, house, door = columns
    return None if id is None else RoomNamed(id, place, building, house + door, door)


def rooms_named(ids: Collection[UUID]) -> Mapping[UUID, RoomNamed]:
    """What these rooms are called; one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = db.rows(
        f"select {ROOM} from registry_room o join registry_building b on b.id = o.building_id where o.district = any(%s) and o.id = any(%s)",
        [districts_of(wanted), list(wanted)],
    )
    return {room.id: room for row in found if (room := named(row))}


def kept_records(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The record that is kept of each person with one of these; one statement, none for none."""
    if not ids:
        return {}
    return dict(db.rows(f"{UP} select asked, id from up where merged_into is null", {"districts": districts_of(ids), "ids": list(ids)}))


_DOOR = re.compile(r"(?:(?P<stair>[0-9A-Za-z]{1,6})(?:单元|-|幢|栋)\s*)?(?P<number>[0-9A-Za-z]{1,12})\s*(?:室|房)?$")
MOST_ROOMS = 20


def rooms_found(*, actor: Actor, words: str) -> list[RoomNamed]:
    """Rooms by a house and the number on the door, as one writes them: 延安路18号101, 延安路18号1单元101室. Within the actor's areas; three statements."""
    text = unicodedata.normalize("NFKC", words).strip()
    door = _DOOR.search(text)
    tries = [(text[: door.start()], door)] if door and text[: door.start()].strip() else []
    for house, found in [*tries, (text, None)]:
        if len(house.strip()) < 2:
            continue
        sql, params = like_all("words", house, twice=False)
        buildings = [id for (id,) in db.rows_anew(f"select id from registry_building where {sql} and code <> '' order by street, number_from limit 50", params)]
        rooms = Room.objects.visible_to(actor).filter(building_id__in=buildings, ended_date=None)
        if found:
            rooms = rooms.filter(number__startswith=found["number"])
        if found and found["stair"]:
            rooms = rooms.filter(unit__startswith=found["stair"])
        ids = list(rooms.order_by("building_id", "unit", "floor", "number").values_list("id", flat=True)[:MOST_ROOMS])
        if ids:
            named = rooms_named(ids)
            return [named[id] for id in ids]
    return []
