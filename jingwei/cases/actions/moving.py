"""One function runs every transition: lock, decide, write, record; for one case and for a thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
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
    """A wish to move one case: which move, with what form, on which version of the case, since when."""

    case_id: UUID
    move: str
    seen_version: int | None
    at: datetime
    form: Mapping[str, Any] = field(default_factory=dict)
    command: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


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
def perform_many(*, actor: Actor, commands: Sequence[Command]) -> list[Outcome]:
    """Move several cases, each allowed or refused on its own, in one transaction and a constant number of statements.

    `seen_version` None skips the check of the version (imports only). A case may be moved once a call.
    """
    book = catalogue()
    outcomes = [Outcome() for _ in commands]
    if len({c.case_id for c in commands}) < len(commands):
        raise Refused(T("同一案件在一次提交中出现两次", "a case stands twice in one call"))
    others = _others_wanted(book, commands)
    cases = _locked(actor, [c.case_id for c in commands] + [o for o in others.values() if o])
    _answer_repeats(actor, commands, cases, outcomes)
    units = _units(commands)
    work: list[tuple[int, Command, Case, Decision, dict[str, Any], Facts]] = []
    for i, command in enumerate(commands):
        if outcomes[i].repeated:
            continue
        try:
            case = cases.get(command.case_id)
            if case is None:
                raise NotFound(T("没有这个案件", "no such case"))
            if command.seen_version is not None and command.seen_version != case.version:
                raise Conflict(T("案件已被他人办理，请看最新情况", "somebody else has moved this case since"), code="stale_version", extra={"present": case})
            work.append((i, command, case, *_decide(book, actor, command, case, units, cases, others)))
        except Problem as problem:
            outcomes[i].problem = problem
    _write(book, actor, work, units)
    for i, _, case, *_ in work:
        outcomes[i].case = case
    return outcomes


def _locked(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases that the actor sees, locked in the order of their ids, with their holders' paths."""
    homes = {d for i in ids if (d := district_of(i))}
    rows = Case.objects.visible_to(actor).filter(district__in=homes, id__in=ids).select_related("unit").order_by("district", "id")
    return {case.id: case for case in rows.select_for_update(of=("self",), no_key=True)}


def _answer_repeats(actor: Actor, commands: Sequence[Command], cases: Mapping[UUID, Case], outcomes: list[Outcome]) -> None:
    keyed = {f"{actor.id or 0}:{c.command}": i for i, c in enumerate(commands) if c.command}
    if keyed:
        homes = [d for c in commands if (d := district_of(c.case_id))]
        seen = db.rows("select command, subject_id from events_event where district = any(%s) and command = any(%s)", [homes, list(keyed)])
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
    ids = {int(str(c.form["unit"])) for c in commands if str(c.form.get("unit", "")).isascii() and str(c.form.get("unit", "")).isdigit()}
    ids = {i for i in ids if i < 2**63}
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
        if "matter" in form:
            name, matter, condition = "matter", book.matter(form["matter"]), None
        if "condition" in form:
            name, condition = "condition", book.condition(form["condition"])
    except NotFound as unknown:
        raise Invalid(errors=[FieldError(f"form.{name}", unknown.message)]) from None
    now = situation(
        case,
        book,
        holder_path=case.unit.path if case.unit else None,
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


def _write(book: Catalogue, actor: Actor, work: Sequence[tuple[int, Command, Case, Decision, dict[str, Any], Facts]], units: Mapping[int, Target]) -> None:
    """Rows, completed steps, assignments, events and files of every decision: a statement for each kind."""
    steps: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for _, command, case, decision, form, facts in work:
        before = case.state
        if not decision.stays:
            steps.append(_step(case, command, actor))
        _advance(case, decision, command.at)
        if facts.unit:
            asked.append(
                {
                    "district": case.district,
                    "id": new_id(case.district, command.at),
                    "case_id": case.id,
                    "unit_id": facts.unit.id,
                    "part": "assist" if decision.move.action == "assist" else "lead",
                    "assigned_at": command.at,
                }
            )
        events.append(_event(book, actor, command, case, decision, form, facts, before))
    _end_assignments(work, actor)
    bulk.update(Case, [{"district": c.district, "id": c.id, **{k: getattr(c, k) for k in _COLUMNS}} for _, _, c, *_ in work])
    bulk.insert(Step, steps)
    bulk.insert(Assignment, asked)
    bulk.insert(Event, events + _answers_to_merged(actor, work))
    for (_, command, case, decision, form, _), event in zip(work, events, strict=True):
        if form.get("files"):
            take_files(actor=actor, case=case, files=form["files"], event=event["id"], move=decision.move.action, at=command.at)


def _advance(case: Case, decision: Decision, at: datetime) -> None:
    for name, value in decision.changes.items():
        setattr(case, name, value)
    case.version += 1
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


def _end_assignments(work: Sequence[tuple[int, Command, Case, Decision, dict[str, Any], Facts]], actor: Actor) -> None:
    """A new lead, a return or a reopening ends the old lead's part; whoever assisted has done so."""
    relieved = [c.id for _, _, c, d, _, f in work if (f.unit and d.move.action != "assist") or d.move.action in ("return", "reopen")]
    if relieved:
        db.run(
            "update cases_assignment set ended_at = %s where district = any(%s) and case_id = any(%s) and part = 'lead' and ended_at is null",
            [work[0][1].at, [c.district for _, _, c, *_ in work], relieved],
        )
    for _, command, case, decision, _, _ in work:
        if decision.move.action == "assist_done":
            db.run(
                """update cases_assignment a set done_at = %s, ended_at = %s from accounts_unit u where u.id = a.unit_id and a.district = %s
                      and a.case_id = %s and a.part = 'assist' and a.ended_at is null and u.path ^@ %s""",
                [command.at, command.at, case.district, case.id, decision.by.unit_path if decision.by else "/"],
            )


def _answers_to_merged(actor: Actor, work: Sequence[tuple[int, Command, Case, Decision, dict[str, Any], Facts]]) -> list[dict[str, Any]]:
    """When a case closes, every report that was merged into it is answered: an event in each."""
    closed = {c.id: (c, command) for _, command, c, d, *_ in work if d.move.action == "close"}
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
