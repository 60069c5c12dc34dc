"""Rooms of a building: a whole matrix of them at once, one changed, split, merged, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, Actor
from jingwei.events.actions import record_all
from jingwei.kit import db
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import FieldError, Invalid, Refused, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.rooms.buildings import key_of
from jingwei.registry.actions.rooms.coding import give_codes
from jingwei.registry.actions.rooms.reaching import about_building, about_room, changes, lived_in, reach_building, reach_rooms
from jingwei.registry.models import Building, Plate, Room, RoomState
from jingwei.registry.models.rooms import TENURES, USES
from jingwei.registry.queries import fields_on, more_changed, require_on
from jingwei.registry.rules import addresses
from jingwei.registry.rules import rooms as rules

CHANGES = ("unit", "floor", "number", "use", "tenure", "area")
MOST_PARTS = 20  # of a room that is split, or rooms that are merged


@dataclass(frozen=True)
class NewRoom:
    """A room before it is registered. `floor` is read from the number where it isn't said."""

    unit: str = ""
    floor: int | None = None
    number: str = ""
    use: str = "residence"
    tenure: str = ""
    area: Decimal | None = None
    source: str = ""
    predecessors: tuple[UUID, ...] = ()

    def whole(self) -> "NewRoom":
        return self if self.floor is not None else replace(self, floor=rules.floor_of(self.number))

    def written(self) -> set[str]:
        """The fields that say something; a room without a use is a home."""
        empty = NewRoom()
        return {name for name in CHANGES if getattr(self, name) != getattr(empty, name)}


@transaction.atomic
def add_pattern(
    *, actor: Actor, at: datetime, building_id: int, pattern: rules.Pattern, use: str = "residence", tenure: str = "", leave: bool = True
) -> list[Room]:
    """The rooms of a pattern of stairs, floors and rooms a floor. With `leave`, rooms that are there already stay as they are."""
    if fault := pattern.fault():
        raise Invalid(errors=[FieldError(*fault)])
    wanted = [NewRoom(door.unit, door.floor, door.number, use, tenure) for door in rules.plan(pattern)]
    return add_rooms(actor=actor, at=at, building_id=building_id, rooms=wanted, leave=leave)


@transaction.atomic
def add_rooms(*, actor: Actor, at: datetime, building_id: int, rooms: Sequence[NewRoom], leave: bool = False) -> list[Room]:
    """Register rooms of a building that has a code; each gets its own by the rule in force. Refused, all together, where one stands there already
    (with `leave` that one is passed over), twice in the list, can't be coded, or says what is off in the dictionary. Raises Invalid that names the rows."""
    building = reach_building(actor, building_id, READS_PEOPLE)
    if not building.code:
        raise Refused(T("楼栋尚未登记编码，先登记楼栋", "the building has no code yet: register it first"), code="building_not_registered")
    if len(rooms) > rules.MOST_ROOMS:
        raise invalid("rooms", f"一次最多 {rules.MOST_ROOMS} 间", f"at most {rules.MOST_ROOMS} rooms at once")
    standing = set(Room.objects.filter(building=building, ended_date__isnull=True).values_list("unit", "number"))
    require_on("room", set().union(*(room.written() for room in rooms)), new=True)
    wanted = [room.whole() for room in rooms] if "floor" in fields_on("room") else list(rooms)
    if leave:
        wanted = [room for room in wanted if (room.unit, room.number) not in standing]
    faults, seen = [], set(standing)
    for i, room in enumerate(wanted):
        faults += [FieldError(f"rooms.{i}.{field}", why) for field, why in _faults(room, building)]
        if (room.unit, room.number) in seen:
            said = rules.full_number(room.unit, room.number)
            faults.append(FieldError(f"rooms.{i}.number", T(f"{said} 已登记", f"{said} stands there already")))
        seen.add((room.unit, room.number))
    if faults:
        raise Invalid(errors=faults[:50])
    made = _write(building, wanted, at)
    if made:
        first, last = rules.full_number(made[0].unit, made[0].number), rules.full_number(made[-1].unit, made[-1].number)
        happened = [about_building("rooms_added", actor, at, building, many=len(made), first=first, last=last)]
        record_all([*happened, *(about_room("registered", actor, at, room, number=rules.full_number(room.unit, room.number)) for room in made)])
    return made


