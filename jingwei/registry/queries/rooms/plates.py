"""Plates of a building, what is printed on one, and what its link shows to anybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.kit.ids import district_of
from jingwei.registry.models import Building, Plate, Room
from jingwei.registry.queries.fields import dictionary
from jingwei.registry.queries.naming import called
from jingwei.registry.rules.rooms import full_number


@dataclass(frozen=True)
class PlateRow:
    """A plate of a building; `room`: None on the building's own wall."""

    id: UUID
    number: str
    room_id: UUID | None
    room: str
    issued_at: datetime
    voided_at: datetime | None


def plates_of(*, actor: Actor, building_id: int) -> list[PlateRow]:
    """All plates of a building that were ever given out, the holding ones first, by their numbers; three statements."""
    plates = list(Plate.objects.visible_to(actor).filter(building_id=building_id).order_by("-voided_at", "number"))
    rooms = _numbers(plates)
    return [PlateRow(p.id, p.number, p.room_id, rooms.get(p.room_id, ""), p.issued_at, p.voided_at) for p in plates]


@dataclass(frozen=True)
class PlateOnPaper:
    """What is printed: the building's address, the room ("" for the building's own plate), code and number of the plate."""

    id: UUID
    number: str
    called: str
    room: str
    code: str
    place: str
    building: Building


def plates_on_paper(*, actor: Actor, plates: Sequence[UUID]) -> list[PlateOnPaper]:
    """The holding plates among those asked for, in that order; three statements."""
    held = dictionary()
    off, off_room = held.off("building"), held.off("room")
    districts = {district for id in plates if (district := district_of(id))}
    found = {
        plate.id: plate
        for plate in Plate.objects.visible_to(actor)
        .filter(district__in=districts, id__in=plates, voided_at__isnull=True)
        .select_related("building__address")
        .defer("building__geometry")
    }
    rooms = {room.id: room for room in Room.objects.filter(district__in=districts, id__in=[p.room_id for p in found.values() if p.room_id])}
    papers = []
    for id in dict.fromkeys(plates):
        if plate := found.get(id):
            room = rooms.get(plate.room_id) if plate.room_id else None
            said = _number(room.unit, room.number, off_room) if room else ""
            code = "" if "code" in (off_room if room else off) else room.code if room else plate.building.code
            papers.append(PlateOnPaper(plate.id, plate.number, called(plate.building, off), said, code, plate.place, plate.building))
    return papers


@dataclass(frozen=True)
class PublicPlate:
    """What anybody may know who stands before a plate: the building's address, its grid and community, and the unit that serves it. Nothing of persons,
    and not which room. `place` and `room_id` are for those who work here."""

    number: str
    called: str
    voided: bool
    grid: str
    community: str
    unit: str
    place: str
    room_id: UUID | None
    building_id: int


def public_plate(number: str) -> PublicPlate | None:
    """By its number; whether the link is signed, the door has looked. At most five statements."""
    plate = Plate.objects.filter(district=number[:6], number=number).select_related("building__address").defer("building__geometry").first()
    if plate is None:
        return None
    place = plate.place
    names = place_names({place, place[:12]})
    unit = (
        Unit.objects.current()
        .filter(Q(area__in=[place[:n] for n in (15, 12, 9) if len(place) >= n]), kind__in=["station", "street_centre"])
        .order_by("-area")
        .first()
    )
    name = called(plate.building, dictionary().off("building"))
    return PublicPlate(
        plate.number, name, plate.voided_at is not None, names.get(place, "") if len(place) == 15 else "", names.get(place[:12], ""),
        unit.name if unit else "", place, plate.room_id, plate.building_id,
    )  # fmt: skip


def _number(unit: str, number: str, off: Collection[str]) -> str:
    return full_number("" if "unit" in off else unit, "" if "number" in off else number)


def _numbers(plates: Sequence[Plate]) -> dict[UUID | None, str]:
    ids = [plate.room_id for plate in plates if plate.room_id]
    rooms = Room.objects.filter(district__in={plate.district for plate in plates}, id__in=ids).values_list("id", "unit", "number")
    off = dictionary().off("room")
    return {id: _number(unit, number, off) for id, unit, number in rooms}
