"""Saved views and how many cases each has; which moves several cases allow, and to which unit the rules would send each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.models import Assignment, Case, File, SavedView
from jingwei.cases.queries.filters import QueueFilter, compiled, filtered
from jingwei.cases.queries.rows import situation
from jingwei.cases.rules.moves import permitted
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.dispatch import DispatchAnswer
from jingwei.catalogue.rules.process import Transition
from jingwei.kit import db
from jingwei.kit.ids import district_of

COUNTED = 1000  # a view with more is told by "1000 or more": nobody waits for a number that nobody reads


def saved_views(actor: Actor) -> list[SavedView]:
    """One's own views and those shared with one's units, by name."""
    return list(SavedView.objects.visible_to(actor).select_related("owner", "unit").order_by("name", "pk"))


def view_counts(*, actor: Actor, wanted: Mapping[int, QueueFilter], at: datetime) -> dict[int, int]:
    """How many cases each filter has now, up to `COUNTED` + 1, in one statement."""
    parts, params = [], []
    for id, one in wanted.items():
        sql, given = compiled(filtered(actor, one, at).order_by().values("id")[: COUNTED + 1]) or ("select 1 where false", ())
        parts.append(f"select %s::bigint, (select count(*) from ({sql}) v)")
        params += [id, *given]
    return dict(db.rows_anew(" union all ".join(parts), params)) if parts else {}


def moves_of_many(*, actor: Actor, ids: Sequence[UUID]) -> list[tuple[Transition, list[UUID]]]:
    """The moves that the actor may make with any of these cases now, each with the cases that allow it; cases that the actor
    doesn't see are passed over. Cases of several processes share a move where it has the same form."""
    book, homes = catalogue(), {d for i in ids if (d := district_of(i))}
    cases = list(Case.objects.visible_to(actor).filter(district__in=homes, id__in=ids).select_related("unit"))
    asked: dict[UUID, list[str]] = {}
    open_requests = Assignment.objects.filter(district__in=homes, case_id__in=ids, part="assist", done_at__isnull=True, ended_at__isnull=True)
    for case_id, path in open_requests.values_list("case_id", "unit__path"):
        asked.setdefault(case_id, []).append(path)
    pictured = set(File.objects.filter(district__in=homes, case_id__in=ids, mime__startswith="image/").values_list("case_id", flat=True))
    found: dict[tuple[str, tuple[str, ...]], tuple[Transition, list[UUID]]] = {}
    for case in cases:
        now = situation(
            case, book, holder_path=case.unit.path if case.unit else None, photographed=case.id in pictured, assisting=tuple(asked.get(case.id, ()))
        )
        for move in permitted(now, actor):
            key = (move.action, tuple(f"{f.name}{f.required}" for f in move.form))
            found.setdefault(key, (move, []))[1].append(case.id)
    return list(found.values())


@dataclass(frozen=True)
class Proposed:
    """What the dispatch rules propose for one case, and the unit that they name."""

    case_id: UUID
    answer: DispatchAnswer
    unit: Unit | None


def dispatch_proposals(*, actor: Actor, ids: Sequence[UUID], at: datetime) -> list[Proposed]:
    """The dispatch rules asked for each of these cases, in their order; cases that the actor doesn't see are passed over; two statements."""
    book, homes = catalogue(), {d for i in ids if (d := district_of(i))}
    seen = {c.id: c for c in Case.objects.visible_to(actor).filter(district__in=homes, id__in=ids).only("district", "id", "matter", "place", "source")}
    answers = {c.id: book.dispatch(book.matter_by_id(c.matter_id), c.place, at, c.source) for c in seen.values()}
    units = Unit.objects.in_bulk({a.unit_id for a in answers.values() if a.unit_id})
    return [Proposed(i, answers[i], units.get(answers[i].unit_id or 0)) for i in dict.fromkeys(ids) if i in answers]