@transaction.atomic
def change_room(*, actor: Actor, at: datetime, room_id: UUID, seen_version: int, values: Mapping[str, Any], from_date: date | None = None) -> Room:
    """Correct a room's number or area, or write down that its use or tenure is another from `from_date` on (today unless said): what was before
    stays as its former state."""
    room = reach_rooms(actor, {room_id: seen_version})[0]
    changed = {name: value for name, value in values.items() if name in CHANGES and getattr(room, name) != value}
    require_on("room", changed)
    more = more_changed("room", room.more, values.get("more", {}))
    changed |= {"more": more} if more != room.more else {}
    if not changed:
        return room
    today, day = localdate(at), from_date or localdate(at)
    after = NewRoom(**{name: changed.get(name, getattr(room, name)) for name in CHANGES})
    if faults := _faults(after, room.building):
        raise Invalid(errors=[FieldError(field, why) for field, why in faults])
    if {"unit", "number"} & set(changed):
        beside = Room.objects.filter(district=room.district, building_id=room.building_id, unit=after.unit, number=after.number, ended_date__isnull=True)
        if beside.exclude(id=room.id).exists():
            raise invalid("number", "同一楼栋已有这个房号", "the building has a room of this number")
        base = key_of(room.building)
        room.address_key = addresses.room_key(base, after.unit, after.number)[:200] if base else ""
    if {"use", "tenure"} & set(changed):
        if day > today or (room.state_from and day < room.state_from):
            raise invalid("from_date", "须不早于现状开始之日，也不晚于今天", "not before the present state began, and not after today")
        if room.state_from != day:
            RoomState.objects.create(
                district=room.district, id=new_id(room.district, at), room_id=room.id, use=room.use, tenure=room.tenure, period=(room.state_from, day)
            )
        room.state_from = day
    before = {name: getattr(room, name) for name in changed}
    for name, value in changed.items():
        setattr(room, name, value)
    room.version += 1
    _save(room, [*changed, "address_key", "state_from", "version"])
    record_all([about_room("changed", actor, at, room, changes=changes(before, changed), from_date=day)])
    return room


@transaction.atomic
def end_room(*, actor: Actor, at: datetime, room_id: UUID, seen_version: int, on: date, reason: str) -> Room:
    """The room is no more from `on` on (pulled down, or registered by mistake). Refused while somebody lives there. Its code is never given again."""
    room = reach_rooms(actor, {room_id: seen_version}, KEEPS_REGISTER)[0]
    _close([room], on, at)
    record_all([about_room("ended", actor, at, room, on=on, reason=reason)])
    return room


@transaction.atomic
def split_room(*, actor: Actor, at: datetime, room_id: UUID, seen_version: int, numbers: Sequence[str], on: date) -> list[Room]:
    """The room becomes several, with new numbers and codes, on the same floor. Refused while somebody lives there."""
    room = reach_rooms(actor, {room_id: seen_version})[0]
    if not 2 <= len(numbers) <= MOST_PARTS:
        raise invalid("numbers", f"须拆成 2 至 {MOST_PARTS} 间", f"into 2 to {MOST_PARTS} rooms")
    _close([room], on, at)
    parts = [NewRoom(room.unit, room.floor, number, room.use, room.tenure, None, room.source, (room.id,)) for number in numbers]
    made = _follow(actor, at, on, room.building, parts, "numbers")
    record_all([about_room("split", actor, at, room, into=[str(part.id) for part in made], numbers=list(numbers), on=on)])
    return made


@transaction.atomic
def merge_rooms(*, actor: Actor, at: datetime, rooms: Mapping[UUID, int], number: str, on: date) -> Room:
    """Rooms of one stair and floor (ids with the versions that were seen) become one, with the number given. Refused while somebody lives in one."""
    if not 2 <= len(rooms) <= MOST_PARTS:
        raise invalid("rooms", f"须为 2 至 {MOST_PARTS} 间", f"2 to {MOST_PARTS} rooms")
    found = reach_rooms(actor, dict(rooms))
    if len({(room.building_id, room.unit, room.floor) for room in found}) > 1:
        raise invalid("rooms", "只能合并同一单元同一层的房屋", "only rooms of one stair and floor can be merged")
    _close(found, on, at)
    first = found[0]
    areas = [room.area for room in found]
    area = sum((one for one in areas if one), Decimal()) if all(areas) else None
    whole = NewRoom(first.unit, first.floor, number, first.use, first.tenure, area, first.source, tuple(room.id for room in found))
    made = _follow(actor, at, on, first.building, [whole], "number")[0]
    record_all(about_room("merged", actor, at, room, into=str(made.id), number=number, on=on) for room in found)
    return made


