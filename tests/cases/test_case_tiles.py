"""The cases of a filter as vector tiles: each for itself, or gathered; never more than the list would show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case
from jingwei.cases.queries import QueueFilter, case_tile
from tests.tiles import features
from tests.world import IN_A1, IN_A2, IN_B, MONDAY, World

# Zoom 13: one tile, 0.044° wide, holds all three grids; a cell of the eight each way is 0.0055° wide.
TILE = {"z": 13, "x": 6860, "y": 3347}
LATE = MONDAY + timedelta(hours=12)  # the first cases are overdue, the last one is not


def at(point: tuple[float, float], east: float = 0) -> dict[str, float]:
    return {"x": point[0] + east, "y": point[1]}


@pytest.fixture
def some(opened: Callable[..., Case]) -> list[Case]:
    """Three in one cell, the last one with time left; one in another; one outside the tile."""
    soon = {"at": LATE - timedelta(minutes=5)}
    return [opened(), opened(**at(IN_A1, 0.001)), opened(**at(IN_A1, 0.002), **soon), opened(**at(IN_B)), opened(**at((121.40, 31.10)))]


def tile(actor: Actor, cells: int = 0, **wanted: Any) -> list[dict[str, Any]]:
    whole = case_tile(actor=actor, wanted=QueueFilter(**({"view": "open"} | wanted)), at=LATE, cells=cells, **TILE)
    return features(whole, "clusters" if cells else "cases")


@pytest.mark.django_db
def test_each_case_for_itself(world: World, some: list[Case]) -> None:
    found = {f["id"]: f for f in tile(world.actor("acceptor"))}
    assert set(found) == {str(c.id) for c in some[:4]}
    assert found[str(some[0].id)].items() >= {"number": some[0].number, "state": "reported", "light": "red"}.items()
    assert found[str(some[2].id)]["light"] == "green"
    assert found[str(some[3].id)]["at"][0] > found[str(some[0].id)]["at"][0]  # B lies east of A


@pytest.mark.django_db
def test_gathered_into_cells_with_their_lights(world: World, some: list[Case]) -> None:
    three, one = sorted(tile(world.actor("acceptor"), cells=8), key=lambda f: -f["n"])
    assert three.items() >= {"n": 3, "red": 2, "amber": 0}.items() and "id" not in three and "light" not in three
    assert one.items() >= {"n": 1, "red": 1, "id": str(some[3].id), "number": some[3].number, "light": "red"}.items()


@pytest.mark.django_db
def test_finer_cells_tell_more_apart_and_lose_none(world: World, some: list[Case]) -> None:
    fine = tile(world.actor("acceptor"), cells=64)
    assert len(fine) > 2 and sum(f["n"] for f in fine) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("cells", [0, 8])
def test_a_tile_shows_what_the_filter_lists_within_the_scope(world: World, some: list[Case], cells: int, opened: Callable[..., Case]) -> None:
    def count(actor: str, **wanted: Any) -> int:
        return sum(f.get("n", 1) for f in tile(world.actor(actor), cells, **wanted))

    assert count("acceptor", light=("green",)) == 1 and count("acceptor", light=("red",)) == 3
    assert count("acceptor", matter=("99",)) == 0 and count("acceptor", view="ended") == 0
    assert count("worker") == 3  # of their own grid
    assert count("department_clerk") == 0  # nothing was given to them
    assert count("far_acceptor") == 0 and count("system_admin") == 0
    opened(**at(IN_A2))
    assert count("acceptor") == 5 and count("second_worker") == 1
