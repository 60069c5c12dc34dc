"""One function runs every transition: lock, decide, write, record; for one case and for a thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.actions.files import take_files
from jingwei.cases.models import Assignment, Case, File, Step
from jingwei.cases.queries.rows import clock_columns, situation
from jingwei.cases.rules.forms import read_form
from jingwei.cases.rules.moves import Decision, Facts, Other, Target, decide
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.events.models import Event
from jingwei.kit import bulk, db
from jingwei.kit.errors import Conflict, FieldError, Invalid, NotFound, Problem, Refused
from jingwei.kit.ids import district_of, new_id
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
class _Rows:
    """What the moves of one call write besides the cases themselves."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    leads: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # of `asked`, the lead that each case has now


@dataclass(slots=True)
class Outcome:
    """The case as it is now, or why it did not move. `repeated`: this command had been carried out before."""

    case: Case | None = None
    repeated: bool = False
    problem: Problem | None = None


def perform(*, actor: Actor, case_id: UUID, move: str, form: Mapping[str, Any], seen_version: int, at: datetime, command: str | None = None) -> Outcome:
    """One move. Raises NotFound (not there, or not for this actor), Conflict (stale version; carries the present case),
    Invalid (the form), Forbidden, Refused."""
    outcome = perform_many(actor=actor, commands=[Command(case_id, move, seen_version, at, form, command)])[0]
    if outcome.problem:
        raise outcome.problem
    return outcome


@transaction.atomic
def perform_many(*, actor: Actor, commands: Sequence[Command], fresh: Mapping[UUID, Case] | None = None) -> list[Outcome]:
    """Move several cases, each move allowed or refused on its own, in one transaction and a constant number of statements.

    `seen_version` None skips the check of the version (imports only). Several moves of one case are made in the order
    given. `fresh` are cases that the caller has opened in this very transaction: nobody else sees them yet, so that they
    are neither read nor locked again.
    """
    book = catalogue()
    outcomes = [Outcome() for _ in commands]
    others = _others_wanted(book, commands)
    cases = dict(fresh or {})
    standing = [c for c in commands if c.case_id not in cases]
    wanted = {c.case_id for c in standing} | {o for o in others.values() if o and o not in cases}
    if wanted:
        cases |= _locked(actor, list(wanted))
        _answer_repeats(actor, commands, standing, cases, outcomes)
    units = _units(commands)
    work: list[Work] = []
    rows = _Rows()
    for i, command in enumerate(commands):
        if outcomes[i].repeated or outcomes[i].problem:
            continue
        try:
            case = cases.get(command.case_id)
            if case is None:
                raise NotFound(T("没有这个案件", "no such case"))
            if command.seen_version is not None and command.seen_version != case.version:
                raise Conflict(T("案件已被他人办理，请看最新情况", "somebody else has moved this case since"), code="stale_version", extra={"present": case})
            work.append(Work(i, command, case, *_decide(book, actor, command, case, units, cases, others)))
        except Problem as problem:
            outcomes[i].problem = problem
        else:
            _carry_out(book, actor, work[-1], rows)
            outcomes[i].case = case
    _write(actor, work, rows)
    return outcomes