def _faults(room: NewRoom, building: Building) -> list[tuple[str, T]]:
    """(field, why): a number at least, a use and a tenure that there are, a floor that the building has."""
    faults: list[tuple[str, T]] = []
    if not 0 < len(room.number.strip()) <= 30:
        faults.append(("number", T("须填写 1 至 30 字的房号", "a number of 1 to 30 characters")))
    if len(room.unit) > 20:
        faults.append(("unit", T("单元至多 20 字", "a stair has at most 20 characters")))
    if room.use not in USES:
        faults.append(("use", T("没有这种用途", "there is no such use")))
    if room.tenure not in TENURES:
        faults.append(("tenure", T("没有这种权属", "there is no such tenure")))
    if room.floor is not None and not (-rules.DEEPEST <= room.floor <= rules.TALLEST and room.floor):
        faults.append(("floor", T("楼层不合理，没有 0 层", "not a floor; there is none with the number 0")))
    elif room.floor and building.floors_above is not None and room.floor > building.floors_above:
        faults.append(("floor", T(f"楼栋地上只有 {building.floors_above} 层", f"the building has {building.floors_above} floors above ground")))
    elif room.floor and building.floors_below is not None and room.floor < -building.floors_below:
        faults.append(("floor", T(f"楼栋地下只有 {building.floors_below} 层", f"the building has {building.floors_below} floors below ground")))
    if room.area is not None and not 0 < room.area < 10_000_000:
        faults.append(("area", T("面积须大于 0", "the area is more than 0")))
    return faults


def _close(rooms: Sequence[Room], on: date, at: datetime) -> None:
    require_on("room", ["ended_date"])
    if on > localdate(at):
        raise invalid("on", "不能晚于今天", "today at the latest")
    if lived := lived_in([room.id for room in rooms]):
        said = "、".join(rules.full_number(room.unit, room.number) for room in rooms if room.id in lived)
        raise Refused(T(f"{said} 还有人居住，请先办理迁出", f"people live in {said}: move them out first"), code="lived_in")
    for room in rooms:
        room.ended_date, room.version = on, room.version + 1
        _save(room, ["ended_date", "version"])
        Plate.objects.filter(district=room.district, room_id=room.id, voided_at__isnull=True).update(voided_at=at)


def _follow(actor: Actor, at: datetime, on: date, building: Building, rooms: list[NewRoom], field: str) -> list[Room]:
    """The rooms that take the place of closed ones."""
    require_on("room", [], new=True)
    standing = set(Room.objects.filter(building=building, ended_date__isnull=True).values_list("unit", "number"))
    taken = [room.number for room in rooms if (room.unit, room.number) in standing]
    if taken or len({room.number for room in rooms}) < len(rooms):
        raise invalid(field, "房号已有，或写了两次", "a number is taken, or stands twice")
    for room in rooms:
        if faults := _faults(room, building):
            raise Invalid(errors=[FieldError(field, why) for _, why in faults])
    made = _write(building, rooms, at, on)
    record_all(about_room("registered", actor, at, room, number=rules.full_number(room.unit, room.number)) for room in made)
    return made


def _write(building: Building, wanted: Sequence[NewRoom], at: datetime, state_from: date | None = None) -> list[Room]:
    """What stands in the table afterwards. While the field is off, rooms get no code."""
    district, base, facts = district_of_place(building.place), key_of(building), []
    if "code" in fields_on("room"):
        facts = [rules.Facts(building.place, building.code, room.unit, room.floor, room.number) for room in wanted]
    codes = give_codes("room", localdate(at), facts) or [""] * len(wanted)
    if faults := [FieldError(f"rooms.{i}", code) for i, code in enumerate(codes) if isinstance(code, T)]:
        raise Invalid(errors=faults[:50])
    rooms = [
        Room(
            district=district, id=new_id(district, at), place=building.place, building=building, unit=room.unit, floor=room.floor, number=room.number,
            code=str(code), address_key=addresses.room_key(base, room.unit, room.number)[:200] if base else "", use=room.use, tenure=room.tenure,
            state_from=state_from, area=room.area, source=room.source, predecessors=list(room.predecessors),
        )
        for room, code in zip(wanted, codes, strict=True)
    ]  # fmt: skip
    Room.objects.bulk_create(rooms, batch_size=1000)
    if rooms:
        db.look_again("registry_room")
    return rooms


def _save(room: Room, names: Sequence[str]) -> None:
    Room.objects.filter(district=room.district, id=room.id).update(**{name: getattr(room, name) for name in names})
