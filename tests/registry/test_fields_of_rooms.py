"""The field dictionary holds for buildings and rooms: what is off is neither recorded nor shown, whoever asks."""

from typing import Any

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Invalid, Refused
from jingwei.registry.actions import (
    BuildingFacts,
    Description,
    NewRoom,
    add_pattern,
    add_rooms,
    change_building,
    change_room,
    define_field,
    end_building,
    end_room,
    enter_building,
    issue_plates,
    merge_rooms,
    register_building,
    register_buildings,
    split_room,
    switch_off,
    switch_on,
)
from jingwei.registry.models import Address, Building, Room
from jingwei.registry.queries import (
    BuildingFilter,
    RoomFilter,
    building_page,
    building_whole,
    plates_on_paper,
    public_plate,
    room_matrix,
    room_page,
    room_whole,
)
from jingwei.registry.rules.rooms import Pattern
from tests.registry.houses import AT, TODAY, on_the_map, registered, rooms_of
from tests.world import IN_A1, A, World

pytestmark = pytest.mark.django_db


def off(*fields: str) -> None:
    switch_off(actor=SYSTEM, at=AT, fields=[tuple(field.split(".")) for field in fields])


def refused(act: Any, *fields: str) -> None:
    """`act` is refused with these fields, and has written nothing."""
    before = [list(model.objects.order_by("pk").values()) for model in (Building, Room)]
    with pytest.raises(Refused) as error:
        act()
    assert error.value.code == "field_off" and {one.field for one in error.value.errors} == set(fields)
    assert [list(model.objects.order_by("pk").values()) for model in (Building, Room)] == before


# -- writing --------------------------------------------------------------------------------------------------------------------------------


def test_of_a_building_nothing_is_written_that_is_off(world: World) -> None:
    bare, building, clerk = on_the_map(key="bare"), registered(), world.actor("station_clerk")
    off("building.use", "building.built_year")

    def register(**facts: Any) -> Any:
        return register_building(actor=clerk, at=AT, values=facts, building_id=bare.pk)

    def change(**values: Any) -> Any:
        return change_building(actor=clerk, at=AT, building_id=building.pk, seen_version=building.version, values=values)

    refused(lambda: register(use="shop", built_year=1990, name="楼"), "use", "built_year")
    refused(lambda: change(use="shop"), "use")
    assert register(name="楼", use="", built_year=None).name == "楼", "who says nothing of it may register it"
    assert change(units=2, use="").units == 2


def test_what_is_off_is_not_emptied_unseen(world: World) -> None:
    """The form shows nothing where "shop" stands: to send it back empty must not erase it; that is the security administrator's."""
    building = registered(use="shop")
    room = rooms_of(building, "101", tenure="rented")[0]
    off("building.use", "room.tenure")
    refused(lambda: change_building(actor=SYSTEM, at=AT, building_id=building.pk, seen_version=building.version, values={"use": ""}), "use")
    refused(lambda: change_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=1, values={"tenure": ""}), "tenure")


def test_without_codes_no_building_is_registered_and_without_positions_none_is_entered(world: World) -> None:
    bare = on_the_map()
    off("building.code", "building.geometry")
    refused(lambda: register_building(actor=SYSTEM, at=AT, values={}, building_id=bare.pk), "code")
    refused(lambda: register_buildings(actor=SYSTEM, at=AT, place=A), "code")
    refused(lambda: enter_building(actor=SYSTEM, at=AT, facts=BuildingFacts({}, "EPSG:4326", *IN_A1)), "code", "geometry")


def test_while_addresses_are_off_no_building_is_tied_to_one(world: World) -> None:
    Address.objects.create(kind="number", name="100号", standard="南京东路100号", key="南京东路100号", place=A + "001", valid_from=TODAY)
    off("building.address")
    assert registered().address_id is None
    on_the_map(key="2")
    assert register_buildings(actor=SYSTEM, at=AT, place=A).coded == 1
    assert set(Building.objects.values_list("address_id", flat=True)) == {None}


