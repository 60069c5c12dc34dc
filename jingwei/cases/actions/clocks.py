"""What the clocks say when nobody looks: warned, overdue, escalated. Run each minute by the job worker."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit import bulk, db
from jingwei.kit.ids import new_id

# What is behind `at` is marked; the alarm moves to what lies ahead. A row that somebody is moving right now is left to the next round.
_RING = """
with due as (
    select district, id, warned_at, overdue_at, escalated_at from cases_case where alarm_at <= %(at)s
     order by alarm_at limit %(most)s for no key update skip locked),
rung as (
    update cases_case c set
        warned_at = case when c.warned_at is null and c.warn_at <= %(at)s then c.warn_at else c.warned_at end,
        overdue_at = case when c.overdue_at is null and c.due_at <= %(at)s then c.due_at else c.overdue_at end,
        escalated_at = case when c.escalated_at is null and c.escalate_at <= %(at)s then c.escalate_at else c.escalated_at end,
        alarm_at = (select min(m) from unnest(array[c.warn_at, c.due_at, c.escalate_at]) m where m > %(at)s)
      from due
     where c.district = due.district and c.id = due.id
    returning c.district, c.id, c.place, c.state, c.unit_id,
        due.warned_at is null and c.warned_at is not null, due.overdue_at is null and c.overdue_at is not null,
        due.escalated_at is null and c.escalated_at is not null, c.due_at)
select * from rung"""


@transaction.atomic
def run_clocks(*, at: datetime, most: int = 1000) -> int:
    """Mark up to `most` cases whose clock has passed a point by `at`, and record each point once. Answers how many cases."""
    rung = db.rows(_RING, {"at": at, "most": most})
    events = []
    for district, id, place, state, unit, warned, overdue, escalated, due_at in rung:
        for happened, word in ((warned, "warned"), (overdue, "overdue"), (escalated, "escalated_late")):
            if happened:
                events.append(heard(f"case.{word}", district, id, place, unit, at, {"state": state, "due_at": due_at}))
    bulk.insert(Event, events)
    return len(rung)


def heard(type: str, district: str, case_id: UUID, place: str, unit_id: int | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """The event of a clock that nobody moved: the program says it of a case."""
    return {
        "district": district,
        "id": new_id(district, at),
        "type": type,
        "at": at,
        "actor_id": None,
        "actor_name": SYSTEM.name,
        "unit_id": unit_id,
        "subject_type": "case",
        "subject_id": case_id,
        "place": place,
        "data": data,
        "command": None,
    }
