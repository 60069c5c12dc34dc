"""What a summons writes: an assignment for each unit called, its arrival and feedback, and by the clock what was missed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.actions.clocks import heard
from jingwei.cases.models import Assignment, Case
from jingwei.cases.rules.moves import Decision, Facts
from jingwei.cases.rules.summons import ANSWERS, next_alarm
from jingwei.events.models import Event
from jingwei.kit import bulk, db
from jingwei.kit.ids import new_id

COLUMNS = ("arrived_at", "arrived_by_id", "arrival_late_at", "done_at", "answer_late_at", "ended_at", "alarm_at")


class Wish(Protocol):
    """What is looked at of a command."""

    @property
    def case_id(self) -> UUID: ...
    @property
    def move(self) -> str: ...


def open_summons(commands: Sequence[Wish], cases: Mapping[UUID, Case]) -> dict[UUID, list[Assignment]]:
    """The open summonses of the cases whose commands are about them, with their units; one statement, and none where nobody asks."""
    wanted = {c.case_id for c in commands if c.move in (*ANSWERS, "summon", "cancel_summon")} & set(cases)
    found: dict[UUID, list[Assignment]] = {}
    if wanted:
        homes = {cases[i].district for i in wanted}
        rows = Assignment.objects.filter(district__in=homes, case_id__in=wanted, part="summon", ended_at__isnull=True)
        for row in rows.select_related("unit").order_by("assigned_at", "id"):
            found.setdefault(row.case_id, []).append(row)
    return found


def asked(case: Case, unit_id: int, part: str, at: datetime, **more: Any) -> dict[str, Any]:
    """The row of an assignment, every column named."""
    known = {"district": case.district, "id": new_id(case.district, at), "case_id": case.id, "unit_id": unit_id, "part": part, "assigned_at": at}
    return {**dict.fromkeys((*COLUMNS, "meet_at", "arrive_by", "answer_by")), **known, "meet_place": "", **more}


def carry_summons(
    actor: Actor, case: Case, decision: Decision, facts: Facts, at: datetime, called: list[Assignment]
) -> tuple[list[dict[str, Any]], list[Assignment]]:
    """New rows of a call, and the standing ones that an arrival, a feedback or a cancellation changes. `called` is kept up to date
    for the commands that come after."""
    rows, touched = [], []
    for call, unit in zip(decision.calls, facts.units, strict=True) if decision.calls else ():
        clocks = {"arrive_by": call.arrive_by, "answer_by": call.answer_by, "alarm_at": next_alarm(call.arrive_by, None, call.answer_by, at)}
        rows.append(asked(case, call.unit_id, "summon", at, meet_at=call.meet_at, meet_place=call.meet_place, **clocks))
        called.append(Assignment(**rows[-1]))
        called[-1].unit = Unit(pk=unit.id, name=unit.name, path=unit.path)
    answered = {decision.answered.id} if decision.answered else set()
    for row in called:
        if row.id in answered and decision.move.action == "arrive":
            row.arrived_at, row.arrived_by_id = at, actor.id
            row.arrival_late_at = row.arrival_late_at or (row.arrive_by if row.arrive_by and at >= row.arrive_by else None)
            row.alarm_at = next_alarm(row.arrive_by, at, row.answer_by, at)
            touched.append(row)
        elif row.id in answered:
            row.done_at = row.ended_at = at
            row.answer_late_at = row.answer_late_at or (row.answer_by if row.answer_by and at >= row.answer_by else None)
            row.alarm_at = None
            touched.append(row)
        elif row.id in {c.id for c in decision.cancelled}:
            row.ended_at, row.alarm_at = at, None
            touched.append(row)
    return rows, touched


def write_summons(touched: Sequence[Assignment]) -> None:
    """The standing rows as they are now; one statement where there are any."""
    rows = {row.id: row for row in touched}.values()
    bulk.update(Assignment, [{"district": r.district, "id": r.id, **{c: getattr(r, c) for c in COLUMNS}} for r in rows])


def end_summons(ended: Mapping[UUID, tuple[Case, datetime]]) -> None:
    """A case that has ended calls nobody any more."""
    if ended:
        db.run(
            """update cases_assignment a set ended_at = r.at, alarm_at = null from unnest(%s::varchar[], %s::uuid[], %s::timestamptz[]) r(district, case_id, at)
                where a.district = r.district and a.case_id = r.case_id and a.part = 'summon' and a.ended_at is null""",
            [[c.district for c, _ in ended.values()], list(ended), [at for _, at in ended.values()]],
        )


# As cases ring: what is behind `at` is marked, the alarm moves to what lies ahead, a row that somebody holds is left to the next round.
_RING = """
with due as (
    select district, id, arrival_late_at, answer_late_at from cases_assignment where alarm_at <= %(at)s
     order by alarm_at limit %(most)s for no key update skip locked),
rung as (
    update cases_assignment a set
        arrival_late_at = case when a.arrival_late_at is null and a.arrived_at is null and a.arrive_by <= %(at)s then a.arrive_by else a.arrival_late_at end,
        answer_late_at = case when a.answer_late_at is null and a.answer_by <= %(at)s then a.answer_by else a.answer_late_at end,
        alarm_at = (select min(m) from unnest(array[case when a.arrived_at is null then a.arrive_by end, a.answer_by]) m where m > %(at)s)
      from due
     where a.district = due.district and a.id = due.id
    returning a.district, a.case_id, a.unit_id, due.arrival_late_at is null and a.arrival_late_at is not null late_arrival,
        due.answer_late_at is null and a.answer_late_at is not null late_answer, a.arrive_by, a.answer_by)
select rung.*, c.place, c.state, u.name from rung
  join cases_case c on c.district = rung.district and c.id = rung.case_id join accounts_unit u on u.id = rung.unit_id"""


@transaction.atomic
def run_summons(*, at: datetime, most: int = 1000) -> int:
    """Mark up to `most` summonses of which arrival or feedback is overdue by `at`, and record each once. Answers how many."""
    rung = db.rows(_RING, {"at": at, "most": most})
    events = []
    for district, case_id, unit_id, late_arrival, late_answer, arrive_by, answer_by, place, state, unit in rung:
        for happened, word, due_at in ((late_arrival, "arrival_late", arrive_by), (late_answer, "feedback_late", answer_by)):
            if happened:
                said = {"state": state, "unit": unit, "due_at": due_at}
                events.append(heard(f"case.{word}", district, case_id, place, unit_id, at, said))
    bulk.insert(Event, events)
    return len(rung)
