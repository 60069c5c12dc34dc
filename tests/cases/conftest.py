"""What the tests of cases share: a report, a way to move it, and a look at everything about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from jingwei.accounts.rules import Actor
from jingwei.cases.actions import NewCase, open_case, perform
from jingwei.cases.models import Assignment, Case, File, Step
from jingwei.events.models import Event
from tests.world import IN_A1, MONDAY, World


def report(**changes: Any) -> NewCase:
    """A report in the grid A-001."""
    given: dict[str, Any] = {"matter": "06001", "text": "路边堆放杂物", "source": "hotline", "crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}
    return NewCase(**(given | changes))


@pytest.fixture
def opened(world: World) -> Callable[..., Case]:
    """`opened(process="hotline")`: a case just reported, at nine on a Monday."""

    def make(by: str = "acceptor", at: datetime = MONDAY, **changes: Any) -> Case:
        case = open_case(actor=world.actor(by), at=at, new=report(**changes)).case
        assert case
        return Case.objects.get(district=case.district, id=case.id)

    return make


@pytest.fixture
def move(world: World) -> Callable[..., Case]:
    """`move(case, "dispatcher", "dispatch", unit=3)`: five minutes after the last event, or at `at`."""

    def make(case: Case, by: str | Actor, action: str, /, *, at: datetime | None = None, **form: Any) -> Case:
        fresh = Case.objects.get(district=case.district, id=case.id)
        actor = by if isinstance(by, Actor) else world.actor(by)
        last = max(e.at for e in Event.objects.of(case.id, case.district))
        moved = perform(
            actor=actor, case_id=case.id, move=action, form=form, seen_version=fresh.version, at=at or max(last, fresh.entered_at) + timedelta(minutes=5)
        ).case
        assert moved
        stored = Case.objects.get(district=case.district, id=case.id)
        assert (stored.state, stored.version, stored.unit_id, stored.due_at) == (moved.state, moved.version, moved.unit_id, moved.due_at)
        return stored

    return make


def snapshot(case: Case) -> dict[str, Any]:
    """Everything that is written down about a case."""
    here = {"district": case.district, "case_id": case.id}
    return {
        "case": Case.objects.filter(district=case.district, id=case.id).values().get(),
        "steps": list(Step.objects.filter(**here).order_by("id").values()),
        "assignments": list(Assignment.objects.filter(**here).order_by("id").values()),
        "files": list(File.objects.filter(**here).order_by("id").values()),
        "events": list(Event.objects.filter(district=case.district, subject_id=case.id).order_by("id").values()),
    }


def told(case: Case) -> list[str]:
    """The types of what happened to a case, in order."""
    return [e.type.removeprefix("case.") for e in Event.objects.of(case.id, case.district)]
