"""One function runs every transition: lock, decide, write, record; for one case and for a thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.actions.summoning import open_summons
from jingwei.cases.actions.writing import Command, Rows, Work, carry_out, write_all
from jingwei.cases.models import Assignment, Case, File
from jingwei.cases.queries.rows import called_of, situation
from jingwei.cases.rules.forms import MOST_UNITS, read_form
from jingwei.cases.rules.moves import Decision, Facts, Other, Target, decide
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.values import Condition
from jingwei.events.rules import key_reused
from jingwei.kit import db
from jingwei.kit.errors import Conflict, FieldError, Invalid, NotFound, Problem
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.kit.times import localdate


@dataclass(slots=True)
class Outcome:
    """The case as it is now, or why it did not move. `repeated`: this command had been carried out before."""

    case: Case | None = None
    repeated: bool = False
    problem: Problem | None = None


def perform(*, actor: Actor, case_id: UUID, move: str, form: Mapping[str, Any], seen_version: int, at: datetime, command: str | None = None) -> Outcome:
    """One move. Raises NotFound (not there, or not for this actor), Conflict (stale version; carries the present case),
    Invalid (the form), Forbidden, Refused."""
    outcome = perform_each(actor=actor, commands=[Command(case_id, move, seen_version, at, form, command)])[0]
    if outcome.problem:
        raise outcome.problem
    return outcome


def perform_each(*, actor: Actor, commands: Sequence[Command]) -> list[Outcome]:
    """`perform_many` at a door. Raises Refused where a key is being used for another case at this very moment: nothing has moved then."""
    try:
        return perform_many(actor=actor, commands=commands)
    except IntegrityError as error:
        if "event_command_once" not in str(error):
            raise
        raise key_reused() from None


@transaction.atomic
def perform_many(*, actor: Actor, commands: Sequence[Command]) -> list[Outcome]:
    """Move several cases, each move allowed or refused on its own, in one transaction and a constant number of statements.

    `seen_version` None skips the check of the version (imports only). Several moves of one case are made in the order
    given.
    """
    book = catalogue()
    outcomes = [Outcome() for _ in commands]
    others = _others_wanted(book, commands)
    cases = _locked(actor, list({c.case_id for c in commands} | {o for o in others.values() if o}))
    _answer_repeats(actor, commands, cases, outcomes)
    work, rows = move_in_hand(book, actor, commands, cases, outcomes, others)
    write_all([(actor, work, rows)])
    return outcomes


@transaction.atomic
def perform_together(*, hands: Sequence[tuple[Actor, Command]]) -> list[Outcome]:
    """What `perform_many` does, for several people at once: each command on another case, written in one go (simulations).

    Commands with keys are for `perform_many`. Visible is what lies in the actor's areas or is held by the actor's units.
    """
    book = catalogue()
    outcomes = [Outcome() for _ in hands]
    wanted = _others_wanted(book, [c for _, c in hands])
    cases = _locked(SYSTEM, list({c.case_id for _, c in hands} | {o for o in wanted.values() if o}))
    done = []
    for actor in {id(a): a for a, _ in hands}.values():
        mine = [i for i, (a, _) in enumerate(hands) if a is actor]
        commands, others = [hands[i][1] for i in mine], {n: wanted[i] for n, i in enumerate(mine) if i in wanted}
        named = {*(c.case_id for c in commands), *filter(None, others.values())}
        seen = {id: cases[id] for id in named if id in cases and _plainly_visible(cases[id], actor)}
        done.append((actor, *move_in_hand(book, actor, commands, seen, [outcomes[i] for i in mine], others)))
    write_all(done)
    return outcomes


def _plainly_visible(case: Case, actor: Actor) -> bool:
    """Whether the case's own row shows that the actor sees it; what a unit held or assists with, it doesn't show."""
    by_area = actor is SYSTEM or any(case.place.startswith(area) for area in actor.areas_seen())
    return by_area or (case.unit is not None and any(case.place.startswith(h.area) and case.unit.path.startswith(h.unit_path) for h in actor.units_seen()))


def move_in_hand(
    book: Catalogue,
    actor: Actor,
    commands: Sequence[Command],
    cases: Mapping[UUID, Case],
    outcomes: list[Outcome],
    others: Mapping[int, UUID | None],
) -> tuple[list[Work], Rows]:
    """Decide and carry out the commands on cases in hand, in their order; nothing is written yet. Commands whose outcome
    is settled already are passed over."""
    units, called = _units(commands), open_summons(commands, cases)
    work: list[Work] = []
    rows = Rows()
    for i, command in enumerate(commands):
        if outcomes[i].repeated or outcomes[i].problem:
            continue
        try:
            case = cases.get(command.case_id)
            if case is None:
                raise NotFound(T("没有这个案件", "no such case"))
            if command.seen_version is not None and command.seen_version != case.version:
                raise Conflict(T("案件已被他人办理，请看最新情况", "somebody else has moved this case since"), code="stale_version", extra={"present": case})
            work.append(Work(i, command, case, *_decide(book, actor, command, case, units, called.get(case.id, []), cases, others)))
        except Problem as problem:
            outcomes[i].problem = problem
        else:
            carry_out(book, actor, work[-1], rows, called)
            outcomes[i].case = case
    return work, rows


def _locked(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases that the actor sees, locked in the order of their ids, with their holders' paths."""
    homes = {d for i in ids if (d := district_of(i))}
    rows = Case.objects.visible_to(actor).filter(district__in=homes, id__in=ids).select_related("unit").order_by("district", "id")
    return {case.id: case for case in rows.select_for_update(of=("self",), no_key=True)}


