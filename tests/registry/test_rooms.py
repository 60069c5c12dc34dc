"""Rooms: a whole matrix at once, changes that keep the former state, splitting, merging, ending; and reading them on any day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import (
    NewRoom,
    add_pattern,
    add_rooms,
    change_coding_rule,
    change_room,
    end_room,
    merge_rooms,
    split_room,
)
from jingwei.registry.models import Residency, Room, RoomState
from jingwei.registry.queries import RoomFilter, room_matrix, room_page, room_whole
from jingwei.registry.rules import addresses
from jingwei.registry.rules.rooms import SHIPPED, Pattern
from tests.registry.houses import AT, TODAY, lives, nowhere, on_the_map, registered, rooms_of
from tests.world import A, World

pytestmark = pytest.mark.django_db


def whole(room: Room, on: date = TODAY, actor: Any = SYSTEM) -> Any:
    return room_whole(actor=actor, room_id=room.id, on=on)


def test_a_worker_makes_the_matrix_of_a_building_at_once(world: World):
    building = registered()
    made = add_pattern(
        actor=world.actor("worker"),
        at=AT,
        building_id=building.pk,
        pattern=Pattern(units=("1", "2"), first_floor=-1, last_floor=6, rooms=3, skip=frozenset({4})),
    )
    assert len(made) == 2 * 6 * 3 and len({room.code for room in made}) == 36
    assert made[0].code == building.code + "000001" and len(made[0].code) == 25
    matrix = room_matrix(actor=world.actor("worker"), building_id=building.pk, on=TODAY)
    assert (matrix.units, matrix.floors) == (["1", "2"], [6, 5, 3, 2, 1, -1])
    assert [room.number for room in matrix.rooms[:3]] == ["601", "602", "603"]
    again = add_pattern(
        actor=world.actor("worker"), at=AT, building_id=building.pk, pattern=Pattern(units=("1", "2", "3"), last_floor=6, rooms=3, skip=frozenset({4}))
    )
    assert len(again) == 15, "the rooms that are there stay"
    happened = Event.objects.filter(type="building.rooms_added").values_list("data__many", flat=True)
    assert sorted(happened) == [15, 36] and Event.objects.filter(type="room.registered").count() == 51


@pytest.mark.parametrize(
    ("rooms", "field"),
    [
        ([NewRoom(number="501"), NewRoom(number="501")], "rooms.1.number"),
        ([NewRoom(number="101")], "rooms.0.number"),
        ([NewRoom(number=" ")], "rooms.0.number"),
        ([NewRoom(number="501", use="palace")], "rooms.0.use"),
        ([NewRoom(number="501", floor=7)], "rooms.0.floor"),
        ([NewRoom(number="B1-01")], "rooms.0.floor"),
        ([NewRoom(number="501", area=Decimal(0))], "rooms.0.area"),
    ],
)
def test_a_list_with_one_wrong_room_is_refused_whole_and_names_it(world: World, rooms: list[NewRoom], field: str):
    building = registered(floors_above=6, floors_below=0)
    rooms_of(building, "101")
    with pytest.raises(Invalid) as refused:
        add_rooms(actor=world.actor("worker"), at=AT, building_id=building.pk, rooms=[NewRoom(number="601"), *rooms][1:])
    assert [error.field for error in refused.value.errors] == [field]
    assert Room.objects.count() == 1 and Event.objects.filter(type="building.rooms_added").count() == 1


def test_rooms_stand_only_in_registered_buildings_of_ones_area(world: World):
    bare = on_the_map()
    with pytest.raises(Refused, match="no code yet"):
        add_rooms(actor=world.actor("worker"), at=AT, building_id=bare.pk, rooms=[NewRoom(number="501")])
    building = registered(key="2")
    for who, error in (("second_worker", NotFound), ("far_worker", NotFound), ("dispatcher", Forbidden)):
        with pytest.raises(error):
            add_rooms(actor=world.actor(who), at=AT, building_id=building.pk, rooms=[NewRoom(number="501")])
    assert not Room.objects.exists()


def test_by_the_rule_with_floors_what_has_none_is_refused_with_the_reason(world: World):
    plain = SHIPPED[1]
    change_coding_rule(actor=SYSTEM, at=AT, kind="room", name="楼层", standard="", parts=plain.room, valid_from=TODAY)
    building = registered()
    assert rooms_of(building, "501", unit="2")[0].code == building.code + "02005001"
    with pytest.raises(Invalid) as refused:
        rooms_of(building, "3")
    assert refused.value.errors[0].field == "rooms.0" and "floor" in refused.value.errors[0].message.en


def test_a_change_of_use_keeps_what_was_before_with_its_days(world: World):
    room = rooms_of(registered(), "101", use="residence", tenure="owner_occupied")[0]
    worker, spring, summer = world.actor("worker"), date(2026, 3, 1), date(2026, 6, 1)
    let = change_room(actor=worker, at=AT, room_id=room.id, seen_version=1, values={"tenure": "rented"}, from_date=spring)
    shop = change_room(actor=worker, at=AT, room_id=room.id, seen_version=let.version, values={"use": "shop", "area": Decimal("30.5")}, from_date=summer)
    states = [(whole(room, day).use, whole(room, day).tenure) for day in (date(2026, 1, 1), spring, date(2026, 5, 31), summer, TODAY)]
    assert states == [("residence", "owner_occupied"), ("residence", "rented"), ("residence", "rented"), ("shop", "rented"), ("shop", "rented")]
    assert [(s.use, s.tenure, s.from_date, s.to_date) for s in whole(room).former] == [
        ("residence", "rented", spring, summer),
        ("residence", "owner_occupied", None, spring),
    ]
    with pytest.raises(Conflict) as stale:
        change_room(actor=worker, at=AT, room_id=room.id, seen_version=1, values={"use": "office"})
    assert stale.value.extra["present"]["use"] == "shop"
    for day in (summer - timedelta(1), TODAY + timedelta(1)):
        with pytest.raises(Invalid):
            change_room(actor=worker, at=AT, room_id=room.id, seen_version=shop.version, values={"use": "office"}, from_date=day)
    assert RoomState.objects.count() == 2


def test_a_wrong_entry_of_the_same_day_is_corrected_without_a_former_state(world: World):
    room = rooms_of(registered(), "101")[0]
    one = change_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=1, values={"use": "shop"}, from_date=TODAY)
    change_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=one.version, values={"use": "office"}, from_date=TODAY)
    assert [(s.use, s.to_date) for s in whole(room).former] == [("residence", TODAY)] and whole(room).use == "office"


def test_a_room_is_numbered_anew_unless_the_number_is_taken(world: World):
    building = registered()
    first, _ = rooms_of(building, "101", "102")
    with pytest.raises(Invalid):
        change_room(actor=SYSTEM, at=AT, room_id=first.id, seen_version=1, values={"number": "102"})
    change_room(actor=SYSTEM, at=AT, room_id=first.id, seen_version=1, values={"number": "101A", "unit": "3"})
    room = Room.objects.get(id=first.id)
    assert (room.number, room.unit, room.code, room.address_key) == ("101A", "3", first.code, addresses.room_key("南京东路100号", "3", "101A"))


def test_a_split_room_ends_and_its_parts_know_where_they_come_from(world: World):
    building = registered()
    room = rooms_of(building, "301", use="office", tenure="rented")[0]
    parts = split_room(actor=world.actor("worker"), at=AT, room_id=room.id, seen_version=1, numbers=["301-1", "301-2"], on=TODAY)
    assert [(p.number, p.floor, p.use, p.tenure, p.predecessors, p.state_from) for p in parts] == [
        ("301-1", 3, "office", "rented", [room.id], TODAY),
        ("301-2", 3, "office", "rented", [room.id], TODAY),
    ]
    old = whole(room)
    assert old.ended_date == TODAY and set(old.successors) == {p.id for p in parts}
    assert len({room.code, *(p.code for p in parts)}) == 3
    back = merge_rooms(actor=SYSTEM, at=AT, rooms={p.id: p.version for p in parts}, number="301", on=TODAY)
    assert back.code not in {room.code, *(p.code for p in parts)}, "a code is never given twice, not even for the same number"
    assert [r.number for r in room_matrix(actor=SYSTEM, building_id=building.pk, on=TODAY).rooms] == ["301"]


@pytest.mark.parametrize(("numbers", "error"), [(["301"], Invalid), (["301-1", "301-1"], Invalid), (["302", "303"], Invalid), (["301-1", "301-2"], Refused)])
def test_what_cannot_be_split_stays_as_it_was(world: World, numbers: list[str], error: type[Exception]):
    room, _ = rooms_of(registered(), "301", "302")
    if error is Refused:
        lives(room, district="440309")
    with pytest.raises(error):
        split_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=1, numbers=numbers, on=TODAY)
    assert Room.objects.get(id=room.id).ended_date is None and Room.objects.count() == 2


def test_only_neighbours_on_one_floor_are_merged(world: World):
    first, second, above = rooms_of(registered(), "301", "302", "401")
    with pytest.raises(Invalid):
        merge_rooms(actor=SYSTEM, at=AT, rooms={first.id: 1, above.id: 1}, number="301", on=TODAY)
    with pytest.raises(Conflict):
        merge_rooms(actor=SYSTEM, at=AT, rooms={first.id: 1, second.id: 7}, number="301", on=TODAY)
    with pytest.raises(NotFound):
        merge_rooms(actor=SYSTEM, at=AT, rooms={first.id: 1, nowhere(): 1}, number="301", on=TODAY)
    assert Room.objects.filter(ended_date__isnull=True).count() == 3


def test_a_room_ends_when_who_lived_there_has_moved_out(world: World):
    room = rooms_of(registered(), "301")[0]
    stay = lives(room, district="440309")
    ending: dict[str, Any] = {"at": AT, "room_id": room.id, "seen_version": 1, "on": TODAY, "reason": "登记错误"}
    with pytest.raises(Refused, match="live in"):
        end_room(actor=world.actor("station_clerk"), **ending)
    Residency.objects.filter(id=stay.id).update(period=(date(2026, 2, 1), TODAY))
    with pytest.raises(Forbidden):
        end_room(actor=world.actor("worker"), **ending)
    end_room(actor=world.actor("station_clerk"), **ending)
    assert whole(room).ended_date == TODAY and whole(room, actor=world.actor("worker")).residents == 0
    assert rooms_of(room.building, "301")[0].code != room.code


def test_rooms_are_found_by_building_number_and_code_page_by_page(world: World):
    building = registered()
    add_pattern(actor=SYSTEM, at=AT, building_id=building.pk, pattern=Pattern(units=("2", "10"), last_floor=12, rooms=4))
    far = rooms_of(registered((121.485, 31.265), "310109009001001", "far"), "501")[0]
    clerk, seen, after = world.actor("station_clerk"), [], None
    while True:
        page = room_page(actor=clerk, wanted=RoomFilter(building=building.pk), on=TODAY, after=after, size=7)
        seen += [(room.unit, room.floor, room.number) for room in page.items]
        if (after := page.next) is None:
            break
    assert len(seen) == 96 == len(set(seen)) and seen == sorted(seen, key=lambda r: (int(r[0]), r[1], r[2].rjust(9)))
    assert [r.number for r in room_page(actor=clerk, wanted=RoomFilter(number="120"), on=TODAY).items] == ["1201", "1202", "1203", "1204"] * 2
    assert len(room_page(actor=clerk, wanted=RoomFilter(code=building.code + "00000"), on=TODAY).items) == 9
    assert room_page(actor=clerk, wanted=RoomFilter(code=far.code), on=TODAY).items == []
    on_a_floor = room_page(actor=clerk, wanted=RoomFilter(building.pk, unit="10", floor=3), on=TODAY).items
    assert [(r.unit, r.number) for r in on_a_floor] == [("10", "301"), ("10", "302"), ("10", "303"), ("10", "304")]
    assert room_page(actor=world.actor("dispatcher"), wanted=RoomFilter(place=A, building=building.pk), on=TODAY).items[0].residents is None
