"""The room matrix (楼盘表): units × floors, each room with its state. Two statements."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.kit import db
from jingwei.kit.errors import NotFound
from jingwei.registry.queries.fields import blanked, dictionary
from jingwei.registry.queries.rooms.scope import PEOPLE, PREMISES, reads_people, state_shown, within_areas
from jingwei.registry.rules.rooms import State


@dataclass(frozen=True)
class MatrixRoom:
    """`residents`: None for those who do not read people there; that somebody lives in a room is no name."""

    id: UUID
    unit: str
    floor: int | None
    number: str
    use: str
    tenure: str
    state: State
    residents: int | None
    premises: int
    plate: bool


@dataclass(frozen=True)
class Matrix:
    """`units` from left to right, `floors` from the top down (None: not known), and the rooms of each stair and floor in the order of their numbers."""

    units: list[str]
    floors: list[int | None]
    rooms: list[MatrixRoom]


_MATRIX = """
select b.place, r.id, r.unit, r.floor, r.number, coalesce(s.use, r.use), coalesce(s.tenure, r.tenure), ({people}), ({premises}),
       exists (select from registry_plate p where p.district = r.district and p.room_id = r.id and p.voided_at is null)
  from registry_building b left join registry_room r on r.building_id = b.id and (r.ended_date is null or r.ended_date > %(on)s)
  left join registry_roomstate s on s.district = r.district and s.room_id = r.id and s.period @> %(on)s::date
 where b.id = %(id)s and {where}
 order by lpad(r.unit, 20), r.floor desc nulls last, lpad(r.number, 30), r.id"""


def room_matrix(*, actor: Actor, building_id: int, on: date) -> Matrix:
    """All rooms of a building on a day. Raises NotFound outside the actor's areas."""
    given: dict[str, Any] = {"id": building_id, "on": on}
    where = within_areas(actor, "b.place", given)
    found = db.rows(_MATRIX.format(people=PEOPLE, premises=PREMISES, where=where), given)
    if not found:
        raise NotFound()
    reads, off = reads_people(actor, found[0][0]), dictionary().off("room")
    rooms = [
        blanked(
            MatrixRoom(id, unit, floor, number, use, tenure, state_shown(use, tenure, people, premises, off), people if reads else None, premises, plate), off
        )
        for _, id, unit, floor, number, use, tenure, people, premises, plate in found
        if id is not None
    ]
    floors = sorted({room.floor for room in rooms if room.floor is not None}, reverse=True)
    return Matrix(list(dict.fromkeys(room.unit for room in rooms)), [*floors, *([None] if any(room.floor is None for room in rooms) else [])], rooms)
