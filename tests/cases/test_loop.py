"""The loop, from report to rating, through the real actions."""

from datetime import timedelta

import pytest

from jingwei.accounts.rules import Actor
from jingwei.cases.actions import NewCase, open_case, perform
from jingwei.cases.models import Assignment, Case, Step
from jingwei.cases.queries import whole_case
from jingwei.events.models import Event
from tests.world import IN_A1, MONDAY, World


@pytest.fixture
def case(world: World) -> Case:
    new = NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1], reporter_phone="19900001234")
    opened = open_case(actor=world.actor("hotline_operator"), at=MONDAY, new=new).case
    assert opened
    return opened


def test_a_report_is_placed_clocked_and_recorded(case: Case) -> None:
    assert (case.place, case.grid_id, case.state, case.version) == ("310101013001001", "310101013001001", "reported", 1)
    assert case.due_at == MONDAY + timedelta(hours=1)
    assert [e.type for e in Event.objects.of(case.id, case.district)] == ["case.opened"]
    assert Case.objects.get(district=case.district, id=case.id).point.x == IN_A1[0]


def test_seven_steps_between_six_people(world: World, case: Case) -> None:
    at = MONDAY
    unit = world.units["chengguan"].pk
    for person, move, form, state in (
        ("acceptor", "accept", {}, "accepted"),
        ("acceptor", "send_confirm", {}, "confirming"),
        ("worker", "confirm", {"result": "属实"}, "accepted"),
        ("acceptor", "file", {}, "filed"),
        ("dispatcher", "dispatch", {"unit": unit}, "dispatched"),
        ("department_clerk", "acknowledge", {}, "acknowledged"),
        ("department_clerk", "handle", {}, "handling"),
        ("department_clerk", "feed_back", {"result": "已清理"}, "fed_back"),
        ("worker", "verify", {}, "verified"),
        ("shift_leader", "close", {}, "closed"),
        ("hotline_operator", "rate", {"score": 5}, "rated"),
    ):
        at += timedelta(minutes=7)
        actor: Actor = world.actor(person)
        offered = [m.action for m in whole_case(actor=actor, case_id=case.id).moves]
        assert move in offered, (move, offered)
        case = perform(actor=actor, case_id=case.id, move=move, form=form, seen_version=case.version, at=at).case  # type: ignore[assignment]
        assert case.state == state
    assert case.version == 12 and case.rating == 5 and case.unit_id == unit and not case.is_open
    assert Step.objects.filter(case_id=case.id).count() == 11
    assert Assignment.objects.get(case_id=case.id).part == "lead"
    assert len(Event.objects.of(case.id, case.district)) == 12
