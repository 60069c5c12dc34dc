"""What a queue is filtered by, and in what order it stands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, CharField, Q, QuerySet, Value, When
from django.db.models import Case as When_
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In
from django.utils.timezone import get_current_timezone

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case, CaseQuerySet
from jingwei.cases.rules.summons import ANSWERS
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.kit import db
from jingwei.kit.words import folded_sql, like_all, plain_sql

View = Literal["mine", "open", "ended", "all", "unlocated"]
Light = Literal["green", "amber", "red", "paused", "none"]
Sort = Literal["due", "longest", "newest", "oldest"]


@dataclass(frozen=True)
class QueueFilter:
    """What to list; of several values one must fit, an empty field asks nothing.

    `view`: "mine" = a move is mine to make; "open" = whatever I see that is not closed; "ended" = what is; "all" = both; "unlocated" =
    outside every grid. `matter`: codes or their beginnings; `unit`: who holds it; `place`: the beginning of a place's code; `q`: words of
    number, address or text, all of which must occur; `opened_from`, `opened_to`: days, both included; `due_in`: hours within which the
    limit runs out, 0 = has run out; `within`: the corners of a shape (WGS-84 degrees).
    """

    view: View = "mine"
    state: tuple[str, ...] = ()
    process: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    matter: tuple[str, ...] = ()
    unit: tuple[int, ...] = ()
    place: str = ""
    source: tuple[str, ...] = ()
    q: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    due_in: int | None = None
    urgent: bool | None = None
    within: tuple[tuple[float, float], ...] = ()


# The order's columns; the last makes it total, and each may end a cursor. Descending in all or in none of them.
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("due_order", "opened_at", "id"),
    "longest": ("entered_at", "id"),
    "newest": ("-opened_at", "-id"),
    "oldest": ("opened_at", "id"),
}


def usual_order(view: str) -> str:
    """What waits stands in the order of its due time; what includes the past, newest first."""
    return "newest" if view in ("all", "ended") else "due"


def filtered(actor: Actor, wanted: QueueFilter, at: datetime) -> CaseQuerySet:
    """The cases of a filter, within the actor's scope."""
    return Case.objects.visible_to(actor).filter(*_wanted(actor, wanted, at, first=False))


def parts_filtered(actor: Actor, wanted: QueueFilter, at: datetime) -> list[CaseQuerySet]:
    """The same in parts that may overlap, of which only the first rows are wanted."""
    asked = _wanted(actor, wanted, at, first=True)
    return [part.filter(*asked) for part in Case.objects.parts_visible_to(actor, within=wanted.place)]


def _wanted(actor: Actor, wanted: QueueFilter, at: datetime, *, first: bool) -> "list[Q | RawSQL | In[Any]]":
    """What is asked of each case."""
    asked: dict[str, Any] = {}
    more: list[Q | RawSQL | In[Any]] = []
    match wanted.view:
        case "mine":
            more.append(Q(_mine(actor, catalogue()), is_open=True))
        case "open":
            asked["is_open"] = True
        case "ended":
            asked["is_open"] = False
        case "unlocated":
            asked |= {"grid__isnull": True, "is_open": True}
    if wanted.state:
        asked["state__in"] = wanted.state
    if wanted.process:
        asked["process_id__in"] = [p.id for p in catalogue().processes() if p.code in wanted.process]
    if wanted.matter:
        asked["matter_id__in"] = [m.id for m in catalogue().matters() if m.code.startswith(wanted.matter)]
    if wanted.unit:
        asked["unit_id__in"] = wanted.unit
    if wanted.place and not first:
        asked["place__startswith"] = wanted.place
    if wanted.source:
        asked["source__in"] = wanted.source
    if wanted.urgent is not None:
        asked["urgent"] = wanted.urgent
    if wanted.opened_from:
        asked["opened_at__gte"] = _midnight(wanted.opened_from)
    if wanted.opened_to:
        asked["opened_at__lt"] = _midnight(wanted.opened_to + timedelta(days=1))
    if wanted.due_in is not None:
        asked["due_at__lte"] = at + timedelta(hours=wanted.due_in)
    if wanted.within:
        asked["point__intersects"] = Polygon([*wanted.within, wanted.within[0]], srid=4326).make_valid()  # type: ignore[attr-defined]
    if wanted.light:
        more.append(In(light_sql(at), wanted.light))
    if wanted.q.split():
        more.append(said(wanted.q) if (wanted.view != "all" and wanted.view != "ended") or (first and _frequent(wanted.q)) else found(wanted.q))
    return [Q(**asked), *more]


