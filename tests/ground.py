"""Some ground for the tests of what hangs together: a house in grid A-001 with rooms, a family, a shop, a lamp before it, a pledge and plates."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.kit import crypto
from jingwei.kit.ids import new_id
from jingwei.registry.models import (
    Address,
    Building,
    Component,
    ComponentClass,
    Household,
    Organisation,
    Plate,
    Pledge,
    Premises,
    Residency,
    Resident,
    Room,
)
from tests.world import FAR, IN_A1, IN_FAR, A

BORN = datetime(2026, 1, 5, tzinfo=UTC)
GRID, FAR_GRID = A + "001", FAR + "001"
D = GRID[:6]


def row(model: Any, place: str = GRID, **values: Any) -> Any:
    """A row by district, at a place."""
    made = model(district=place[:6], id=new_id(place[:6], BORN), place=place, **values)
    made.save(force_insert=True)
    return made


def box(lon: float, lat: float, half: float = 0.0001) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((lon - half, lat - half, lon + half, lat + half)), srid=4326)


def house(point: tuple[float, float], place: str, number: int, *, address: Address | None = None) -> Building:
    return Building.objects.create(
        source="test",
        source_id=str(number),
        kind="residential",
        street="延安路",
        number=f"{number}号",
        number_from=number,
        number_to=number,
        place=place,
        period=DateRange(date(2000, 1, 1), None),
        height=18,
        geometry=box(*point),
        code=f"{place}{number:05d}",
        floors_above=6,
        units=1,
        address=address,
    )


def room(building: Building, number: str, **more: Any) -> Room:
    return row(Room, building.place, building=building, unit="1", floor=int(number[0]), number=number, code=f"{building.code}{number:0>6}", **more)


def resident(name: str, place: str = GRID, **more: Any) -> Resident:
    return row(Resident, place, name_sealed=crypto.seal(name, about="resident.name"), **more)


def lives(who: Resident, where: Room, first: date = date(2020, 5, 1), end: date | None = None, **more: Any) -> Residency:
    home = more.pop("household", None)
    of = {"district": who.district, "id": new_id(who.district, BORN), "place": where.place, "household_id": home and home.id}
    made = Residency(**of, resident_id=who.id, room_id=where.id, period=DateRange(first, end), **({"source": "走访"} | more))
    made.save(force_insert=True)
    return made


def build_ground() -> SimpleNamespace:
    """Everything, by name."""
    g = SimpleNamespace()
    g.road = Address.objects.create(kind="road", name="延安路", standard="延安路", key="延安路", place=GRID, valid_from=date(2000, 1, 1))
    g.number = Address.objects.create(
        parent=g.road, kind="number", name="18号", standard="延安路18号", key="延安路18号", place=GRID, valid_from=date(2000, 1, 1)
    )
    g.house = house(IN_A1, GRID, 18, address=g.number)
    g.far_house = house(IN_FAR, FAR_GRID, 99)
    g.flat, g.shop_room, g.empty = room(g.house, "101"), room(g.house, "102", use="shop"), room(g.house, "201")
    g.far_flat = room(g.far_house, "301")
    g.father, g.mother, g.before = resident("欧阳试一"), resident("王试二"), resident("赵试三", FAR_GRID)
    g.home = row(Household, room_id=g.flat.id, number="A18-101", head_id=g.father.id, from_date=date(2020, 5, 1))
    g.stays = [lives(g.father, g.flat, household=g.home), lives(g.mother, g.flat, household=g.home)]
    g.stays += [lives(g.before, g.flat, date(2015, 1, 1), date(2020, 4, 1)), lives(g.before, g.far_flat, date(2020, 4, 1))]
    g.shop = row(Organisation, name="试验面馆", uscc="", kind="individual")
    g.premises = row(
        Premises, organisation_id=g.shop.id, building=g.house, room_id=g.shop_room.id, point=Point(*IN_A1, srid=4326), period=DateRange(date(2021, 1, 1), None)
    )
    g.lamps, _ = ComponentClass.objects.get_or_create(
        edition="GB/T 47678.5-2026", code="01037", defaults={"name": "路灯", "major": "01", "major_name": "市政公用设施"}
    )
    g.hydrants, _ = ComponentClass.objects.get_or_create(
        edition="GB/T 47678.5-2026", code="01013", defaults={"name": "消防设施", "major": "01", "major_name": "市政公用设施"}
    )
    beside = Point(IN_A1[0] + 0.0002, IN_A1[1], srid=4326)  # ten metres from the wall
    g.lamp = row(Component, code=D + "01037000001", klass=g.lamps, name="路灯 7 号", geometry=beside, keeper="照明所", placed_date=date(2019, 3, 1))
    g.hydrant = row(Component, code=D + "01013000001", klass=g.hydrants, name="消火栓 3 号", geometry=Point(IN_A1[0] + 0.001, IN_A1[1], srid=4326))
    g.sign = row(Component, code=D + "01037000002", klass=g.lamps, name="面馆店招", geometry=Point(*IN_A1, srid=4326), organisation_id=g.shop.id)
    g.pledge = row(
        Pledge,
        kind="landlord",
        title="出租房屋责任书",
        resident_id=g.father.id,
        room_id=g.flat.id,
        signed_date=date(2024, 1, 1),
        term=DateRange(date(2024, 1, 1), date(2027, 1, 1)),
    )
    g.plate = row(Plate, number="P000001", building=g.house, room_id=g.flat.id)
    return g