def _locked(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases that the actor sees, locked in the order of their ids, with their holders' paths."""
    homes = {d for i in ids if (d := district_of(i))}
    rows = Case.objects.visible_to(actor).filter(district__in=homes, id__in=ids).select_related("unit").order_by("district", "id")
    return {case.id: case for case in rows.select_for_update(of=("self",), no_key=True)}


def _answer_repeats(actor: Actor, commands: Sequence[Command], standing: Sequence[Command], cases: Mapping[UUID, Case], outcomes: list[Outcome]) -> None:
    keyed = {f"{actor.id or 0}:{c.command}": i for i, c in enumerate(commands) if c.command}
    if keyed:
        homes = list({d for c in standing if (d := district_of(c.case_id))})
        keys = [f"{actor.id or 0}:{c.command}" for c in standing if c.command]
        seen = db.rows("select command, subject_id from events_event where district = any(%s) and command = any(%s)", [homes, keys])
        for key, subject in seen:
            i = keyed[key]
            if subject == commands[i].case_id and subject in cases:
                outcomes[i] = Outcome(case=cases[subject], repeated=True)
            else:
                outcomes[i].problem = Refused(T("此幂等键已用于另一件事", "this idempotency key was used for something else"), code="key_reused")


def _others_wanted(book: Catalogue, commands: Sequence[Command]) -> dict[int, UUID | None]:
    """The cases that forms name (by id or number), by the index of their command."""
    named = {i: str(c.form["case"]) for i, c in enumerate(commands) if c.form.get("case")}
    by_number = {}
    numbers = [n for n in named.values() if "-" in n and len(n) <= 20]
    if numbers:
        by_number = dict(db.rows("select number, id from cases_case where number = any(%s)", [numbers]))
    found: dict[int, UUID | None] = {}
    for i, name in named.items():
        try:
            found[i] = by_number[name] if name in by_number else UUID(name)
        except ValueError:
            found[i] = None
    return found


def _units(commands: Sequence[Command]) -> dict[int, Target]:
    named = {str(c.form.get("unit", "")) for c in commands}
    ids = {int(name) for name in named if name.isascii() and name.isdigit() and len(name) < 19}
    return {u.pk: Target(u.pk, u.name, u.path, u.closed_date is not None) for u in Unit.objects.filter(pk__in=ids)} if ids else {}


def _decide(
    book: Catalogue,
    actor: Actor,
    command: Command,
    case: Case,
    units: Mapping[int, Target],
    cases: Mapping[UUID, Case],
    others: Mapping[int, UUID | None],
) -> tuple[Decision, dict[str, Any], Facts]:
    process = book.process_version(case.process_id)
    move = process.move(case.state, command.move)
    form = read_form(move, command.form) if move else {}
    unit = units.get(form.get("unit", 0))
    if "unit" in form and unit is None:
        raise Invalid(errors=[FieldError("form.unit", T("没有这个单位", "there is no such unit"))])
    matter = book.matter_by_id(case.matter_id)
    condition = book.condition(case.condition_id) if case.condition_id else None
    try:
        name = "form.matter"
        if "matter" in form:
            matter, condition = book.matter(form["matter"]), None
        name = "form.condition"
        if "condition" in form:
            condition = book.condition(form["condition"])
    except NotFound as unknown:
        raise Invalid(errors=[FieldError(name, unknown.message)]) from None
    now = situation(
        case,
        book,
        holder_path=holder.path if (holder := units.get(case.unit_id or 0) or case.unit) else None,
        photographed=_has_files(case) if move and "has_photo" in move.guards else False,
        assisting=_assisting(case) if command.move in ("assist", "assist_done") else (),
    )
    facts = Facts(unit=unit, other=_other(book, command, form, cases, others), with_files=bool(form.get("files")))
    decision = decide(
        now,
        command.move,
        form,
        facts,
        actor=actor,
        at=command.at,
        limit_in=lambda state: book.limit(process.code, state, matter, condition, case.urgent, localdate(command.at)),
        calendar=book.calendar(),
    )
    # Another matter has other filing conditions: the old one does not stay with it.
    decision.changes |= {"matter_id": matter.id, "condition_id": condition.id if condition else None}
    return decision, form, facts


def _other(book: Catalogue, command: Command, form: Mapping[str, Any], cases: Mapping[UUID, Case], others: Mapping[int, UUID | None]) -> Other | None:
    if "case" not in form:
        return None
    wanted = next((o for o in others.values() if o and (str(o) == form["case"] or (o in cases and cases[o].number == form["case"]))), None)
    target = cases.get(wanted) if wanted else None
    if target is None:
        return None
    ended = book.process_version(target.process_id).states[target.state].kind == "final" or target.closed_at is not None
    return Other(target.id, target.number, ended=ended, merged=target.merged_into is not None)


def _has_files(case: Case) -> bool:
    return File.objects.filter(district=case.district, case_id=case.id, mime__startswith="image/").exists()


def _assisting(case: Case) -> tuple[str, ...]:
    asked = Assignment.objects.filter(district=case.district, case_id=case.id, part="assist", done_at__isnull=True, ended_at__isnull=True)
    return tuple(asked.values_list("unit__path", flat=True))


_COLUMNS = (
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
)


def _carry_out(book: Catalogue, actor: Actor, work: Work, rows: _Rows) -> None:
    """The move happens to the case in hand; what it writes besides is laid up in `rows`."""
    _, command, case, decision, form, facts = work
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
        asked = {"district": case.district, "id": new_id(case.district, command.at), "case_id": case.id, "unit_id": facts.unit.id, "part": part}
        rows.asked.append(asked | {"assigned_at": command.at, "ended_at": None})
        if part == "lead":
            rows.leads[case.id] = rows.asked[-1]
    rows.events.append(_event(book, actor, command, case, decision, form, facts, before))


def _relieves(work: Work) -> bool:
    """Whether the unit that leads until now is relieved of the case."""
    action = work.decision.move.action
    return (work.facts.unit is not None and action != "assist") or action in ("return", "reopen")


def _write(actor: Actor, work: Sequence[Work], rows: _Rows) -> None:
    """Cases, completed steps, assignments, events and files: a statement for each kind."""
    _end_assignments(work)
    cases = {w.case.id: w.case for w in work}.values()
    bulk.update(Case, [{"district": c.district, "id": c.id, **{k: getattr(c, k) for k in _COLUMNS}} for c in cases])
    bulk.insert(Step, rows.steps)
    bulk.insert(Assignment, rows.asked)
    bulk.insert(Event, rows.events + _answers_to_merged(actor, work))
    for (_, command, case, decision, form, _), event in zip(work, rows.events, strict=True):
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


def _event(
    book: Catalogue,
    actor: Actor,
    command: Command,
    case: Case,
    decision: Decision,
    form: Mapping[str, Any],
    facts: Facts,
    before: str,
) -> dict[str, Any]:
    data: dict[str, Any] = {"move": decision.move.action, "from": before, "to": case.state, "version": case.version}
    kept = {k: v for k, v in form.items() if k != "files"}
    if kept:
        data["form"] = kept
    if facts.unit:
        data["unit"] = facts.unit.name
        if decision.move.action == "dispatch":
            data["why"] = _why(book, case, facts.unit, command.at).json()
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
