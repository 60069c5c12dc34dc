"""Buildings are registered: codes by the rule in force, each once; corrected; ended when nobody lives there any more."""

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import (
    BuildingFacts,
    change_building,
    change_coding_rule,
    end_building,
    enter_building,
    place_things,
    register_building,
    register_buildings,
)
from jingwei.registry.models import Address, Building, Household, Plate, Residency, Resident, Room
from jingwei.registry.queries import BuildingFilter, building_page, building_whole, example_code, room_matrix
from jingwei.registry.rules.rooms import SHIPPED
from tests.registry.houses import AT, TODAY, lives, on_the_map, registered, rooms_of
from tests.world import FAR, IN_A1, IN_A2, IN_FAR, NOWHERE, A, World, square

pytestmark = pytest.mark.django_db


def events(kind: str = "") -> list[str]:
    return list(Event.objects.filter(type__startswith=kind or "building.").order_by("at", "id").values_list("type", flat=True))


def corners(at: tuple[float, float], half: float = 0.0001) -> tuple[tuple[float, float], ...]:
    lon, lat = at
    return ((lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half))


def test_a_building_of_the_map_gets_the_next_code_of_its_grid(world: World):
    clerk = world.actor("station_clerk")
    first, second = on_the_map(), on_the_map(key="2")
    made = [register_building(actor=clerk, at=AT, values={}, building_id=b.pk) for b in (first, second)]
    assert [b.code for b in made] == [A + "001" + "0001", A + "001" + "0002"]
    assert events() == ["building.registered", "building.registered"]
    with pytest.raises(Refused, match="registered"):
        register_building(actor=clerk, at=AT, values={}, building_id=first.pk)


def test_one_that_is_on_no_map_is_entered_at_its_point_and_lies_in_its_grid(world: World):
    made = enter_building(actor=world.actor("station_clerk"), at=AT, facts=BuildingFacts({"name": "活动板房", "floors_above": 2}, "EPSG:4326", *IN_A2))
    assert (made.place, made.code, made.name, made.floors_above) == (A + "002", A + "0020001", "活动板房", 2)
    assert events() == ["building.entered"]
    whole = building_whole(actor=SYSTEM, building_id=made.pk, on=TODAY)
    assert (round(whole.lon, 6), round(whole.lat, 6), whole.geometry) == (*IN_A2, None)


def test_or_with_the_footprint_that_somebody_draws(world: World):
    facts = BuildingFacts({"street": "滇池路", "number": "7号"}, "EPSG:4490", footprint=corners(IN_A1))
    made = enter_building(actor=world.actor("street_operator"), at=AT, facts=facts)
    stored = Building.objects.get()
    assert (made.place, stored.crs, stored.given, stored.geometry.num_points) == (A + "001", "EPSG:4490", None, 5)
    assert stored.geometry.contains(stored.point)
    whole = building_whole(actor=SYSTEM, building_id=made.pk, on=TODAY)
    assert whole.geometry and whole.geometry["type"] == "MultiPolygon" and whole.called == "滇池路7号"


SW, SE, NE, NW = corners(IN_A1)


@pytest.mark.parametrize(
    ("footprint", "why"),
    [
        ((SW, NE, SE, NW), "crosses itself"),
        ((SW, SE), "three different"),
        ((SW, SE, SW, SE), "three different"),
        (corners(IN_A1, 0.01), "one building"),
        (tuple((IN_A1[0] + n * 1e-6, IN_A1[1] + n % 2 * 1e-6) for n in range(300)), "at most"),
    ],
)
def test_a_footprint_that_is_none_is_refused_and_nothing_is_written(world: World, footprint: Any, why: str):
    with pytest.raises(Invalid) as refused:
        enter_building(actor=world.actor("station_clerk"), at=AT, facts=BuildingFacts(footprint=footprint))
    assert [error.field for error in refused.value.errors] == ["footprint"] and why in refused.value.errors[0].message.en
    assert not Building.objects.exists() and not events()


def test_the_same_request_enters_one_building(world: World):
    facts = BuildingFacts({"name": "活动板房"}, "EPSG:4326", *IN_A1)
    made = [enter_building(actor=world.actor("station_clerk"), at=AT, facts=facts, command="k1") for _ in range(2)]
    assert made[0].pk == made[1].pk and Building.objects.count() == 1 and events() == ["building.entered"]
    assert enter_building(actor=world.actor("station_clerk"), at=AT, facts=facts, command="k2").pk != made[0].pk


