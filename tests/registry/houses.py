"""Buildings, rooms and residents for the tests of the register: entered as short as they can be."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.crypto import seal
from jingwei.kit.ids import new_id
from jingwei.registry.actions import NewRoom, add_rooms, register_building
from jingwei.registry.models import Building, Residency, Resident, Room
from tests.world import IN_A1, A

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def on_the_map(at: tuple[float, float] = IN_A1, place: str = A + "001", key: str = "1", **more: Any) -> Building:
    """A building of the base map, without a code."""
    facts: dict[str, Any] = {"street": "南京东路", "number": "100号", "number_from": 100, "number_to": 100} | more
    return Building.objects.create(
        source="test", source_id=key, kind="building", place=place, period=DateRange(date(2026, 1, 1), None), given=Point(*at, srid=4326), **facts
    )


def registered(at: tuple[float, float] = IN_A1, place: str = A + "001", key: str = "1", **more: Any) -> Building:
    return register_building(actor=SYSTEM, at=AT, values={}, building_id=on_the_map(at, place, key, **more).pk)


def rooms_of(building: Building, *numbers: str, **more: Any) -> list[Room]:
    return add_rooms(actor=SYSTEM, at=AT, building_id=building.pk, rooms=[NewRoom(number=number, **more) for number in numbers])


def lives(room: Room, since: date = date(2026, 2, 1), until: date | None = None, district: str | None = None) -> Residency:
    """Somebody lives in the room; their own record lies in `district`."""
    home = district or room.district
    person = Resident.objects.create(district=home, id=new_id(home, AT), place=room.place, name_sealed=seal("张三", about="registry.resident.name"))
    return Residency.objects.create(
        district=home, id=new_id(home, AT), place=room.place, resident_id=person.id, room_id=room.id, period=DateRange(since, until)
    )


def nowhere() -> UUID:
    return new_id("310101", AT)