def test_of_a_room_nothing_is_written_that_is_off(world: World) -> None:
    building = registered()
    room = rooms_of(building, "101")[0]
    off("room.tenure", "room.floor")

    def add(*rooms: NewRoom) -> Any:
        return add_rooms(actor=SYSTEM, at=AT, building_id=building.pk, rooms=rooms)

    refused(lambda: add(NewRoom(number="501"), NewRoom(number="502", tenure="rented")), "tenure")
    refused(lambda: add_pattern(actor=SYSTEM, at=AT, building_id=building.pk, pattern=Pattern(last_floor=2, rooms=1), tenure="rented"), "tenure", "floor")
    refused(lambda: change_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=1, values={"tenure": "rented"}), "tenure")
    assert add(NewRoom(number="501"))[0].floor is None, "nor is the floor read from the number"


def test_without_numbers_there_are_no_rooms_and_without_an_end_none_ends(world: World) -> None:
    building = registered()
    one, two = rooms_of(building, "101", "102")
    act: dict[str, Any] = {"actor": SYSTEM, "at": AT}
    off("room.ended_date")
    refused(lambda: end_room(**act, room_id=one.id, seen_version=1, on=TODAY, reason="拆除"), "ended_date")
    refused(lambda: split_room(**act, room_id=one.id, seen_version=1, numbers=["103", "104"], on=TODAY), "ended_date")
    refused(lambda: merge_rooms(**act, rooms={one.id: 1, two.id: 1}, number="103", on=TODAY), "ended_date")
    refused(lambda: end_building(**act, building_id=building.pk, seen_version=building.version, on=TODAY, reason="拆除"), "ended_date")
    off("room.number")
    refused(lambda: add_rooms(**act, building_id=building.pk, rooms=[]), "number")


def test_while_codes_of_rooms_are_off_rooms_get_none(world: World) -> None:
    building = registered()
    off("room.code")
    assert [room.code for room in rooms_of(building, "101", "102")] == ["", ""]


def test_a_citys_own_fields_of_buildings_and_rooms(world: World) -> None:
    building, clerk = registered(), world.actor("station_clerk")
    room = rooms_of(building, "101")[0]
    said = Description("外保温", "", world.units["centre"].pk, "巡查", "条例", 0, "open", "无")
    for thing, name, type in (("building", "cladding", "yes_no"), ("room", "meters", "number"), ("building", "rooms", "number")):
        define_field(actor=SYSTEM, at=AT, thing=thing, name=name, type=type, personal=False, choices=[], said=said)
    refused(lambda: change_room(actor=clerk, at=AT, room_id=room.id, seen_version=1, values={"more": {"meters": 2}}), "more.meters")
    switch_on(actor=SYSTEM, at=AT, fields=[("building", "cladding"), ("room", "meters")])
    change_building(actor=clerk, at=AT, building_id=building.pk, seen_version=building.version, values={"more": {"cladding": "是"}, "units": 2})
    change_room(actor=clerk, at=AT, room_id=room.id, seen_version=1, values={"more": {"meters": 2}})

    def shown() -> tuple[Any, ...]:
        house = building_whole(actor=clerk, building_id=building.pk, on=TODAY)
        flat = room_whole(actor=clerk, room_id=room.id, on=TODAY)
        changed = [next(line.data["changes"] for line in one.history if line.type.endswith(".changed")) for one in (house, flat)]
        return house.more, house.rooms, changed[0], flat.more, changed[1]

    assert shown() == ({"cladding": True}, 1, {"units": [None, 2], "cladding": [None, True]}, {"meters": 2}, {"meters": [None, 2]})
    with pytest.raises(Invalid) as wrong:
        change_room(actor=clerk, at=AT, room_id=room.id, seen_version=2, values={"more": {"meters": "zwei"}})
    assert [error.field for error in wrong.value.errors] == ["more.meters"]
    off("building.cladding", "room.meters")
    assert shown() == ({}, 1, {"units": [None, 2]}, {}, {})
    switch_on(actor=SYSTEM, at=AT, fields=[("building", "cladding"), ("room", "meters")])
    assert change_room(actor=clerk, at=AT, room_id=room.id, seen_version=2, values={"more": {"meters": None}}).more == {}