def compiled(rows: "QuerySet[Case, Any]") -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a query and its parameters, for use inside another statement; None where nothing can fit it."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


_TEXT = "c.number || ' ' || c.outer_number || ' ' || c.address || ' ' || c.text"
WORDS_OF_CASE = folded_sql(_TEXT)  # of a case `c`
READER = "cases.words"
TOLD = ("case.opened", "case.located")  # the events after which a case is found by other words

FREQUENT = 2000


def said(q: str) -> RawSQL:
    """Whether a case has every word of `q`, read from the case itself: for few cases, or for words that many have."""
    sql, wanted = like_all(plain_sql(_TEXT.replace("c.", "cases_case.")), q, twice=False)
    # The planner takes such words for rare, and would collect all of the few before it orders them; of a "case" it takes half for true.
    return RawSQL(f"(case when {sql} then true else false end)", wanted, BooleanField())


def _frequent(q: str) -> bool:
    """Whether so many cases have the words that the first page is found sooner by walking the list than by collecting them all."""
    sql, wanted = like_all("words", q)
    row = db.row(f"select count(*) from (select 1 from cases_casewords where {sql} limit {FREQUENT}) w", wanted)
    return bool(row and row[0] >= FREQUENT)


_FOUND = f"""(cases_case.district, cases_case.id) in (
  select district, id from cases_casewords where {{there}}
  union all
  select c.district, c.id from events_event e join cases_case c on c.district = e.district and c.id = e.subject_id
   where e.recorded_at > coalesce((select read_until from events_reader where name = '{READER}'), '-infinity')
     and e.type in {TOLD} and {{here}})"""


def found(q: str) -> RawSQL:
    """Whether a case has every word of `q` in its number, address or text: by the index of what has been read, and in what came since."""
    there, wanted = like_all("words", q)
    here, again = like_all(WORDS_OF_CASE.replace("%", "%%"), q)
    return RawSQL(_FOUND.format(there=there, here=here), [*wanted, *again], BooleanField())


_CALLED = """(cases_case.district, cases_case.id) in (
  select a.district, a.case_id from cases_assignment a join accounts_unit u on u.id = a.unit_id
   where a.part = 'summon' and a.ended_at is null and u.path ^@ %s)"""


def _mine(actor: Actor, book: Catalogue) -> Q:
    """States in which a move that carries a case on (neither void nor remind and the like) is open to one of my roles; and cases to whose spot
    my unit is called and has not reported back from."""
    mine = Q(pk__in=[])
    for held in actor.held:
        anywhere: set[tuple[int, str]] = set()
        as_holder: set[tuple[int, str]] = set()
        as_called = False
        for process in book.processes():
            for move in process.transitions:
                if held.role in move.roles and move.action in ANSWERS:
                    as_called = True
                elif process.id and held.role in move.roles and move.style == "primary":
                    (as_holder if move.holder else anywhere).update((process.id, state) for state in move.sources)
        area = Q(place__startswith=held.area)
        if anywhere:
            mine |= area & Q(_standing(anywhere))
        if as_holder and held.unit_path:
            mine |= area & Q(_standing(as_holder), unit__path__startswith=held.unit_path)
        if as_called and held.unit_path:
            mine |= area & Q(RawSQL(_CALLED, [held.unit_path], BooleanField()))
    return mine


def _standing(where: set[tuple[int, str]]) -> RawSQL:
    """Whether a case stands in one of these states of these processes."""
    processes, states = zip(*sorted(where), strict=True)
    sql = "(cases_case.process_id, cases_case.state) in (select * from unnest(%s::bigint[], %s::varchar[]))"
    return RawSQL(sql, [list(processes), list(states)], BooleanField())


def light_sql(at: datetime) -> When_:
    """The light of a case's clock (cases.rules.clock.light) in the database."""
    return When_(
        When(paused_at__isnull=False, then=Value("paused")),
        When(due_at__isnull=True, then=Value("none")),
        When(due_at__lte=at, then=Value("red")),
        When(warn_at__lte=at, then=Value("amber")),
        default=Value("green"),
        output_field=CharField(),
    )


def after_key(order: tuple[str, ...], key: list[object]) -> RawSQL:
    """Rows that stand behind `key` in `order`: one comparison of rows, which an index answers from its very place."""
    names = ", ".join(f"cases_case.{name.lstrip('-')}" for name in order)
    return RawSQL(f"({names}) {'<' if order[0].startswith('-') else '>'} ({', '.join(['%s'] * len(key))})", key, BooleanField())
