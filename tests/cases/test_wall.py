"""The wall of a command centre: what burns, in the watched area, and nothing that tells of people. And dispatch for many: each to its own unit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from jingwei.cases.models import Case
from jingwei.cases.queries import dispatch_proposals, wall
from jingwei.cases.schemas.wall import wall_out
from jingwei.catalogue.models import DispatchRule
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden
from tests.cases.conftest import snapshot
from tests.world import IN_FAR, MONDAY, START, World, machine_like

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_the_worst_stands_first_and_only_what_burns(world: World, opened: Callable[..., Case]) -> None:
    late, later, fresh = (opened(at=MONDAY + m * MINUTE, text=f"王先生说第 {m} 件", address="某路 1 号 302 室") for m in (0, 30, 90))
    opened(by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    assert late.due_at and later.due_at and fresh.warn_at
    at = later.due_at + MINUTE
    assert fresh.warn_at > at
    seen = wall_out(wall(actor=world.actor("shift_leader"), at=at), at)
    assert [row.id for row in seen.worst] == [late.id, later.id]
    assert [row.id for row in seen.newest] == [fresh.id, later.id, late.id]
    assert [(c.state.code, c.red, c.green, c.total) for c in seen.counts] == [("reported", 2, 1, 3)]
    assert seen.today == 3
    assert [(u.unit, u.past) for u in seen.units] == [(None, 2)]
    told = seen.model_dump_json()
    assert "王先生" not in told and "302" not in told


def test_nothing_burns(world: World, opened: Callable[..., Case]) -> None:
    opened()
    seen = wall_out(wall(actor=world.actor("supervisor"), at=MONDAY + MINUTE), MONDAY + MINUTE)
    assert (seen.worst, seen.units, len(seen.newest)) == ([], [], 1)
    assert wall(actor=world.actor("supervisor"), at=MONDAY + 24 * HOUR).today == 0


@pytest.mark.parametrize("who", ["acceptor", "dispatcher", "department_lead", "department_clerk", "analyst", "system_admin"])
def test_the_wall_is_for_those_who_watch_an_area(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        wall(actor=world.actor(who), at=MONDAY)


@pytest.fixture
def rules(world: World) -> None:
    """Matters 06… go to one department, 01… to another; nothing is said of the rest."""
    for n, (matter, unit) in enumerate((("06", "chengguan"), ("01", "lvhua")), start=1):
        DispatchRule.objects.create(position=n, matter=matter, unit=world.units[unit], valid_from=START)


def test_the_rules_are_asked_for_each_case(world: World, opened: Callable[..., Case], rules: None) -> None:
    one, other, neither = opened(), opened(matter="01001"), opened(matter="02001")
    far = opened(by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    found = dispatch_proposals(actor=world.actor("dispatcher"), ids=[other.id, one.id, far.id, neither.id, one.id], at=MONDAY)
    assert [(p.case_id, p.unit and p.unit.code) for p in found] == [(other.id, "lvhua"), (one.id, "chengguan"), (neither.id, None)]


def test_many_are_dispatched_each_to_its_own_unit(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    """One request: what a case says itself outweighs the common form; a refused one is refused alone."""
    one, other, third = (move(move(opened(), "acceptor", "accept"), "acceptor", "file") for _ in range(3))
    units = {name: world.units[name].pk for name in ("chengguan", "lvhua")}
    told = [(one, {"unit": units["chengguan"]}), (other, {"unit": units["lvhua"], "note": "请先到场"}), (third, {"unit": 999_999})]
    before = snapshot(third)
    person = world.people["dispatcher"]
    client = Client(headers={"Authorization": f"Bearer {machine_like(person, at=now())[1]}"})
    body = {"cases": [{"id": str(c.id), "seen_version": c.version, "form": form} for c, form in told], "form": {"note": "尽快"}}
    answer = client.post("/api/v1/cases/moves/dispatch", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert [o["case"] and o["case"]["unit"]["id"] for o in answer.json()] == [units["chengguan"], units["lvhua"], None]
    assert answer.json()[2]["refused"]["errors"][0]["field"] == "form.unit"
    notes = [Event.objects.of(c.id, c.district).get(type="case.dispatched").data["form"]["note"] for c in (one, other)]
    assert notes == ["尽快", "请先到场"]
    assert snapshot(third) == before