@pytest.mark.parametrize(("at", "error"), [(NOWHERE, Forbidden), (IN_FAR, Forbidden)])
def test_outside_ones_area_no_building_is_entered(world: World, at: tuple[float, float], error: type[Exception]):
    with pytest.raises(error):
        enter_building(actor=world.actor("station_clerk"), at=AT, facts=BuildingFacts({}, "EPSG:4326", *at))
    with pytest.raises(error):
        enter_building(actor=world.actor("station_clerk"), at=AT, facts=BuildingFacts(footprint=corners(at)))
    assert not Building.objects.exists() and not events()


@pytest.mark.parametrize(("who", "error"), [("worker", Forbidden), ("acceptor", Forbidden), ("far_clerk", NotFound)])
def test_codes_are_given_by_those_who_keep_the_register_of_the_area(world: World, who: str, error: type[Exception]):
    building = on_the_map()
    with pytest.raises(error):
        register_building(actor=world.actor(who), at=AT, values={}, building_id=building.pk)
    assert Building.objects.get().code == ""


def test_what_lies_in_no_grid_cannot_be_coded_and_says_why(world: World):
    building = on_the_map(place=A)
    with pytest.raises(Refused, match="no grid"):
        register_building(actor=SYSTEM, at=AT, values={}, building_id=building.pk)
    assert (Building.objects.get().code, events()) == ("", [])


def test_it_is_tied_to_the_standard_address_of_its_street_and_number(world: World):
    road = Address.objects.create(kind="road", name="南京东路", standard="南京东路", key="南京东路", place="310101", valid_from=date(2026, 1, 1))
    door = Address.objects.create(
        parent=road, kind="number", name="100号", standard="南京东路100号", key="南京东路100号", place=A + "001", valid_from=date(2026, 1, 1)
    )
    building = registered()
    assert building.address_id == door.pk
    room = rooms_of(building, "501", unit="2")[0]
    assert room.address_key == "南京东路100号2单元501"
    assert building_whole(actor=SYSTEM, building_id=building.pk, on=TODAY).called == "南京东路100号"


def test_a_whole_place_is_coded_from_west_to_east_and_north_to_south(world: World):
    spots = {"south west": (121.481, 31.231), "north west": (121.481, 31.239), "east": (121.484, 31.235)}
    for key, at in spots.items():
        on_the_map(at, key=key)
    on_the_map(key="in no grid", place=A)
    on_the_map(IN_FAR, FAR + "001", key="elsewhere")
    done = register_buildings(actor=world.actor("station_clerk"), at=AT, place=A)
    assert (done.coded, done.refused, [many for _, many in done.reasons]) == (3, 1, [1])
    assert list(Building.objects.exclude(code="").order_by("code").values_list("source_id", flat=True)) == ["north west", "south west", "east"]
    assert register_buildings(actor=world.actor("station_clerk"), at=AT, place=A).coded == 0


# -- the rule -------------------------------------------------------------------------------------------------------------------------------


def test_another_rule_holds_from_its_day_and_codes_given_before_stay(world: World):
    before = registered()
    plain = SHIPPED[1]
    change_coding_rule(
        actor=world.actor("system_admin"), at=AT, kind="building", name="五位", standard=plain.standard, parts=plain.building, valid_from=TODAY + timedelta(1)
    )
    same_day = registered(key="2")
    later = register_building(actor=SYSTEM, at=AT + timedelta(1), values={}, building_id=on_the_map(key="3").pk)
    assert (before.code, same_day.code, later.code) == (A + "0010001", A + "0010002", A + "00001")
    assert Building.objects.get(pk=before.pk).code == before.code


def test_one_announced_for_a_later_day_is_replaced_and_the_past_is_not_written_anew(world: World):
    def change(day: date, parts: Any = SHIPPED[1].building) -> None:
        change_coding_rule(actor=SYSTEM, at=AT, kind="building", name="x", standard="", parts=parts, valid_from=day)

    change(TODAY + timedelta(30))
    change(TODAY + timedelta(10), SHIPPED[0].building)
    change(TODAY)
    from jingwei.registry.models import CodingRule

    assert list(CodingRule.objects.values_list("valid_from", "valid_to")) == [(TODAY, None)]
    with pytest.raises(Invalid):
        change(TODAY - timedelta(1))
    with pytest.raises(Invalid):
        change(TODAY, ({"part": "place", "digits": 12},))


