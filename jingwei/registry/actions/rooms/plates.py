"""Plates with QR codes: given out for a building and its rooms, printed, and voided when they are lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, Actor
from jingwei.events.actions import record_all
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import NotFound, Refused, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_keeps, lock_one
from jingwei.registry.actions.rooms.coding import give_numbers
from jingwei.registry.actions.rooms.reaching import about_building, reach_building
from jingwei.registry.models import Plate, Room
from jingwei.registry.queries import PlateOnPaper, plates_on_paper
from jingwei.registry.rules.plates import plate_number

MOST_PRINTED = 480  # twenty sheets


@transaction.atomic
def issue_plates(*, actor: Actor, at: datetime, building_id: int, rooms: Sequence[UUID] | None = None, own: bool = True) -> list[Plate]:
    """Plates for the building's rooms (`rooms`: for these alone) and, with `own`, for the building itself, where there is none that holds."""
    building = reach_building(actor, building_id, KEEPS_REGISTER)
    if not building.code:
        raise Refused(T("楼栋尚未登记编码，先登记楼栋", "the building has no code yet: register it first"), code="building_not_registered")
    held = set(Plate.objects.filter(building=building, voided_at__isnull=True).values_list("room_id", flat=True))
    standing = Room.objects.filter(building=building, ended_date__isnull=True).order_by("unit", "floor", "number")
    wanted = list(standing if rooms is None else standing.filter(id__in=rooms))
    if rooms is not None and len(wanted) < len(set(rooms)):
        raise invalid("rooms", "有的房屋不在这栋楼里", "some of the rooms are not in this building")
    targets: list[UUID | None] = [None] if own and None not in held else []
    targets += [room.id for room in wanted if room.id not in held]
    if not targets:
        return []
    district = district_of_place(building.place)
    first = give_numbers("plate", [district] * len(targets))[district]
    plates = Plate.objects.bulk_create(
        Plate(
            district=district, id=new_id(district, at), place=building.place, building=building, room_id=room, issued_at=at, number=plate_number(district, n)
        )
        for n, room in enumerate(targets, start=first)
    )  # fmt: skip
    record_all([about_building("plates_issued", actor, at, building, many=len(plates), first=plates[0].number, last=plates[-1].number)])
    return plates


@transaction.atomic
def void_plate(*, actor: Actor, at: datetime, plate_id: UUID, reason: str) -> Plate:
    """The plate is lost or damaged: its link says so from now on. Another may be given out."""
    plate = lock_one(Plate, actor, plate_id)
    check_keeps(actor, plate.place, KEEPS_REGISTER)
    if plate.voided_at is None:
        plate.voided_at, plate.version = at, plate.version + 1
        Plate.objects.filter(district=plate.district, id=plate.id).update(voided_at=at, version=plate.version)
        record_all([about_building("plate_voided", actor, at, plate.building, number=plate.number, room=plate.room_id, reason=reason)])
    return plate


@transaction.atomic
def print_plates(*, actor: Actor, at: datetime, plates: Sequence[UUID]) -> list[PlateOnPaper]:
    """What stands on the sheet, in the order asked for. Who printed which plates is on record."""
    if len(plates) > MOST_PRINTED:
        raise invalid("plates", f"一次最多打印 {MOST_PRINTED} 张", f"at most {MOST_PRINTED} plates at once")
    found = plates_on_paper(actor=actor, plates=plates)
    if len(found) < len(set(plates)):
        raise NotFound(T("有的门牌不存在或已作废", "some plates are void, or are not there"))
    for plate in found:
        check_keeps(actor, plate.place, KEEPS_REGISTER)
    by_building: dict[int, list[PlateOnPaper]] = {}
    for plate in found:
        by_building.setdefault(plate.building.pk, []).append(plate)
    record_all(about_building("plates_printed", actor, at, some[0].building, numbers=[plate.number for plate in some]) for some in by_building.values())
    return found