def _answer_repeats(actor: Actor, commands: Sequence[Command], cases: Mapping[UUID, Case], outcomes: list[Outcome]) -> None:
    keyed = {f"{actor.id or 0}:{c.command}": i for i, c in enumerate(commands) if c.command}
    if keyed:
        homes = list({d for c in commands if (d := district_of(c.case_id))})
        seen = db.rows("select command, subject_id, data->>'move' from events_event where district = any(%s) and command = any(%s)", [homes, list(keyed)])
        for key, subject, move in seen:
            i = keyed[key]
            if (subject, move) == (commands[i].case_id, commands[i].move) and subject in cases:
                outcomes[i] = Outcome(case=cases[subject], repeated=True)
            else:
                outcomes[i].problem = key_reused()


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


# The lock that the assignment's foreign key takes anyhow, taken before the unit is looked at: whoever closes it (`accounts.actions.unit_locked`)
# is waited for, or waits and then finds the case.
_UNITS = "select id, name, path, closed_date is not null, area from accounts_unit where id = any(%s::bigint[]) order by id for key share"


def _units(commands: Sequence[Command]) -> dict[int, Target]:
    named = {str(c.form.get("unit", "")) for c in commands}
    for c in commands:
        several = c.form.get("units")
        named |= {str(one) for one in several[:MOST_UNITS]} if isinstance(several, list) else set()
    ids = {int(name) for name in named if name.isascii() and name.isdigit() and len(name) < 19}
    return {id: Target(id, *known) for id, *known in db.rows(_UNITS, [sorted(ids)])} if ids else {}


def _decide(
    book: Catalogue,
    actor: Actor,
    command: Command,
    case: Case,
    units: Mapping[int, Target],
    called: Sequence[Assignment],
    cases: Mapping[UUID, Case],
    others: Mapping[int, UUID | None],
) -> tuple[Decision, dict[str, Any], Facts]:
    process = book.process_version(case.process_id)
    move = process.move(case.state, command.move)
    form = read_form(move, command.form) if move else {}
    unit = units.get(form.get("unit", 0))
    for name, wanted in (("unit", [form["unit"]] if "unit" in form else []), ("units", form.get("units", []))):
        if any(one not in units for one in wanted):
            raise Invalid(errors=[FieldError(f"form.{name}", T("没有这个单位", "there is no such unit"))])
    matter = book.matter_by_id(case.matter_id)
    condition = book.condition(case.condition_id) if case.condition_id else None
    try:
        name = "form.matter"
        if "matter" in form:
            matter, condition = book.matter(form["matter"], on=localdate(command.at)), None
        name = "form.condition"
        if "condition" in form:
            condition = _condition(book, form["condition"], case, command.at)
    except NotFound as unknown:
        raise Invalid(errors=[FieldError(name, unknown.message)]) from None
    now = situation(
        case,
        book,
        holder_path=holder.path if (holder := units.get(case.unit_id or 0) or case.unit) else None,
        photographed=_has_files(case) if move and "has_photo" in move.guards else False,
        assisting=_assisting(case) if command.move in ("assist", "assist_done") else (),
        called=called_of(called),
    )
    several = tuple(units[one] for one in form.get("units", []))
    facts = Facts(unit=unit, other=_other(book, command, form, cases, others), with_files=bool(form.get("files")), units=several)
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


def _condition(book: Catalogue, wanted: int, case: Case, at: datetime) -> Condition:
    """The condition that is chosen, of those in force; the one that the case has may stay. NotFound."""
    condition = book.condition(wanted)
    if wanted != case.condition_id and not condition.valid_on(localdate(at)):
        raise NotFound(T("这个立案条件现在不用，请选现行的", "this filing condition is not in force: choose one that is"))
    return condition


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
