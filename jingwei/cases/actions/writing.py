"""What moves write: cases, completed steps, assignments, events and files, a statement for each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.cases.actions.files import take_files
from jingwei.cases.actions.summoning import asked, carry_summons, end_summons, write_summons
from jingwei.cases.models import Assignment, Case, Step
from jingwei.cases.queries.rows import clock_columns
from jingwei.cases.rules.moves import Decision, Facts, Target
from jingwei.catalogue.queries import Catalogue
from jingwei.events.models import Event
from jingwei.kit import bulk, db
from jingwei.kit.ids import new_id
from jingwei.kit.text import T


@dataclass(frozen=True, slots=True)
class Command:
    """A wish to move one case: which move, with what form, on which version of the case, since when.

    `undated`: a source says that it happened, not when (imports); `at` is then the last time known of the case. No
    step is written (nobody knows how long it was), no closing time either, and the event says so."""

    case_id: UUID
    move: str
    seen_version: int | None
    at: datetime
    form: Mapping[str, Any] = field(default_factory=dict)
    command: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    undated: bool = False


class Work(NamedTuple):
    """A move that is allowed: the index of its command, and all that decides what it writes."""

    i: int
    command: Command
    case: Case
    decision: Decision
    form: dict[str, Any]
    facts: Facts


@dataclass(slots=True)
class Rows:
    """What the moves of one call write besides the cases themselves."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    summons: list[Assignment] = field(default_factory=list)  # that stood before, as they are now
    leads: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # of `asked`, the lead that each case has now


MOVED_COLUMNS = (
    "state",
    "state_before",
    "is_open",
    "version",
    "matter_id",
    "condition_id",
    "unit_id",
    "closed_at",
    "rating",
    "merged_into",
    "extension",
    "entered_at",
    "limit_value",
    "limit_unit",
    "due_at",
    "warn_at",
    "escalate_at",
    "alarm_at",
    "paused_at",
    "left_seconds",
    "warned_at",
    "overdue_at",
    "escalated_at",
    "supervised_at",
    "reminded_at",
)


def carry_out(book: Catalogue, actor: Actor, work: Work, rows: Rows, called: dict[UUID, list[Assignment]]) -> None:
    """The move happens to the case in hand; what it writes besides is laid up in `rows`. `called`: the open summonses of the cases."""
    _, command, case, decision, _, facts = work
    before = case.state
    if not decision.stays and not command.undated:
        rows.steps.append(_step(case, command, actor))
    if command.undated and "closed_at" in decision.changes:
        decision.changes["closed_at"] = None
    _advance(case, decision, command.at)
    if _relieves(work) and (earlier := rows.leads.pop(case.id, None)):
        earlier["ended_at"] = command.at
    if facts.unit:
        part = "assist" if decision.move.action == "assist" else "lead"
        rows.asked.append(asked(case, facts.unit.id, part, command.at))
        if part == "lead":
            rows.leads[case.id] = rows.asked[-1]
    if decision.calls or decision.answered or decision.cancelled:
        new, touched = carry_summons(actor, case, decision, facts, command.at, called.setdefault(case.id, []))
        rows.asked += new
        rows.summons += touched
    rows.events.append(_event(book, actor, work, before, {a.unit_id: a.unit.name for a in called.get(case.id, [])}))


def _relieves(work: Work) -> bool:
    """Whether the unit that leads until now is relieved of the case."""
    action = work.decision.move.action
    return (work.facts.unit is not None and action != "assist") or action in ("return", "reopen")


def write_all(hands: Sequence[tuple[Actor, Sequence[Work], Rows]]) -> None:
    """Cases, completed steps, assignments, events and files of what one or several people did: a statement for each kind."""
    work = [w for _, done, _ in hands for w in done]
    _end_assignments(work)
    cases = {w.case.id: w.case for w in work}.values()
    bulk.update(Case, [{"district": c.district, "id": c.id, **{k: getattr(c, k) for k in MOVED_COLUMNS}} for c in cases])
    bulk.insert(Step, [r for _, _, rows in hands for r in rows.steps])
    bulk.insert(Assignment, [r for _, _, rows in hands for r in rows.asked])
    write_summons([r for _, _, rows in hands for r in rows.summons])
    bulk.insert(Event, [r for actor, done, rows in hands for r in (*rows.events, *_answers_to_merged(actor, done))])
    for actor, done, rows in hands:
        for (_, command, case, decision, form, _), event in zip(done, rows.events, strict=True):
            if form.get("files"):
                take_files(actor=actor, case=case, files=form["files"], event=event["id"], move=decision.move.action, at=command.at)


def _advance(case: Case, decision: Decision, at: datetime) -> None:
    for name, value in decision.changes.items():
        setattr(case, name, value)
    case.version += 1
    case.is_open = decision.is_open
    if not decision.stays:
        case.state_before, case.state, case.entered_at = decision.state_before, decision.state, at
    if decision.clock is not None:
        for name, value in clock_columns(decision.clock, at).items():
            setattr(case, name, value)
        if decision.move.clock in ("start", "stop", "extend"):
            case.warned_at = case.overdue_at = case.escalated_at = None
        case.alarm_at = None if decision.clock.paused_at else case.alarm_at


