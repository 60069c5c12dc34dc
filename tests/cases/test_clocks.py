"""The clock of a step: laws that hold for every limit, and what the job worker marks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jingwei.cases.actions import open_cases, run_clocks
from jingwei.cases.models import Case
from jingwei.cases.rules import clock as clocks
from jingwei.catalogue.rules.clock import UNITS, Limit, MissingYear, WorkCalendar, deadline_after, elapsed
from jingwei.events.models import Event
from tests.cases.conftest import report, told
from tests.world import MONDAY, World

CALENDAR = WorkCalendar(
    "test", "测试", ((time(8), time(12)), (time(14), time(18))), frozenset(range(2025, 2029)),
    frozenset(date(2026, 10, d) for d in range(1, 8)), frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)  # fmt: skip
LIMITS = st.builds(Limit, st.integers(1, 40), st.sampled_from(UNITS))
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(0), timedelta(days=60))
laws = settings(max_examples=150, deadline=None)


@laws
@given(LIMITS, TIMES)
def test_a_clock_warns_before_it_is_due_and_escalates_after(limit: Limit, at: datetime) -> None:
    clock = clocks.started(limit, at, CALENDAR)
    assert clock.due_at and clock.warn_at and clock.escalate_at
    assert at <= clock.warn_at < clock.due_at < clock.escalate_at
    assert clock.next_alarm() == clock.warn_at and clock.next_alarm(clock.warn_at) == clock.due_at and clock.next_alarm(clock.escalate_at) is None


@laws
@given(LIMITS, TIMES, SPANS, SPANS)
def test_a_pause_costs_no_time(limit: Limit, at: datetime, ran: timedelta, rested: timedelta) -> None:
    """Resumed, a clock has left what it had when it was paused, however long that was."""
    running = clocks.started(limit, at, CALENDAR)
    assert running.due_at
    stop = min(at + ran, running.due_at)
    standing = clocks.paused(running, stop, CALENDAR)
    assert standing.due_at is standing.warn_at is standing.escalate_at is None and standing.paused_at == stop
    assert standing.left == elapsed(stop, running.due_at, limit.unit, CALENDAR)
    again = clocks.resumed(standing, stop + rested, CALENDAR)
    assert again.due_at == deadline_after(stop + rested, standing.left, limit.unit, CALENDAR)
    assert again.due_at and elapsed(stop + rested, again.due_at, limit.unit, CALENDAR) == standing.left


@laws
@given(LIMITS, TIMES, SPANS)
def test_resumed_at_once_it_is_due_when_it_was(limit: Limit, at: datetime, ran: timedelta) -> None:
    running = clocks.started(limit, at, CALENDAR)
    assert running.due_at
    stop = min(at + ran, running.due_at)
    again = clocks.resumed(clocks.paused(running, stop, CALENDAR), stop, CALENDAR)
    assert again.due_at == deadline_after(stop, elapsed(stop, running.due_at, limit.unit, CALENDAR), limit.unit, CALENDAR)
    assert again.limit == limit and again.due_at and again.due_at <= running.due_at


@laws
@given(LIMITS, TIMES, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_an_overdue_clock_has_nothing_left(limit: Limit, at: datetime, late: timedelta) -> None:
    running = clocks.started(limit, at, CALENDAR)
    assert running.due_at
    standing = clocks.paused(running, running.due_at + late, CALENDAR)
    assert standing.left == timedelta(0)
    assert clocks.paused(standing, running.due_at + late * 2, CALENDAR) == standing, "paused twice is paused"


@laws
@given(LIMITS, TIMES, st.integers(1, 60), st.integers(1, 60))
def test_an_extension_only_puts_off(limit: Limit, at: datetime, days: int, more: int) -> None:
    running = clocks.started(limit, at, CALENDAR)
    one, two = clocks.extended(running, days, at, CALENDAR), clocks.extended(running, days + more, at, CALENDAR)
    assert running.due_at and one.due_at and two.due_at and running.due_at < one.due_at < two.due_at
    assert one.limit and one.limit.unit == limit.unit and one.limit.value > limit.value


@laws
@given(LIMITS, TIMES, st.integers(1, 30))
def test_extended_while_it_stands_it_has_that_much_more(limit: Limit, at: datetime, days: int) -> None:
    standing = clocks.paused(clocks.started(limit, at, CALENDAR), at, CALENDAR)
    longer = clocks.extended(standing, days, at, CALENDAR)
    assert longer.paused_at == at and longer.left and standing.left is not None and longer.left > standing.left and longer.due_at is None


@laws
@given(LIMITS, TIMES, st.lists(SPANS, min_size=2, max_size=8))
def test_lights_only_go_from_green_to_red(limit: Limit, at: datetime, later: list[timedelta]) -> None:
    clock = clocks.started(limit, at, CALENDAR)
    seen = [clocks.light(clock, at + span) for span in sorted(later)]
    assert seen == sorted(seen, key=["green", "amber", "red"].index)


@given(TIMES)
def test_without_a_limit_nothing_is_due(at: datetime) -> None:
    none = clocks.started(None, at, CALENDAR)
    assert none == clocks.Clock() and clocks.light(none, at) == "none" and none.next_alarm() is None
    standing = clocks.paused(none, at, CALENDAR)
    assert clocks.light(standing, at) == "paused" and clocks.resumed(standing, at, CALENDAR).due_at is None


@given(TIMES, SPANS, SPANS)
def test_an_end_set_from_outside_is_kept_through_a_pause(at: datetime, left: timedelta, rested: timedelta) -> None:
    assume(left > timedelta(0))
    clock = clocks.set_from_outside(at + left)
    assert clocks.resumed(clocks.paused(clock, at, CALENDAR), at + rested, CALENDAR).due_at == at + rested + left


def test_a_year_that_the_calendar_does_not_hold_is_named() -> None:
    with pytest.raises(MissingYear, match="2029"):
        clocks.started(Limit(40, "work_day"), datetime(2028, 12, 20, tzinfo=UTC), CALENDAR)


# -- the job ------------------------------------------------------------------------------------------------------------------------------------


def marks(case: Case) -> tuple[bool, bool, bool]:
    row = Case.objects.get(district=case.district, id=case.id)
    return row.warned_at is not None, row.overdue_at is not None, row.escalated_at is not None


def test_each_point_is_marked_once(world: World, opened: Callable[..., Case]) -> None:
    """An hour for accepting: warned after 45 minutes, overdue after 60, escalated after 90."""
    case = opened()
    for minutes, rung, marked, events in (
        (44, 0, (False, False, False), []), (46, 1, (True, False, False), ["warned"]), (47, 0, (True, False, False), ["warned"]),
        (61, 1, (True, True, False), ["warned", "overdue"]), (61, 0, (True, True, False), ["warned", "overdue"]),
        (91, 1, (True, True, True), ["warned", "overdue", "escalated_late"]), (9999, 0, (True, True, True), ["warned", "overdue", "escalated_late"]),
    ):  # fmt: skip
        assert run_clocks(at=MONDAY + timedelta(minutes=minutes)) == rung
        assert marks(case) == marked and told(case)[1:] == events
    row = Case.objects.get(district=case.district, id=case.id)
    assert (row.warned_at, row.overdue_at) == (MONDAY + timedelta(minutes=45), row.due_at) and row.alarm_at is None


def test_a_worker_that_slept_marks_all_at_once(world: World, opened: Callable[..., Case]) -> None:
    case = opened()
    assert run_clocks(at=MONDAY + timedelta(days=2)) == 1
    assert marks(case) == (True, True, True) and sorted(told(case)[1:]) == ["escalated_late", "overdue", "warned"]


def test_a_standing_clock_rings_for_nobody(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    case = move(opened(), "shift_leader", "suspend", reason="等待配件")
    assert run_clocks(at=MONDAY + timedelta(days=30)) == 0 and marks(case) == (False, False, False)


def test_the_next_step_begins_unmarked(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    case = opened()
    run_clocks(at=MONDAY + timedelta(hours=2))
    assert marks(move(case, "acceptor", "accept", at=MONDAY + timedelta(hours=3))) == (False, False, False)


def test_in_batches(world: World, opened: Callable[..., Case]) -> None:
    for _ in range(5):
        opened()
    assert [run_clocks(at=MONDAY + timedelta(days=1), most=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_many_workers_mark_each_case_once(standing_world: World) -> None:
    many = 60
    open_cases(actor=standing_world.actor("acceptor"), wanted=[(MONDAY, report(text=f"第 {i} 件")) for i in range(many)])

    def work(worker: int) -> int:
        try:
            return sum(run_clocks(at=MONDAY + timedelta(minutes=minutes), most=7) for minutes in (50, 70, 100) for _ in range(12))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    while run_clocks(at=MONDAY + timedelta(minutes=100)):
        pass
    counts = {word: Event.objects.filter(type=f"case.{word}").count() for word in ("warned", "overdue", "escalated_late")}
    assert counts == {"warned": many, "overdue": many, "escalated_late": many}
