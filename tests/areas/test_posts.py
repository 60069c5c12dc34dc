"""Who serves the grids around a place: by posting and by role, never by where somebody is."""

from datetime import date, timedelta

import pytest

from jingwei.accounts.models import Person
from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions import end_posting
from jingwei.areas.models import Posting
from jingwei.areas.queries import GridPosts, posts_near
from tests.api.conftest import Caller
from tests.world import IN_A1, IN_A2, IN_FAR, MONDAY, NOWHERE, START, A, B, World

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def near(world: World, who: str, at: tuple[float, float] = IN_A1, metres: int = 300, on: date = TODAY) -> list[GridPosts]:
    return posts_near(actor=world.actor(who), lon=at[0], lat=at[1], metres=metres, on=on)


def codes(found: list[GridPosts]) -> list[str]:
    return [grid.code for grid in found]


def test_the_grid_at_the_point_comes_first_then_its_neighbours_by_distance(world: World) -> None:
    # From 121.482 E the edge of 002 is 0.003° away (286 m), that of B 0.008° (763 m).
    here, next_door = near(world, "dispatcher")
    assert (here.code, here.metres) == (A + "001", 0) and next_door.code == A + "002" and next_door.metres == pytest.approx(286, abs=3)
    assert codes(near(world, "dispatcher", metres=0)) == [A + "001"]
    assert codes(near(world, "dispatcher", metres=800)) == [A + "001", A + "002", B + "001"]
    assert near(world, "dispatcher", NOWHERE) == []


def test_the_worker_by_posting_and_the_lead_by_role_with_their_units(world: World) -> None:
    here = near(world, "dispatcher")[0]
    assert [(p.role, p.name, p.unit) for p in here.posted] == [("worker", "worker甲", "station单位"), ("grid_lead", "grid_lead甲", "station单位")]


def test_a_name_stands_inside_its_grid_wherever_somebody_is(world: World) -> None:
    here = near(world, "dispatcher")[0]
    assert 121.48 < here.lon < 121.485 and 31.23 < here.lat < 31.24
    assert (here.lon, here.lat) == (near(world, "dispatcher", IN_A2)[1].lon, near(world, "dispatcher", IN_A2)[1].lat)


def test_only_the_postings_of_the_day(world: World) -> None:
    end_posting(actor=SYSTEM, at=MONDAY, posting_id=Posting.objects.get(grid_id=A + "001").pk, on=TODAY)
    assert [p.role for p in near(world, "dispatcher")[0].posted] == ["grid_lead"]
    assert [p.role for p in near(world, "dispatcher", on=TODAY - timedelta(days=1))[0].posted] == ["worker", "grid_lead"]
    assert near(world, "dispatcher", on=START - timedelta(days=1)) == []


def test_who_has_left_is_not_named(world: World) -> None:
    Person.objects.filter(pk=world.people["worker"].pk).update(is_active=False)
    assert [p.role for p in near(world, "dispatcher")[0].posted] == ["grid_lead"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("dispatcher", [A + "001", A + "002", B + "001"]),
        ("department_clerk", [A + "001", A + "002", B + "001"]),
        ("station_clerk", [A + "001", A + "002"]),
        ("worker", [A + "001", A + "002"]),  # the neighbours of the same community too
        ("far_acceptor", []),
        ("far_worker", []),
        ("system_admin", []),  # no business
        ("audit_admin", []),
    ],
)
def test_within_ones_areas(world: World, who: str, seen: list[str]) -> None:
    assert codes(near(world, who, metres=2000)) == seen


def test_the_door_answers_names_and_no_more(world: World) -> None:
    answer = Caller(world, "far_acceptor")("GET", f"/api/v1/posts?lon={IN_FAR[0]}&lat={IN_FAR[1]}")
    (grid,) = answer.json()
    assert set(grid) == {"code", "kind", "name", "lon", "lat", "metres", "workers", "leads"}
    assert grid["workers"] == [{"name": "far_worker甲", "unit": None}] and grid["leads"] == [] and grid["metres"] == 0