def test_a_code_that_another_rule_has_given_is_passed_over(world: World):
    """Two rules may make the same words of different facts: the number goes on until the code is nobody's."""
    on_the_map(key="old", code=A + "0010001")
    assert registered(key="new").code == A + "0010002"


def test_what_a_code_would_be_is_shown_before_it_is(world: World):
    plain = SHIPPED[1]
    assert example_code(kind="building", parts=plain.building, on=TODAY) == "310101002001" + "00001"
    assert example_code(kind="room", parts=plain.room, on=TODAY) == "310101002001001" + "0001" + "02" + "005" + "001", "after a building's code of today"
    change_coding_rule(actor=SYSTEM, at=AT, kind="building", name="五位", standard="", parts=plain.building, valid_from=TODAY + timedelta(1))
    tomorrow = example_code(kind="room", parts=plain.room, on=TODAY + timedelta(1))
    assert tomorrow == "310101002001" + "00001" + "02" + "005" + "001"
    with pytest.raises(Invalid) as refused:
        example_code(kind="building", parts=[{"part": "place", "digits": 12}, {"part": "floor", "digits": 3}], on=TODAY)
    assert {error.field for error in refused.value.errors} == {"parts.1"}


# -- change and end -------------------------------------------------------------------------------------------------------------------------


def test_a_building_is_corrected_against_the_version_that_was_seen(world: World):
    building, clerk = registered(), world.actor("station_clerk")
    room = rooms_of(building, "501")[0]
    changed = change_building(actor=clerk, at=AT, building_id=building.pk, seen_version=building.version, values={"number": "102号", "floors_above": 6})
    assert (changed.number_from, changed.floors_above, changed.version) == (102, 6, building.version + 1)
    assert Room.objects.get(id=room.id).address_key == "南京东路102号501"
    with pytest.raises(Conflict) as stale:
        change_building(actor=clerk, at=AT, building_id=building.pk, seen_version=building.version, values={"units": 2})
    assert stale.value.extra["present"]["number"] == "102号"
    with pytest.raises(Invalid):
        change_building(actor=clerk, at=AT, building_id=building.pk, seen_version=changed.version, values={"floors_above": 4})
    data = Event.objects.get(type="building.changed").data
    assert data["changes"]["number"] == ["100号", "102号"]


def test_it_ends_with_its_rooms_and_plates_once_nobody_lives_there(world: World):
    building, clerk = registered(), world.actor("station_clerk")
    rooms = rooms_of(building, "501", "502")
    stay = lives(rooms[0])
    ending: dict[str, Any] = {"actor": clerk, "at": AT, "building_id": building.pk, "seen_version": building.version, "on": TODAY, "reason": "拆除"}
    with pytest.raises(Refused, match="live in 1"):
        end_building(**ending)
    assert Room.objects.filter(ended_date__isnull=True).count() == 2 and not events("building.ended")
    Residency.objects.filter(id=stay.id).update(period=(date(2026, 2, 1), TODAY))
    end_building(**ending)
    assert Room.objects.filter(ended_date=TODAY).count() == 2
    assert Building.objects.get().period.upper == TODAY
    assert building_page(actor=clerk, wanted=BuildingFilter()).items == []
    assert building_whole(actor=clerk, building_id=building.pk, on=TODAY).to_date == TODAY and events("building.ended")


def test_one_entered_by_mistake_ends_the_same_day(world: World):
    clerk = world.actor("station_clerk")
    made = enter_building(actor=clerk, at=AT, facts=BuildingFacts({"name": "写错"}, "EPSG:4326", *IN_A1))
    end_building(actor=clerk, at=AT, building_id=made.pk, seen_version=made.version, on=TODAY, reason="重复登记")
    assert Building.objects.get().period.upper == TODAY + timedelta(1) and building_page(actor=clerk, wanted=BuildingFilter()).items == []


# -- reading --------------------------------------------------------------------------------------------------------------------------------


