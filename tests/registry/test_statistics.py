"""Statistics of areas: what is counted, at a date, for whom; and what is withheld."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Invalid, NotFound
from jingwei.registry.actions import apply_retention
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries import area_statistics
from tests.ground import build_ground, house, lives, resident, room, row
from tests.world import FAR, IN_B, MONDAY, A, B, World

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)
STREET = A[:9]


def ask(world: World, place: str, on: date = ON, who: str = "analyst") -> Any:
    return area_statistics(actor=world.actor(who), place=place, on=on)


def by_place(found: Any) -> dict[str, Any]:
    return {found.whole.place: found.whole} | {part.place: part for part in found.parts}


@pytest.fixture
def people(world: World) -> SimpleNamespace:
    """Thirty in a house in A-001 (twenty of them for long), twelve in A-002, and a house of forty in B."""
    g = build_ground()
    Residency.objects.all().delete()
    Household.objects.all().delete()

    def fill(house_of: Room, first: date, many: int, **more: Any) -> None:
        for _ in range(many):
            lives(resident("试", house_of.place, **more), house_of, first)
        for _ in range(many // 3):
            row(Household, house_of.place, room_id=house_of.id, from_date=first)

    g.second = room(house((121.487, 31.235), A + "002", 21), "101")
    g.third = room(house(IN_B, B + "001", 22), "101")
    fill(g.flat, date(2020, 1, 1), 20, sex="1", born=date(1980, 1, 1))
    fill(g.flat, date(2026, 3, 10), 10, sex="2", born=date(1960, 1, 1))
    fill(g.second, date(2019, 1, 1), 12, sex="1", born=date(2015, 1, 1))
    fill(g.third, date(2018, 1, 1), 40, sex="2", born=date(1990, 1, 1))
    g.fill = fill
    return g


def test_who_lives_where(world: World, people: SimpleNamespace) -> None:
    found = by_place(ask(world, A))
    whole, first = found[A], found[A + "001"]
    assert (whole.totals["residents"], first.totals["residents"], found[A + "002"].totals["residents"]) == (42, 30, 12)
    assert first.groups["sex"] == {"male": 20, "female": 10, "unknown": 0}
    assert first.groups["stay"] == {"settled": 20, "recent": 10} and first.stability == round(20 / 30, 4)
    assert first.groups["age"]["35_59"] == 20 and first.groups["age"]["60_79"] == 10
    assert first.totals["households"] is None, "nine households of thirty people would be few"
    assert whole.totals["households"] == 13 and found[A + "002"].totals["households"] is None
    assert whole.average_household == round(42 / 13, 2)
    assert first.median_months and 75 < first.median_months < 78
    assert first.totals["moved_in"] == 10 and first.months["in"][2] == 10 and first.totals["moved_out"] == 0
    assert first.rooms == {"residence": 2, "shop": 1}


def test_at_any_date(world: World, people: SimpleNamespace) -> None:
    assert ask(world, A, date(2020, 1, 1)).whole.totals["residents"] == 32
    assert ask(world, A, date(2019, 6, 1)).whole.totals["residents"] == 12
    assert ask(world, A, date(2010, 1, 1)).whole.totals["residents"] == 0


def test_everybody_counts_once(world: World, people: SimpleNamespace) -> None:
    """A second, temporary room, and a second record of the same person, add nobody."""
    one = Resident.objects.filter(place=A + "001", sex="1").first()
    assert one
    lives(one, people.third, date(2024, 1, 1), kind="temporary")
    other = resident("试", B + "001", merged_into=one.id)
    lives(other, people.third, date(2024, 1, 1), kind="temporary")
    found = by_place(ask(world, STREET))
    assert (found[A].totals["residents"], found[B].totals["residents"], found[STREET].totals["residents"]) == (42, 40, 82)


def test_few_are_withheld_and_cannot_be_subtracted(world: World, people: SimpleNamespace) -> None:
    people.fill(room(house((121.4875, 31.236), A + "002", 23), "101"), date(2020, 1, 1), 4, sex="2", born=date(2012, 1, 1))
    found = by_place(ask(world, A))
    assert found[A + "002"].totals["residents"] == 16 and found[A].totals["residents"] == 46
    assert found[A + "002"].groups["sex"] is None, "four women"
    assert found[A + "001"].groups["sex"] is None, "with A as a whole they would be told"
    assert found[A].groups["sex"] == {"male": 32, "female": 14, "unknown": 0}
    assert found[A + "001"].groups["stay"] is not None, "another group has no few"


def test_what_is_withheld_does_not_depend_on_who_asks_nor_from_where(world: World, people: SimpleNamespace) -> None:
    people.fill(room(house((121.4875, 31.236), A + "002", 23), "101"), date(2020, 1, 1), 4, sex="2", born=date(2012, 1, 1))
    above = by_place(ask(world, A))[A + "002"]
    below = ask(world, A + "002").whole
    worker = ask(world, A + "002", who="second_worker").whole
    assert above.groups == below.groups == worker.groups and above.totals == below.totals == worker.totals


def test_who_is_known_to_a_community_alone_is_a_part_too(world: World, people: SimpleNamespace) -> None:
    """Three without a grid are the difference between the community and its grids: it must not be told either."""
    flat = room(house((121.4801, 31.2301), A, 24), "101")
    people.fill(flat, date(2020, 1, 1), 3, sex="1", born=date(1980, 1, 1))
    found = by_place(ask(world, A))
    assert found[A].totals["residents"] == 45 and A + "?" not in found
    assert found[A + "002"].totals["residents"] is None or found[A + "001"].totals["residents"] is None


def test_who_is_forgotten_still_counts(world: World, people: SimpleNamespace) -> None:
    Residency.objects.filter(room_id=people.third.id).update(period=(date(2018, 1, 1), date(2020, 1, 1)))
    before = ask(world, B, date(2019, 1, 1)).whole
    assert before.totals["residents"] == 40
    apply_retention(actor=SYSTEM, at=MONDAY)
    assert ask(world, B, date(2019, 1, 1)).whole.totals["residents"] == 40


def test_within_ones_areas(world: World, people: SimpleNamespace) -> None:
    for who in ("worker", "grid_lead", "station_clerk", "street_operator", "supervisor", "shift_leader", "dispatcher"):
        assert ask(world, A + "001", who=who).whole.totals["residents"] == 30
    for who, place in (("worker", A), ("grid_lead", B), ("analyst", FAR), ("far_clerk", A), ("system_admin", A), ("department_clerk", A), ("analyst", "3101")):
        with pytest.raises(NotFound):
            ask(world, place, who=who)
    with pytest.raises(Invalid):
        ask(world, "31010")


def test_its_statements_are_constant(world: World, people: SimpleNamespace, django_assert_num_queries: Any) -> None:
    actor = world.actor("analyst")
    for place in (A, "310101", A + "001"):
        with django_assert_num_queries(6):
            area_statistics(actor=actor, place=place, on=ON + timedelta(days=1))
