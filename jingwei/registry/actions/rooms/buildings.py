"""Buildings come into the register: those of the base map get a code and an address, others are entered by hand, at a point or with a footprint."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.areas.queries import here
from jingwei.events.actions import record_all
from jingwei.kit import coords, db
from jingwei.kit.codes import district_of_place, prefix
from jingwei.kit.errors import FieldError, Forbidden, Invalid, Refused, invalid
from jingwei.kit.rings import RingFault, ring
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.keeping import check_keeps, done_before
from jingwei.registry.actions.rooms.coding import give_codes
from jingwei.registry.actions.rooms.reaching import about_building, changes, lived_in, reach_building
from jingwei.registry.models import Address, Building, Plate, Room
from jingwei.registry.queries import fields_on, more_changed, require_on
from jingwei.registry.rules import addresses, basemap
from jingwei.registry.rules import rooms as rules

FACTS = ("name", "name_en", "street", "number", "floors_above", "floors_below", "units", "use", "built_year", "height", "address_id", "more")
SOURCE = "register"  # of buildings that are on no base map
AT_ONCE = 2000
MOST_CORNERS, LARGEST = 200, 500_000  # of a footprint; square metres: more than the largest buildings there are cover


@dataclass(frozen=True)
class BuildingFacts:
    """What is said of a building that is on no base map (`values`: a part of FACTS); its point (`x`, `y`) or the corners of its footprint, in `crs`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    crs: coords.Crs = "EPSG:4326"
    x: float | None = None
    y: float | None = None
    footprint: tuple[tuple[float, float], ...] = ()


@dataclass
class Registered:
    """What registering a whole place did: how many got a code, how many could not, and why (each reason with its number)."""

    coded: int = 0
    refused: int = 0
    reasons: list[tuple[T, int]] = field(default_factory=list)


@transaction.atomic
def register_building(*, actor: Actor, at: datetime, values: Mapping[str, Any], building_id: int, seen_version: int | None = None) -> Building:
    """Give a building of the base map its code, with what is said of it (a part of FACTS). It is tied to the standard address that is given, or to the
    one of its street and number. Refused where the rule can't code it, it has a code, or a field is off in the dictionary."""
    require_on("building", _written(values) | {"code"})
    building = reach_building(actor, building_id, KEEPS_REGISTER, seen_version)
    if building.code:
        raise Refused(T(f"已登记，编码 {building.code}", f"it is registered: {building.code}"), code="has_a_code")
    return _register(actor, at, building, values, "registered")


