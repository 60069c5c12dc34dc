"""Between a case's row and the rules: its columns as a situation, a clock as columns."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from jingwei.cases.models import Assignment, Case
from jingwei.cases.rules.clock import Clock
from jingwei.cases.rules.moves import Situation
from jingwei.cases.rules.summons import Called
from jingwei.catalogue.queries import Catalogue
from jingwei.catalogue.rules.clock import Limit


def clock_of(case: Case) -> Clock:
    """The running clock that stands in the row."""
    return Clock(
        limit=Limit(case.limit_value, case.limit_unit) if case.limit_value else None,  # type: ignore[arg-type]
        due_at=case.due_at,
        warn_at=case.warn_at,
        escalate_at=case.escalate_at,
        paused_at=case.paused_at,
        left=None if case.left_seconds is None else timedelta(seconds=case.left_seconds),
    )


def clock_columns(clock: Clock, at: datetime) -> dict[str, Any]:
    """The columns that hold `clock`, with its next alarm after `at`."""
    return {
        "limit_value": clock.limit.value if clock.limit else None,
        "limit_unit": clock.limit.unit if clock.limit else "",
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "escalate_at": clock.escalate_at,
        "alarm_at": clock.next_alarm(),
        "paused_at": clock.paused_at,
        "left_seconds": None if clock.left is None else clock.left.total_seconds(),
    }


def situation(
    case: Case, book: Catalogue, *, holder_path: str | None, photographed: bool = False, assisting: tuple[str, ...] = (), called: tuple[Called, ...] = ()
) -> Situation:
    """The case as the rules see it."""
    return Situation(
        id=case.id,
        process=book.process_version(case.process_id),
        state=case.state,
        state_before=case.state_before,
        place=case.place,
        holder_path=holder_path,
        clock=clock_of(case),
        entered_at=case.entered_at,
        extension=case.extension,
        rating=case.rating,
        closed=case.closed_at is not None,
        photographed=photographed,
        assisting_paths=assisting,
        called=called,
    )


def called_of(rows: Iterable[Assignment]) -> tuple[Called, ...]:
    """The open summonses among a case's assignments (with their units), as the rules see them."""
    return tuple(Called(a.id, a.unit_id, a.unit.path, a.arrived_at is not None) for a in rows if a.part == "summon" and a.ended_at is None)
