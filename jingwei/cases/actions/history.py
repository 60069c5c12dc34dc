"""A case of another system is opened together with what has happened to it since: decided move by move, written once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.cases.actions.moving import Outcome, move_in_hand
from jingwei.cases.actions.opening import Opened, open_in_hand
from jingwei.cases.actions.reporting import NewCase
from jingwei.cases.actions.summoning import write_summons
from jingwei.cases.actions.writing import MOVED_COLUMNS, Command, Rows
from jingwei.cases.models import Assignment, Case, Step
from jingwei.catalogue.queries import Catalogue
from jingwei.events.models import Event
from jingwei.kit import bulk


@dataclass(slots=True)
class Told:
    """The case that was opened, and what became of each of its moves. A case that was there before (`opened.repeated`)
    or could not be opened has no outcomes: its moves were not tried."""

    opened: Opened
    outcomes: list[Outcome] = field(default_factory=list)


@transaction.atomic
def open_with_history(*, actor: Actor, wanted: Sequence[tuple[datetime, NewCase, Sequence[Command]]]) -> list[Told]:
    """What `open_cases` and then `perform_many` would do, by the same rules and with the same events: but nobody has seen
    the cases in between, so that each is written once, as it ends up. The commands' `case_id` is filled in here.
    Moves that name another case or bring files are for cases that stand."""
    outcomes: dict[int, list[Outcome]] = {}
    laid_up = Rows()

    def meanwhile(book: Catalogue, cases: Mapping[int, Case]) -> Sequence[str]:
        nonlocal laid_up
        owners = [i for i in cases for _ in wanted[i][2]]
        commands = [replace(command, case_id=case.id) for i, case in cases.items() for command in wanted[i][2]]
        made = [Outcome() for _ in commands]
        _, laid_up = move_in_hand(book, actor, commands, {case.id: case for case in cases.values()}, made, {})
        for i, outcome in zip(owners, made, strict=True):
            outcomes.setdefault(i, []).append(outcome)
        return MOVED_COLUMNS

    answers = open_in_hand(actor, [(at, new) for at, new, _ in wanted], meanwhile)
    written: set[UUID] = {a.case.id for a in answers if a.case and not a.repeated}
    bulk.insert(Step, [r for r in laid_up.steps if r["case_id"] in written])
    bulk.insert(Assignment, [r for r in laid_up.asked if r["case_id"] in written])
    write_summons([a for a in laid_up.summons if a.case_id in written])
    bulk.insert(Event, [r for r in laid_up.events if r["subject_id"] in written])
    return [Told(a, outcomes.get(i, []) if a.case and not a.repeated else []) for i, a in enumerate(answers)]
