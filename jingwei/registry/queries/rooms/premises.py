"""Who does business in a building: organisations with their rooms. What is off in the field dictionary is not shown."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.kit import db
from jingwei.kit.errors import NotFound
from jingwei.registry.queries.fields import blanked, dictionary
from jingwei.registry.queries.rooms.scope import within_areas
from jingwei.registry.rules.rooms import full_number

MOST = 500


@dataclass(frozen=True)
class PremisesHere:
    """An organisation that does business in the building, in a room of it where `room_id` says so; `to_date`: the first day on which it is gone."""

    id: UUID
    organisation_id: UUID
    name: str
    kind: str
    room_id: UUID | None
    use: str
    from_date: date | None
    to_date: date | None
    room: str = ""


_HERE = """
select p.id, o.id, o.name, o.kind, p.room_id, p.use, lower(p.period), upper(p.period), r.unit, r.number
  from registry_building b
  left join (registry_premises p join registry_organisation o on o.district = p.district and o.id = p.organisation_id)
    on p.building_id = b.id and (upper_inf(p.period) or upper(p.period) > %(on)s)
  left join registry_room r on r.building_id = b.id and r.id = p.room_id
 where b.id = %(id)s and {where}
 order by lpad(coalesce(r.unit, ''), 20), r.floor nulls first, lpad(coalesce(r.number, ''), 30), o.name, p.id limit %(most)s"""


def premises_of_building(*, actor: Actor, building_id: int, on: date) -> list[PremisesHere]:
    """Those of a day and those that will begin, by stair, floor and room, the building's own first; two statements. Raises NotFound outside the
    actor's areas."""
    given: dict[str, Any] = {"id": building_id, "on": on, "most": MOST}
    where = within_areas(actor, "b.place", given)
    found = db.rows(_HERE.format(where=where), given)
    if not found:
        raise NotFound()
    held = dictionary()
    off, of_rooms = held.off("premises") | (held.off("organisation") & {"name", "kind"}), held.off("room")
    off |= {"room_id"} if "room" in off else set()
    rows = []
    for *row, unit, number in found:
        if row[0] is not None:
            room = full_number("" if "unit" in of_rooms else unit or "", "" if "number" in of_rooms else number or "")
            rows.append(blanked(replace(PremisesHere(*row), room=room), off))
    return rows
