"""吹哨报到: a street calls units to the spot. Who may be called, and what arrival and feedback want of each other.

The clocks run from the meeting on (from the call where no time was agreed), whatever happens to the case's own clock meanwhile: a case that is
suspended still has people waiting on the spot. Feedback is refused before arrival: what is asked for is a report from the spot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jingwei.catalogue.rules.clock import Limit, WorkCalendar, deadline
from jingwei.kit.errors import Refused
from jingwei.kit.text import T

ANSWERS = ("arrive", "report_back")  # the moves of a unit that was called


@dataclass(frozen=True, slots=True)
class Called:
    """An open summons of a case, as the rules see it."""

    id: Any
    unit_id: int
    unit_path: str
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A summons to write: the unit, the meeting, and until when arrival and feedback are due (None: no clock runs)."""

    unit_id: int
    meet_at: datetime | None
    meet_place: str
    arrive_by: datetime | None
    answer_by: datetime | None


def calls(
    units: Sequence[Any],
    called: Sequence[Called],
    place: str,
    meet_at: datetime | None,
    meet_place: str,
    *,
    at: datetime,
    limit_in: Callable[[str], Limit | None],
    calendar: WorkCalendar,
) -> tuple[Call, ...]:
    """One summons for each unit. Refused: a unit that is closed, called already, or has no business at the place; a meeting in the past."""
    if meet_at is not None and meet_at < at:
        raise Refused(T("集合时间已过", "the meeting lies in the past"), code="meeting_in_the_past")
    standing = {c.unit_id for c in called}
    for unit in units:
        if unit.closed:
            raise Refused(T(f"“{unit.name}”已撤销", f"{unit.name} is closed"), code="unit_closed")
        if unit.id in standing:
            raise Refused(T(f"“{unit.name}”已被召集，尚未反馈", f"{unit.name} is called already and has not reported back"), code="summoned_already")
        if not place.startswith(unit.area):
            raise Refused(T(f"“{unit.name}”不管这个地方", f"{unit.name} has no business at this place"), code="unit_elsewhere")
    start = meet_at or at

    def due(clock: str) -> datetime | None:
        limit = limit_in(clock)
        return deadline(start, limit, calendar) if limit else None

    arrive_by, answer_by = due("summon.arrive"), due("summon.report_back")
    return tuple(Call(u.id, meet_at, meet_place, arrive_by, answer_by) for u in units)


def answering(called: Sequence[Called], action: str, unit_path: str) -> Called | None:
    """Which summons somebody of `unit_path` answers by `action`: the first of that unit, or of one below it, that waits for it."""
    mine = [c for c in called if c.unit_path.startswith(unit_path)]
    return next((c for c in mine if c.arrived == (action == "report_back")), None)


def may_answer(called: Sequence[Called], action: str, unit_path: str) -> Called:
    """The same; Refused where none waits for it."""
    found = answering(called, action, unit_path)
    if found is None and action == "arrive":
        raise Refused(T("本单位已经报到", "this unit has arrived already"), code="arrived_already")
    if found is None:
        raise Refused(T("先报到，再反馈", "arrive first, then report back"), code="not_arrived")
    return found


def cancelled(called: Sequence[Called], unit_id: int | None) -> tuple[Called, ...]:
    """The summonses that a cancellation ends: one unit's, or all. Refused for a unit that isn't called."""
    found = tuple(c for c in called if unit_id in (None, c.unit_id))
    if not found:
        raise Refused(T("这个单位没有被召集", "that unit is not called"), code="not_summoned")
    return found


def next_alarm(arrive_by: datetime | None, arrived_at: datetime | None, answer_by: datetime | None, after: datetime) -> datetime | None:
    """The next moment at which an open summons becomes late."""
    moments = [m for m in (None if arrived_at else arrive_by, answer_by) if m is not None and m > after]
    return min(moments, default=None)