def _step(case: Case, command: Command, actor: Actor) -> dict[str, Any]:
    return {
        "district": case.district,
        "id": new_id(case.district, command.at),
        "case_id": case.id,
        "state": case.state,
        "unit_id": case.unit_id,
        "entered_at": case.entered_at,
        "left_at": command.at,
        "limit_value": case.limit_value,
        "limit_unit": case.limit_unit,
        "due_at": case.due_at,
        "paused_at": case.paused_at,
        "warned_at": case.warned_at,
        "escalated_at": case.escalated_at,
        "overdue_at": case.due_at if case.due_at and command.at >= case.due_at else None,
        "move": command.move,
        "actor_id": actor.id,
    }


def _event(book: Catalogue, actor: Actor, work: Work, before: str, unit_names: Mapping[int, str]) -> dict[str, Any]:
    _, command, case, decision, form, facts = work
    data: dict[str, Any] = {"move": decision.move.action, "from": before, "to": case.state, "version": case.version}
    kept = {k: v for k, v in form.items() if k != "files"}
    if kept:
        data["form"] = kept
    if facts.unit:
        data["unit"] = facts.unit.name
        if decision.move.action == "dispatch":
            data["why"] = _why(book, case, facts.unit, command.at).json()
    if facts.units:
        data["units"] = [unit.name for unit in facts.units]
    if decision.answered or decision.cancelled:
        data["units"] = [unit_names.get(c.unit_id, "") for c in ((decision.answered,) if decision.answered else decision.cancelled)]
    if facts.other:
        data["other"] = facts.other.number
    if case.due_at:
        data["due_at"] = case.due_at
    if command.facts:
        data["facts"] = dict(command.facts)
    if command.undated:
        data["undated"] = True
    return {
        "district": case.district,
        "id": new_id(case.district, command.at),
        "type": f"case.{decision.move.event}",
        "at": command.at,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "unit_id": decision.by.unit_id if decision.by else None,
        "subject_type": "case",
        "subject_id": case.id,
        "place": case.place,
        "data": data,
        "command": command.command and f"{actor.id or 0}:{command.command}",
    }


def _why(book: Catalogue, case: Case, unit: Target, at: datetime) -> T:
    """Why this unit: the rule that proposed it, or that somebody chose another."""
    answer = book.dispatch(book.matter_by_id(case.matter_id), case.place, at, case.source)
    if answer.unit_id == unit.id:
        return answer.why
    return T("由派遣员选定。规则的建议：{why}", "Chosen by the dispatcher. What the rules say: {why}").format(why=answer.why)


def _end_assignments(work: Sequence[Work]) -> None:
    """A new lead, a return or a reopening ends the old lead's part; whoever assisted has done so."""
    relieved: dict[UUID, tuple[Case, datetime]] = {}
    end_summons({w.case.id: (w.case, w.command.at) for w in work if not w.decision.is_open})
    for w in work:
        if _relieves(w):
            relieved.setdefault(w.case.id, (w.case, w.command.at))
    if relieved:
        db.run(
            """update cases_assignment a set ended_at = r.at from unnest(%s::varchar[], %s::uuid[], %s::timestamptz[]) r(district, case_id, at)
                where a.district = r.district and a.case_id = r.case_id and a.part = 'lead' and a.ended_at is null""",
            [[c.district for c, _ in relieved.values()], list(relieved), [at for _, at in relieved.values()]],
        )
    for _, command, case, decision, _, _ in work:
        if decision.move.action == "assist_done":
            db.run(
                """update cases_assignment a set done_at = %s, ended_at = %s from accounts_unit u where u.id = a.unit_id and a.district = %s
                      and a.case_id = %s and a.part = 'assist' and a.ended_at is null and u.path ^@ %s""",
                [command.at, command.at, case.district, case.id, decision.by.unit_path if decision.by else "/"],
            )


def _answers_to_merged(actor: Actor, work: Sequence[Work]) -> list[dict[str, Any]]:
    """When a case closes, every report that was merged into it is answered: an event in each."""
    closed = {w.case.id: (w.case, w.command) for w in work if w.decision.move.action == "close"}
    if not closed:
        return []
    merged = db.rows("select district, id, place, merged_into from cases_case where merged_into = any(%s)", [list(closed)])
    return [
        {
            "district": district,
            "id": new_id(district, closed[into][1].at),
            "type": "case.answered",
            "at": closed[into][1].at,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "unit_id": None,
            "subject_type": "case",
            "subject_id": id,
            "place": place,
            "data": {"other": closed[into][0].number},
            "command": None,
        }
        for district, id, place, into in merged
    ]