# -- reading --------------------------------------------------------------------------------------------------------------------------------


def test_of_a_building_nothing_is_shown_that_is_off(world: World) -> None:
    building = registered(use="shop", name="老楼", built_year=1990, floors_above=6)
    change_building(actor=SYSTEM, at=AT, building_id=building.pk, seen_version=building.version, values={"use": "office", "units": 2})
    clerk = world.actor("station_clerk")
    off("building.use", "building.street", "building.built_year", "building.code")
    whole = building_whole(actor=clerk, building_id=building.pk, on=TODAY)
    assert (whole.use, whole.street, whole.built_year, whole.code) == ("", "", None, "")
    assert (whole.called, whole.name, whole.floors_above, whole.units) == ("老楼", "老楼", 6, 2), "nor by its name; the rest is there"
    changes = next(line.data["changes"] for line in whole.history if line.type == "building.changed")
    assert changes == {"units": [None, 2]}, "nor in what happened"
    row = building_page(actor=clerk, wanted=BuildingFilter()).items[0]
    assert (row.called, row.use, row.code, row.floors_above) == ("老楼", "", "", 6)


def test_of_a_room_nothing_is_shown_that_is_off(world: World) -> None:
    building = registered()
    room = rooms_of(building, "501", unit="2", use="shop", tenure="rented")[0]
    change_room(actor=SYSTEM, at=AT, room_id=room.id, seen_version=1, values={"use": "office"}, from_date=TODAY)
    worker = world.actor("worker")
    off("room.use", "room.unit", "room.floor", "room.code")
    whole = room_whole(actor=worker, room_id=room.id, on=TODAY)
    assert (whole.use, whole.unit, whole.floor, whole.code, whole.tenure, whole.state) == ("", "", None, "", "rented", "empty")
    assert whole.called == "南京东路100号501室"
    assert [(one.use, one.tenure) for one in whole.former] == [("", "rented")]
    row = room_page(actor=worker, wanted=RoomFilter(building.pk), on=TODAY).items[0]
    assert (row.use, row.unit, row.floor, row.number) == ("", "", None, "501")
    matrix = room_matrix(actor=worker, building_id=building.pk, on=TODAY)
    assert (matrix.units, matrix.floors, matrix.rooms[0].use) == ([""], [None], "")
    off("room.tenure")
    assert room_whole(actor=worker, room_id=room.id, on=TODAY).former == []


def test_a_list_goes_on_where_it_stopped_though_what_orders_it_is_not_shown(world: World) -> None:
    building = registered()
    rooms_of(building, "101", "102", "201", unit="1")
    off("room.unit", "room.number", "room.floor")
    seen, after = [], None
    while True:
        page = room_page(actor=SYSTEM, wanted=RoomFilter(building.pk), on=TODAY, after=after, size=1)
        seen += [row.id for row in page.items]
        if (after := page.next) is None:
            break
    assert len(seen) == len(set(seen)) == 3


def test_nor_does_a_plate_show_it(world: World) -> None:
    building = registered(name="老楼")
    rooms_of(building, "501", unit="2")
    plates = issue_plates(actor=SYSTEM, at=AT, building_id=building.pk)
    off("building.number", "building.code", "room.code", "room.unit")
    papers = plates_on_paper(actor=SYSTEM, plates=[plate.id for plate in plates])
    assert [(paper.called, paper.room, paper.code) for paper in papers] == [("老楼", "", ""), ("老楼", "501室", "")]
    known = public_plate(plates[0].number)
    assert known is not None and known.called == "老楼"
