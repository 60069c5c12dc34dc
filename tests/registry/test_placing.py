"""Grids are drawn anew: what stands in the place gets the code of its new grid, and all that goes with it follows. What has nothing to do with it stays."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import GridPlan, adopt_grids
from jingwei.kit.ids import new_id
from jingwei.registry.actions import place_things
from jingwei.registry.models import Address, Component, Organisation, Pledge, Premises, Residency, Resident
from tests.ground import FAR_GRID, GRID, build_ground, house, lives, resident, room, row
from tests.registry.houses import AT, TODAY
from tests.world import IN_A1, IN_A2, A, World, square

pytestmark = pytest.mark.django_db
WEST, EAST = A + "001", A + "002"
NEW = A + "003"


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    return build_ground()


def organisation(name: str, place: str = GRID) -> Organisation:
    return row(Organisation, place, name=name, uscc="", kind="individual")


def premises(of: Organisation, place: str = GRID, since: date = date(2021, 1, 1), **where: Any) -> Premises:
    made = Premises(district=of.district, id=new_id(of.district, AT), place=place, organisation_id=of.id, period=DateRange(since, None), **where)
    made.save(force_insert=True)
    return made


def pledge(place: str = GRID, **of: Any) -> Pledge:
    term = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    return row(Pledge, place, kind="fire", title="消防安全责任书", signed_date=date(2026, 1, 1), term=term, **of)


def drawn_anew() -> int:
    """Both grids of the community become one."""
    plan = [GridPlan(NEW, "basic", "合一网格", square(121.48, 31.23, 121.49, 31.24), predecessors=(WEST, EAST))]
    adopt_grids(actor=SYSTEM, at=AT, community=A, valid_from=TODAY, plan=plan)
    return place_things(actor=SYSTEM, at=AT)


def place(thing: Any) -> str:
    return str(type(thing)._default_manager.values_list("place", flat=True).get(pk=thing.pk))


def test_premises_go_with_their_room_their_building_or_their_point(ground: SimpleNamespace) -> None:
    inside = premises(ground.shop, building=ground.house)
    stall = premises(organisation("报亭"), address="街角", point=Point(*IN_A1, srid=4326))
    far = premises(organisation("远店", FAR_GRID), FAR_GRID, building=ground.far_house)
    drawn_anew()
    assert [place(each) for each in (ground.premises, inside, stall, far)] == [NEW, NEW, NEW, FAR_GRID]


def test_a_stall_moves_where_no_building_does(world: World) -> None:
    stall = premises(organisation("报亭"), address="街角", point=Point(*IN_A1, srid=4326))
    assert drawn_anew() == 2 and place(stall) == NEW
    assert place(Organisation.objects.get(name="报亭")) == NEW


def test_an_organisation_goes_with_the_premises_where_it_stood(ground: SimpleNamespace) -> None:
    chain = organisation("连锁店", FAR_GRID)  # its home is in the other district, a branch of it is here
    home, branch = premises(chain, FAR_GRID, building=ground.far_house), premises(chain, since=date(2024, 1, 1), building=ground.house)
    without = organisation("只有所在地的单位")
    drawn_anew()
    assert (place(ground.shop), place(branch), place(home), place(chain)) == (NEW, NEW, FAR_GRID, FAR_GRID)
    assert place(without) == GRID, "nothing tells where in the grid it was"


def test_an_organisation_that_stood_twice_in_a_grid_goes_with_where_it_is_now(world: World) -> None:
    two = organisation("搬过家的店")
    premises(two, point=Point(*IN_A2, srid=4326), since=date(2025, 1, 1))
    row(Premises, organisation_id=two.id, period=DateRange(date(2020, 1, 1), date(2025, 1, 1)), point=Point(*IN_A1, srid=4326))
    middle = square(121.48, 31.23, 121.485, 31.24)
    plan = [GridPlan(A + "004", "basic", "西", middle, predecessors=(WEST,)), GridPlan(A + "005", "basic", "东", square(121.485, 31.23, 121.49, 31.24))]
    adopt_grids(actor=SYSTEM, at=AT, community=A, valid_from=TODAY, plan=plan)
    place_things(actor=SYSTEM, at=AT)
    assert place(two) == A + "005"


def test_a_pledge_stands_at_its_room_its_building_or_its_component_and_else_with_who_signed_it(ground: SimpleNamespace) -> None:
    by_building, by_lamp = pledge(organisation_id=ground.shop.id, building=ground.house), pledge(organisation_id=ground.shop.id, component_id=ground.lamp.id)
    by_shop, by_father = pledge(organisation_id=ground.shop.id), pledge(resident_id=ground.father.id)
    elsewhere = pledge(FAR_GRID, organisation_id=ground.shop.id)  # of the time when the shop was there
    drawn_anew()
    assert [place(each) for each in (ground.pledge, by_building, by_lamp, by_shop, by_father, elsewhere)] == [*[NEW] * 5, FAR_GRID]


def test_components_and_addresses_are_where_their_points_are(ground: SimpleNamespace) -> None:
    number = Address.objects.create(kind="number", name="9号", standard="试路9号", key="试路9号", place=GRID, point=Point(*IN_A1, srid=4326), valid_from=TODAY)
    drawn_anew()
    assert {place(each) for each in Component.objects.all()} == {NEW} and place(number) == NEW
    assert place(ground.road) == GRID and place(ground.number) == GRID, "a road lies in many grids, and a number without a point anywhere"


def test_who_was_merged_and_whose_stay_was_a_mistake(ground: SimpleNamespace) -> None:
    other = resident("欧阳试一", FAR_GRID)  # the same person, known before elsewhere: lives here under the record that was merged
    Resident.objects.filter(id=ground.father.id).update(merged_into=other.id)
    Resident.objects.filter(id=other.id).update(place=GRID)
    mistaken = resident("赵试四", FAR_GRID)
    lives(mistaken, ground.far_flat, date(2019, 1, 1))
    lives(mistaken, ground.flat, date(2022, 1, 1), end=date(2022, 2, 1), end_reason="mistake")
    drawn_anew()
    assert place(ground.father) == NEW and place(other) == NEW
    assert place(mistaken) == FAR_GRID and set(Residency.objects.filter(room_id=ground.flat.id).values_list("place", flat=True)) == {NEW}


def test_a_second_time_nothing_moves(ground: SimpleNamespace) -> None:
    next_door = house(IN_A2, EAST, 20)
    lives(resident("钱试五", EAST), room(next_door, "101"))
    pledge(organisation_id=ground.shop.id)
    assert drawn_anew() > 10
    assert place_things(actor=SYSTEM, at=AT) == 0