def test_buildings_of_ones_areas_by_place_words_and_code_page_by_page(world: World):
    for n in range(1, 8):
        on_the_map(key=str(n), number=f"{n}号", number_from=n, number_to=n, use="residence" if n % 2 else "shop")
    on_the_map(IN_FAR, FAR + "001", key="far", number="9号")
    whole = registered(key="coded", street="滇池路", number="50号")
    clerk = world.actor("station_clerk")
    seen, after = [], None
    while True:
        page = building_page(actor=clerk, wanted=BuildingFilter(), after=after, size=3)
        seen += [row.called for row in page.items]
        if (after := page.next) is None:
            break
    assert seen == [*(f"南京东路{n}号" for n in range(1, 8)), "滇池路50号"] or seen == ["滇池路50号", *(f"南京东路{n}号" for n in range(1, 8))]

    def found(**wanted: Any) -> list[str]:
        return [row.called for row in building_page(actor=clerk, wanted=BuildingFilter(**wanted)).items]

    assert found(q="滇池") == found(q=whole.code[:16]) == found(registered=True) == ["滇池路50号"]
    assert len(found(use="shop")) == 3 and found(place=FAR) == [] and found(q="％' or 1=1") == []


def test_counts_of_people_are_for_those_who_work_with_people(world: World):
    building = registered()
    rooms = rooms_of(building, "101", "102", "103", use="residence")
    lives(rooms[0])
    lives(rooms[0])
    lives(rooms[1], district="440309")
    lives(rooms[2], until=date(2026, 6, 1))
    whole = building_whole(actor=world.actor("worker"), building_id=building.pk, on=TODAY)
    assert (whole.rooms, whole.lived_in, whole.residents, whole.uses) == (3, 2, 3, {"residence": 3})
    blind = building_whole(actor=world.actor("dispatcher"), building_id=building.pk, on=TODAY)
    assert (blind.rooms, blind.lived_in, blind.residents) == (3, None, None)
    states = {room.number: (room.state, room.residents) for room in room_matrix(actor=world.actor("dispatcher"), building_id=building.pk, on=TODAY).rooms}
    assert states == {"101": ("lived_in", None), "102": ("lived_in", None), "103": ("empty", None)}
    in_spring = room_matrix(actor=world.actor("worker"), building_id=building.pk, on=date(2026, 3, 1))
    assert [room.residents for room in in_spring.rooms] == [2, 1, 1]
    with pytest.raises(NotFound):
        building_whole(actor=world.actor("far_acceptor"), building_id=building.pk, on=TODAY)


# -- places ---------------------------------------------------------------------------------------------------------------------------------


def test_after_a_new_division_of_grids_all_goes_along_with_the_building(world: World):
    from jingwei.areas.actions import GridPlan, adopt_grids
    from jingwei.registry.actions import issue_plates

    building = registered(IN_A1)
    room = rooms_of(building, "501")[0]
    stay = lives(room)
    gone = lives(room, until=date(2026, 3, 1))
    Resident.objects.filter(id=gone.resident_id).update(place="310109009001001")  # lives elsewhere now
    Residency.objects.create(
        district=room.district, id=stay.id.__class__(int=stay.id.int + 1), place="310109009001001", resident_id=gone.resident_id,
        room_id=stay.id, period=(date(2026, 4, 1), None),
    )  # fmt: skip
    Household.objects.create(district=room.district, id=stay.id, place=room.place, room_id=room.id)
    issue_plates(actor=SYSTEM, at=AT, building_id=building.pk)
    adopt_grids(
        actor=SYSTEM, at=AT, community=A, valid_from=TODAY,
        plan=[GridPlan(A + "003", "basic", "合一网格", square(121.48, 31.23, 121.49, 31.24), predecessors=(A + "001", A + "002"))],
    )  # fmt: skip
    assert place_things(actor=SYSTEM, at=AT) > 0
    new = A + "003"
    assert {Building.objects.get().place, Room.objects.get().place, Household.objects.get().place, *Plate.objects.values_list("place", flat=True)} == {new}
    assert set(Residency.objects.filter(room_id=room.id).values_list("place", flat=True)) == {new}
    assert Resident.objects.get(id=stay.resident_id).place == new
    assert Resident.objects.get(id=gone.resident_id).place == "310109009001001", "who has moved away stays where they are"
    assert place_things(actor=SYSTEM, at=AT) == 0
    assert Building.objects.get().code.startswith(A + "001"), "a code stays as it was given"


@pytest.mark.django_db(transaction=True)
def test_two_who_register_at_once_get_two_codes(standing_world: World):
    """The number is given by one statement that waits for the other's transaction."""
    keys = [on_the_map(key=str(n)).pk for n in range(8)]
    codes, wrong = [], []

    def work(mine: list[int]) -> None:
        try:
            for key in mine:
                codes.append(register_building(actor=SYSTEM, at=AT, values={}, building_id=key).code)
        except Exception as error:  # noqa: BLE001  it is looked at below
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(keys[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [] and len(set(codes)) == 8, json.dumps(codes)
