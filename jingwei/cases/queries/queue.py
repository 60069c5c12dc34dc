"""Queues: what waits for whom, in what light."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Literal
from uuid import UUID

from django.db.models import Case as When_
from django.db.models import CharField, Count, DateTimeField, Q, Value, When
from django.db.models.functions import Coalesce

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case, CaseQuerySet
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.kit.paging import Page, decode_row, encode_cursor

View = Literal["mine", "all", "unlocated"]
FAR = datetime(9999, 12, 31, tzinfo=UTC)  # cases without a due time come last


@dataclass(frozen=True)
class QueueFilter:
    """What to list. `view`: "mine" = a move is mine to make; "all" = whatever I see; "unlocated" = outside every grid."""

    view: View = "mine"
    state: str = ""
    process: str = ""
    light: str = ""
    matter: str = ""
    unit: int | None = None
    place: str = ""
    source: str = ""
    q: str = ""


def queue_page(*, actor: Actor, wanted: QueueFilter, at: datetime, after: str | None = None, size: int = 50) -> Page[Case]:
    """Cases in order of their due time (none last), then of their opening; one statement."""
    rows = filtered(actor, wanted, at).annotate(sort_due=Coalesce("due_at", Value(FAR, DateTimeField()))).select_related("unit", "grid")
    if after:
        due, opened, id = decode_row(after, datetime.fromisoformat, datetime.fromisoformat, UUID)
        rows = rows.filter(Q(sort_due__gt=due) | Q(sort_due=due, opened_at__gt=opened) | Q(sort_due=due, opened_at=opened, id__gt=id))
    found = list(rows.defer("grid__boundary").order_by("sort_due", "opened_at", "id")[: size + 1])
    page = found[:size]
    last = page[-1] if len(found) > size else None
    return Page(page, encode_cursor([last.sort_due.isoformat(), last.opened_at.isoformat(), str(last.id)]) if last else None)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class StateCount:
    """How many cases of one process stand in one state, by light."""

    process_id: int
    state: str
    lights: dict[str, int]


def queue_counts(*, actor: Actor, wanted: QueueFilter, at: datetime) -> list[StateCount]:
    """Counts by process version, state and light; one statement."""
    rows = filtered(actor, wanted, at).order_by().annotate(light=_light(at)).values_list("process_id", "state", "light").annotate(n=Count("id"))
    found: dict[tuple[int, str], dict[str, int]] = {}
    for process, state, light, n in rows:
        found.setdefault((process, state), {})[light] = n
    return [StateCount(process, state, lights) for (process, state), lights in found.items()]


def filtered(actor: Actor, wanted: QueueFilter, at: datetime) -> CaseQuerySet:
    """The cases of a filter, within the actor's scope."""
    book = catalogue()
    rows = Case.objects.visible_to(actor)
    if wanted.view == "mine":
        rows = rows.filter(_mine(actor, book))
    elif wanted.view == "unlocated":
        rows = rows.filter(grid__isnull=True)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.process:
        rows = rows.filter(process_id__in=[p.id for p in book.processes() if p.code == wanted.process])
    if wanted.matter:
        rows = rows.filter(matter_id__in=[m.id for m in book.matters() if m.code.startswith(wanted.matter)])
    if wanted.unit is not None:
        rows = rows.filter(unit_id=wanted.unit)
    if wanted.place:
        rows = rows.filter(place__startswith=wanted.place)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.light:
        rows = rows.annotate(light=_light(at)).filter(light=wanted.light)
    for word in wanted.q.split():
        rows = rows.filter(Q(text__icontains=word) | Q(address__icontains=word) | Q(number__startswith=word) | Q(outer_number=word))
    return rows


def _mine(actor: Actor, book: Catalogue) -> Q:
    """States in which a move that carries a case on (neither void nor remind and the like) is open to one of my roles."""
    mine = [Q(pk__in=[])]
    for process in book.processes():
        for held in actor.held:
            anywhere: set[str] = set()
            as_holder: set[str] = set()
            for move in process.transitions:
                if held.role in move.roles and move.style == "primary":
                    (as_holder if move.holder else anywhere).update(move.sources)
            area = Q(process_id=process.id, place__startswith=held.area)
            if anywhere:
                mine.append(area & Q(state__in=sorted(anywhere)))
            if as_holder and held.unit_path:
                mine.append(area & Q(state__in=sorted(as_holder), unit__path__startswith=held.unit_path))
    return reduce(or_, mine)


def _light(at: datetime) -> When_:
    return When_(
        When(paused_at__isnull=False, then=Value("paused")),
        When(due_at__isnull=True, then=Value("none")),
        When(due_at__lte=at, then=Value("red")),
        When(warn_at__lte=at, then=Value("amber")),
        default=Value("green"),
        output_field=CharField(),
    )