@transaction.atomic
def enter_building(*, actor: Actor, at: datetime, facts: BuildingFacts, command: str | None = None) -> Building:
    """A building that is on no base map, where the facts say, with its code. Refused as above; Invalid for a footprint that crosses itself, Forbidden
    outside the actor's areas. `command`: the same request twice enters it once."""
    point, outline = _somewhere(facts)
    place = _place(actor, at, point)
    if command:  # the same request at this very moment waits here, and then finds what the other has made
        db.row("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"command {actor.id}:{command}"])
        if done := done_before(command, actor, district_of_place(place), "building.entered"):
            return Building.objects.get(pk=done.int)
    require_on("building", _written(facts.values) | {"code", "geometry"})
    building = Building.objects.create(
        source=SOURCE, source_id=str(uuid4()), kind="building", place=place, crs="EPSG:4490" if facts.crs == "EPSG:4490" else "EPSG:4326",
        period=db.days(localdate(at), None), geometry=outline, given=None if outline else point,
    )  # fmt: skip
    return _register(actor, at, building, facts.values, "entered", command, drawn=outline is not None)


@transaction.atomic
def register_buildings(*, actor: Actor, at: datetime, place: str) -> Registered:
    """Codes for all buildings of a place that have none, from west to east and from north to south (DB6101/T 3185-2024), tied to their addresses."""
    check_keeps(actor, place, KEEPS_REGISTER)
    require_on("building", ["code"])
    tie = "address" in fields_on("building")
    done, why = Registered(), Counter[T]()
    waiting = db.rows(
        """select id, place, street, number from registry_building where place like %s and code = '' and upper_inf(period)
            order by left(place, 12), round(ST_X(point)::numeric, 3), ST_Y(point) desc, id for no key update""",
        [place + "%"],
    )
    for begin in range(0, len(waiting), AT_ONCE):
        part = waiting[begin : begin + AT_ONCE]
        codes = give_codes("building", localdate(at), [rules.Facts(one) for _, one, _, _ in part])
        known = _addresses([(one, street, number) for _, one, street, number in part]) if tie else {}
        given = [(row, code) for row, code in zip(part, codes, strict=True) if isinstance(code, str)]
        why.update(code for code in codes if isinstance(code, T))
        db.run(
            """update registry_building b set code = n.code, address_id = coalesce(b.address_id, n.address), version = version + 1
                 from unnest(%s::bigint[], %s::text[], %s::bigint[]) n(id, code, address) where b.id = n.id""",
            [[row[0] for row, _ in given], [code for _, code in given], [known.get((row[1][:6], row[2] + row[3])) for row, _ in given]],
        )
        record_all(about_building("registered", actor, at, Building(pk=row[0], place=row[1]), code=code) for row, code in given)
        done.coded += len(given)
    done.refused = sum(why.values())
    done.reasons = why.most_common(20)
    return done


@transaction.atomic
def change_building(*, actor: Actor, at: datetime, building_id: int, seen_version: int, values: Mapping[str, Any]) -> Building:
    """Correct what is known of a building. Its code stays. Rooms' addresses follow the building's."""
    building = reach_building(actor, building_id, KEEPS_REGISTER, seen_version)
    changed = {name: value for name, value in _checked(building, values).items() if getattr(building, name) != value}
    if not changed:
        return building
    require_on("building", _called(changed))  # nor is one that is off emptied here: the form does not show what stands there
    _refuse_floors_in_use(building, changed)
    before = {name: getattr(building, name) for name in changed}
    _write(building, changed)
    if {"address_id", "street", "number"} & set(changed):
        write_keys(building)
    record_all([about_building("changed", actor, at, building, changes=changes(before, changed))])
    return building


@transaction.atomic
def end_building(*, actor: Actor, at: datetime, building_id: int, seen_version: int, on: date, reason: str) -> Building:
    """The building stands no longer from `on` on (pulled down); its rooms and plates end with it. Refused while somebody lives there.
    One that was entered this very day, by mistake, lasts that day."""
    building = reach_building(actor, building_id, KEEPS_REGISTER, seen_version)
    if on > localdate(at) or on < building.period.lower:
        raise invalid("on", "须在登记之后、今天或以前", "after it was registered, today at the latest")
    rooms = list(Room.objects.select_for_update(no_key=True).filter(building=building, ended_date__isnull=True).order_by("district", "id"))
    if lived := lived_in([room.id for room in rooms]):
        many = len(lived)
        raise Refused(T(f"还有 {many} 间房屋有人居住，请先办理迁出", f"people live in {many} of its rooms: move them out first"), code="lived_in")
    Room.objects.filter(building=building, ended_date__isnull=True).update(ended_date=on)
    if rooms:
        require_on("room", ["ended_date"])
    plates = Plate.objects.filter(building=building, voided_at__isnull=True).update(voided_at=at)
    db.run(
        "update registry_building set period = daterange(lower(period), greatest(%s, lower(period) + 1)), version = version + 1 where id = %s",
        [on, building.pk],
    )
    building.refresh_from_db(fields=["period", "version"])
    record_all([about_building("ended", actor, at, building, on=on, reason=reason, rooms=len(rooms), plates=plates)])
    return building


def write_keys(building: Building) -> None:
    """The keys under which an import finds the building's rooms, after its address."""
    base = key_of(building)
    rooms = list(Room.objects.filter(building=building).values_list("district", "id", "unit", "number"))
    keys = [addresses.room_key(base, unit, number)[:200] if base else "" for _, _, unit, number in rooms]
    db.run(
        """update registry_room r set address_key = n.key from unnest(%s::text[], %s::uuid[], %s::text[]) n(district, id, key)
            where r.district = n.district and r.id = n.id and r.address_key <> n.key""",
        [[room[0] for room in rooms], [room[1] for room in rooms], keys],
    )


def key_of(building: Building) -> str:
    """The normal form of a building's address: the standard one, or its street and number; "" without either."""
    if building.address_id:
        standard = Address.objects.filter(pk=building.address_id).values_list("standard", flat=True).get()
        return addresses.normal(standard)
    return addresses.normal(building.street + building.number) if building.street and building.number else ""


def _somewhere(facts: BuildingFacts) -> tuple[Point, MultiPolygon | None]:
    """A point inside a building that is on no base map, and its footprint, where that was drawn. Raises Invalid."""
    try:
        if facts.footprint:
            closed, area = ring([coords.to_wgs84(facts.crs, x, y) for x, y in facts.footprint], MOST_CORNERS)
            if area > LARGEST:
                raise RingFault(f"轮廓有 {area:,.0f} 平方米，请只画一栋楼", f"the footprint covers {area:,.0f} m²: draw one building alone")
            outline = MultiPolygon(Polygon(closed), srid=4326)
            return outline.point_on_surface, outline
        if facts.x is None or facts.y is None:
            raise invalid("x", "不在底图上的楼栋须给出位置或轮廓", "a building that is on no base map needs a position or a footprint")
        return Point(*coords.to_wgs84(facts.crs, facts.x, facts.y), srid=4326), None
    except RingFault as fault:
        raise Invalid(errors=[FieldError("footprint", fault.why)]) from None
    except ValueError:
        raise invalid("footprint" if facts.footprint else "x", "经纬度超出范围", "the coordinates are off the earth") from None


def _place(actor: Actor, at: datetime, point: Point) -> str:
    """The grid of a point, or the deepest division around it. Raises Forbidden where the actor does not keep the register."""
    found = here(point.x, point.y, localdate(at))
    place = found.grid[0] if found.grid else prefix(found.divisions[-1][0], found.divisions[-1][2]) if found.divisions else ""
    if actor is not SYSTEM and not any(place.startswith(area) for area in actor.areas()):
        raise Forbidden(T("位置不在你的区域之内", "the position lies outside your areas"))
    check_keeps(actor, place, KEEPS_REGISTER)
    return place


def _register(actor: Actor, at: datetime, building: Building, said: Mapping[str, Any], type: str, command: str | None = None, **more: Any) -> Building:
    values = _checked(building, said)
    if not values.get("address_id") and building.address_id is None and "address" in fields_on("building"):
        values["address_id"] = _address_of(building, values)
    code = give_codes("building", localdate(at), [rules.Facts(building.place)])[0]
    if isinstance(code, T):
        raise Refused(code, code="no_code")
    _write(building, values | {"code": code})
    happened = about_building(type, actor, at, building, code=code, said=_said(values), **more)
    record_all([replace(happened, command=command and f"{actor.id or 0}:{command}")])
    return building


def _checked(building: Building, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that may be written, with what follows from them."""
    known = {name: value for name, value in values.items() if name in FACTS}
    if "more" in known:
        known["more"] = more_changed("building", building.more, known["more"])
    if "number" in known:
        span = basemap.number_span(known["number"]) or (None, None)
        known |= {"number_from": span[0], "number_to": span[1]}
    if known.get("address_id"):
        address = Address.objects.filter(pk=known["address_id"], valid_to__isnull=True).first()
        if address is None or (address.place and building.place and address.place[:6] != building.place[:6]):
            raise invalid("address", "没有这个标准地址，或不在同一区县", "there is no such address, or it lies in another district")
    return known


def _refuse_floors_in_use(building: Building, changed: Mapping[str, Any]) -> None:
    top, cellar = changed.get("floors_above"), changed.get("floors_below")
    if top is None and cellar is None:
        return
    highest, lowest = db.row("select max(floor), min(floor) from registry_room where building_id = %s and ended_date is null", [building.pk]) or (None, None)
    if top is not None and highest is not None and top < highest:
        raise invalid("floors_above", f"第 {highest} 层有房屋", f"there are rooms on floor {highest}")
    if cellar is not None and lowest is not None and -cellar > lowest:
        raise invalid("floors_below", f"地下 {-lowest} 层有房屋", f"there are rooms on floor {lowest}")


def _address_of(building: Building, values: Mapping[str, Any]) -> int | None:
    street, number = values.get("street", building.street), values.get("number", building.number)
    return _addresses([(building.place, street, number)]).get((building.place[:6], street + number))


def _addresses(wanted: list[tuple[str, str, str]]) -> dict[tuple[str, str], int]:
    """The standing standard address of each (place, street, number), where there is just one in the district: by (district, street + number)."""
    keys = {(place[:6], street + number): addresses.normal(street + number) for place, street, number in wanted if street and number}
    found = db.rows(
        """select left(place, 6), key, min(id) from registry_address where key = any(%s) and valid_to is null group by 1, 2 having count(*) = 1""",
        [list(set(keys.values()))],
    )
    known = {(district, key): id for district, key, id in found}
    return {said: known[said[0], key] for said, key in keys.items() if (said[0], key) in known}


def _write(building: Building, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(building, name, value)
    building.version += 1
    Building.objects.filter(pk=building.pk).update(version=building.version, **values)


def _called(names: Iterable[str]) -> set[str]:
    """What the field dictionary calls the columns."""
    return {name.removesuffix("_id") for name in names} - {"number_from", "number_to", "more"}


def _written(values: Mapping[str, Any]) -> set[str]:
    return _called(_said({name: value for name, value in values.items() if name != "more"}))


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in values.items() if value not in (None, "", {})}
    own: dict[str, Any] = said.pop("more", {})
    return said | own
