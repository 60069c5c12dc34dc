"""The clock of one step: started, warned at 75 %, due, escalated at 150 % of its limit; paused and resumed, extended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from jingwei.catalogue.rules.clock import Limit, WorkCalendar, deadline_after, elapsed

Light = Literal["green", "amber", "red", "paused", "none"]

WARN_LEFT = 0.25  # of the limit still left
ESCALATE_OVER = 0.5  # of the limit past due


@dataclass(frozen=True, slots=True)
class Clock:
    """`due_at`, `warn_at`, `escalate_at` while it runs; `paused_at` and `left` (time of the limit's unit) while it stands.
    Without a limit nothing is due, unless another system set `due_at`."""

    limit: Limit | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    escalate_at: datetime | None = None
    paused_at: datetime | None = None
    left: timedelta | None = None

    def next_alarm(self, after: datetime | None = None) -> datetime | None:
        """The first of warn, due and escalate that lies behind `after`."""
        moments = [m for m in (self.warn_at, self.due_at, self.escalate_at) if m is not None and (after is None or m > after)]
        return min(moments, default=None)


def started(limit: Limit | None, at: datetime, calendar: WorkCalendar) -> Clock:
    """A clock that has all of `limit` before it. Raises MissingYear."""
    return Clock() if limit is None else _running(limit, limit.length, at, calendar)


def set_from_outside(due_at: datetime | None) -> Clock:
    """A clock whose end another system fixed; it gives no early warning and escalates never."""
    return Clock(due_at=due_at)


def paused(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """What is left is kept; an overdue clock has nothing left."""
    if clock.paused_at:
        return clock
    if clock.due_at is None:
        return replace(clock, paused_at=at)
    left = elapsed(at, clock.due_at, clock.limit.unit if clock.limit else "natural_day", calendar)
    return Clock(limit=clock.limit, paused_at=at, left=max(left, timedelta(0)))


def resumed(clock: Clock, at: datetime, calendar: WorkCalendar) -> Clock:
    """Runs on from `at` with what was left."""
    if clock.limit is None:
        return Clock(due_at=None if clock.left is None else at + clock.left)
    return started(clock.limit, at, calendar) if clock.left is None else _running(clock.limit, clock.left, at, calendar)


def extended(clock: Clock, days: int, at: datetime, calendar: WorkCalendar) -> Clock:
    """`days` more of the limit's own kind: work days for work hours and work days, natural days for the others."""
    if clock.limit is None:
        return replace(clock, due_at=clock.due_at and clock.due_at + timedelta(days=days))
    unit = clock.limit.unit
    office = sum(((b.hour - a.hour) * 60 + b.minute - a.minute for a, b in calendar.hours), 0) / 60
    per_day = {"work_hour": int(office), "urgent_hour": 24}.get(unit, 1)
    limit = Limit(clock.limit.value + days * per_day, unit)
    more = limit.length - clock.limit.length
    if clock.due_at is None:
        return replace(clock, limit=limit, left=(clock.left or timedelta(0)) + more)
    return _running(limit, max(elapsed(at, clock.due_at, unit, calendar) + more, timedelta(0)), at, calendar)


def light(clock: Clock, at: datetime) -> Light:
    """Green, amber from 75 % on, red from due on."""
    if clock.paused_at:
        return "paused"
    if clock.due_at is None:
        return "none"
    if at >= clock.due_at:
        return "red"
    return "amber" if clock.warn_at is not None and at >= clock.warn_at else "green"


def _running(limit: Limit, left: timedelta, at: datetime, calendar: WorkCalendar) -> Clock:
    total = limit.length
    return Clock(
        limit=limit,
        due_at=deadline_after(at, left, limit.unit, calendar),
        warn_at=deadline_after(at, max(left - total * WARN_LEFT, timedelta(0)), limit.unit, calendar),
        escalate_at=deadline_after(at, left + total * ESCALATE_OVER, limit.unit, calendar),
    )
