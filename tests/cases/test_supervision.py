"""Supervision: what is near or past its limit, by unit; who sees it; the cases behind each count; what was supervised and is not answered."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from jingwei.cases.actions import perform_each
from jingwei.cases.actions.writing import Command
from jingwei.cases.models import Case
from jingwei.cases.queries import units_watched, watched_page
from jingwei.cases.queries.supervision import UnitWatch
from jingwei.cases.schemas.supervision import watched_page_out
from jingwei.kit.errors import Forbidden
from tests.world import IN_FAR, MONDAY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def dispatched(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> Callable[..., Case]:
    """`dispatched("lvhua")`: a case sent to a unit at a quarter past nine, to be acknowledged within four work hours."""

    def make(unit: str, **changes: object) -> Case:
        case = move(move(opened(**changes), "acceptor", "accept"), "acceptor", "file")
        return move(case, "dispatcher", "dispatch", unit=world.units[unit].pk)

    return make


def by_unit(world: World, who: str, at: object) -> dict[str, UnitWatch]:
    return {w.unit: w for w in units_watched(actor=world.actor(who), at=at)}  # type: ignore[arg-type]


def ids(page: object) -> list[UUID]:
    return [UUID(str(line.id)) for line in page.items]  # type: ignore[attr-defined]


def test_near_and_past_by_unit_with_the_worst(world: World, dispatched: Callable[..., Case], opened: Callable[..., Case]) -> None:
    first, _, other = dispatched("chengguan"), dispatched("chengguan"), dispatched("lvhua")
    opened()  # held by nobody, due at ten
    assert first.warn_at and first.due_at
    assert units_watched(actor=world.actor("supervisor"), at=MONDAY + 30 * MINUTE) == []
    near = by_unit(world, "supervisor", first.due_at - MINUTE)
    assert (near["chengguan单位"].near, near["chengguan单位"].past, near["lvhua单位"].near) == (2, 0, 1)
    assert (near[""].unit_id, near[""].past) == (None, 1)
    past = by_unit(world, "supervisor", first.due_at + HOUR)
    assert (past["chengguan单位"].near, past["chengguan单位"].past, past["chengguan单位"].worst_due_at) == (0, 2, first.due_at)
    assert next(w.unit for w in units_watched(actor=world.actor("supervisor"), at=first.due_at + HOUR)) == "chengguan单位", "the worst first"
    page = watched_page(actor=world.actor("supervisor"), kind="past", at=first.due_at + HOUR, unit=world.units["lvhua"].pk)
    assert ids(page) == [other.id]
    assert len(ids(watched_page(actor=world.actor("supervisor"), kind="past", at=first.due_at + HOUR, nobody=True))) == 1


def test_who_supervises_what(world: World, dispatched: Callable[..., Case], opened: Callable[..., Case]) -> None:
    case = dispatched("chengguan")
    dispatched("lvhua")
    opened(by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    assert case.due_at
    at = case.due_at + HOUR
    assert set(by_unit(world, "shift_leader", at)) == {"chengguan单位", "lvhua单位"}, "not the other district"
    assert set(by_unit(world, "department_lead", at)) == {"chengguan单位"}, "a lead sees the units of their own"
    assert ids(watched_page(actor=world.actor("department_lead"), kind="past", at=at)) == [case.id]
    for nobody in ("acceptor", "department_clerk", "street_operator", "system_admin"):
        with pytest.raises(Forbidden):
            units_watched(actor=world.actor(nobody), at=at)
        with pytest.raises(Forbidden):
            watched_page(actor=world.actor(nobody), kind="past", at=at)


def test_the_pages_follow_each_other_by_due_time(world: World, dispatched: Callable[..., Case]) -> None:
    cases = [dispatched("chengguan") for _ in range(5)]
    assert cases[-1].due_at
    at, seen, after = cases[-1].due_at + HOUR, [], None
    while True:
        page = watched_page(actor=world.actor("supervisor"), kind="past", at=at, after=after, size=2)
        seen += ids(page)
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_several_are_supervised_at_once_each_on_its_own(world: World, dispatched: Callable[..., Case], move: Callable[..., Case]) -> None:
    """What is supervised stays on the list, with the words, until the case or its holder moves."""
    one, two = dispatched("chengguan"), dispatched("chengguan")
    ended = move(dispatched("chengguan"), "shift_leader", "void", reason="误报")
    at = MONDAY + HOUR
    commands = [Command(c.id, "supervise", c.version, at, {"note": "请两小时内回复"}) for c in (one, two, ended)]
    outcomes = perform_each(actor=world.actor("supervisor"), commands=commands)
    assert [o.problem.code if o.problem else "" for o in outcomes] == ["", "", "move_not_possible"]
    assert by_unit(world, "supervisor", at)["chengguan单位"].supervised == 2
    page = watched_page_out(watched_page(actor=world.actor("supervisor"), kind="supervised", at=at), at)
    assert {(row.words, row.supervised_at) for row in page.items} == {("请两小时内回复", at)}
    move(one, "department_clerk", "acknowledge", at=at + MINUTE)
    assert ids(watched_page(actor=world.actor("supervisor"), kind="supervised", at=at)) == [two.id]


def test_a_late_summons_counts_for_the_unit_that_was_called(world: World, dispatched: Callable[..., Case], move: Callable[..., Case]) -> None:
    case = dispatched("chengguan")
    move(case, "street_operator", "summon", at=MONDAY + HOUR, units=[world.units["lvhua"].pk, world.units["contractor"].pk], reason="会商")
    at = MONDAY + 2 * HOUR
    found = by_unit(world, "supervisor", at)
    assert (found["lvhua单位"].summoned, found["lvhua单位"].summons_late) == (1, 1)
    assert "chengguan单位" not in found or found["chengguan单位"].summons_late == 0
    page = watched_page_out(watched_page(actor=world.actor("supervisor"), kind="summons_late", at=at, unit=world.units["lvhua"].pk), at)
    assert [(row.called, row.late) for row in page.items] == [(["contractor单位", "lvhua单位"], ["contractor单位", "lvhua单位"])]
    lead = by_unit(world, "department_lead", at)
    assert lead["contractor单位"].summons_late == 1 and "lvhua单位" not in lead, "a contractor stands below the lead's department"
    assert ids(watched_page(actor=world.actor("department_lead"), kind="summoned", at=at, unit=world.units["lvhua"].pk)) == []
