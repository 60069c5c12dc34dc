"""What is near or past its limit, by unit; and which cases these are. For those who watch an area, and for leads over their own units."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from jingwei.accounts.rules import Actor, Held
from jingwei.cases.models import Case
from jingwei.cases.queries.filters import ORDERS, after_key
from jingwei.cases.queries.listed import Listed, lines
from jingwei.kit import db
from jingwei.kit.errors import Forbidden
from jingwei.kit.paging import Page, decode_row, encode_cursor

Kind = Literal["near", "past", "supervised", "reminded", "summoned", "summons_late"]
WATCHERS = ("supervisor", "shift_leader")  # see every unit in their area
LEADS = ("department_lead",)  # see their own unit and those below it


@dataclass(frozen=True)
class UnitWatch:
    """One unit's burden; the unit None stands for cases that nobody holds yet. A summons counts for the unit that was called."""

    unit_id: int | None
    unit: str
    near: int
    past: int
    worst_due_at: datetime | None
    supervised: int
    reminded: int
    summoned: int
    summons_late: int


def watched(actor: Actor) -> list[Held]:
    """The grants by which the actor supervises. Forbidden without any."""
    held = [h for h in actor.held if h.role in WATCHERS or (h.role in LEADS and h.unit_path)]
    if not held:
        raise Forbidden()
    return held


def _scope(held: list[Held], unit: str) -> tuple[str, list[str]]:
    """SQL: whether a case `c` lies in the watched areas and, for a lead, the unit `unit` in the lead's."""
    terms, params = [], []
    for h in held:
        terms.append("c.place ^@ %s" if h.role in WATCHERS else f"c.place ^@ %s and {unit}.path ^@ %s")
        params += [h.area] if h.role in WATCHERS else [h.area, h.unit_path]
    return "(" + " or ".join(f"({t})" for t in terms) + ")", params


_BY_UNIT = """
with held as (
  select c.unit_id, count(*) filter (where c.warn_at <= %s and c.due_at > %s) near, count(*) filter (where c.due_at <= %s) past,
         min(c.due_at) filter (where c.due_at <= %s) worst, count(c.supervised_at) supervised, count(c.reminded_at) reminded
    from cases_case c left join accounts_unit u on u.id = c.unit_id
   where c.is_open and (c.warn_at <= %s or c.due_at <= %s or c.supervised_at is not null or c.reminded_at is not null) and c.place ^@ %s and {held}
   group by c.unit_id),
called as (
  select a.unit_id, count(*) summoned, count(*) filter (where a.answer_by <= %s or (a.arrived_at is null and a.arrive_by <= %s)) late
    from cases_assignment a join cases_case c on c.district = a.district and c.id = a.case_id join accounts_unit v on v.id = a.unit_id
   where a.part = 'summon' and a.ended_at is null and c.place ^@ %s and {called}
   group by a.unit_id)
select coalesce(held.unit_id, called.unit_id), coalesce(n.name, ''),
       coalesce(near, 0), coalesce(past, 0), worst, coalesce(supervised, 0), coalesce(reminded, 0),
       coalesce(summoned, 0), coalesce(late, 0)
  from held full join called on held.unit_id = called.unit_id left join accounts_unit n on n.id = coalesce(held.unit_id, called.unit_id)
 order by coalesce(past, 0) + coalesce(late, 0) desc, worst nulls last, coalesce(near, 0) desc, n.name"""


def units_watched(*, actor: Actor, at: datetime, place: str = "") -> list[UnitWatch]:
    """Every unit with something near or past its limit, supervised, reminded or summoned, the worst first; one statement. Raises Forbidden."""
    held = watched(actor)
    holders, mine = _scope(held, "u")
    called, theirs = _scope(held, "v")
    params: list[Any] = [*[at] * 6, place, *mine, at, at, place, *theirs]
    return [UnitWatch(*row) for row in db.rows(_BY_UNIT.format(held=holders, called=called), params)]


_LATE = "(a.answer_by <= %s or (a.arrived_at is null and a.arrive_by <= %s))"
_SUMMONED = """(cases_case.district, cases_case.id) in (
  select a.district, a.case_id from cases_assignment a join accounts_unit v on v.id = a.unit_id
   where a.part = 'summon' and a.ended_at is null {more})"""


def watched_page(
    *, actor: Actor, kind: Kind, at: datetime, unit: int | None = None, nobody: bool = False, place: str = "", after: str | None = None, size: int = 50
) -> Page[Listed]:
    """The cases behind one count, the longest due first; one statement. `unit`: who holds them (for summonses: who is called); `nobody`:
    those that no unit holds. Raises Forbidden."""
    held = watched(actor)
    rows = Case.objects.filter(is_open=True, place__startswith=place)
    called = kind in ("summoned", "summons_late")
    scope = Q(pk__in=[])
    for h in held:
        theirs = Q() if h.role in WATCHERS or called else Q(unit__path__startswith=h.unit_path)
        scope |= Q(place__startswith=h.area) & theirs
    rows = rows.filter(scope)
    match kind:
        case "near":
            rows = rows.filter(warn_at__lte=at, due_at__gt=at)
        case "past":
            rows = rows.filter(due_at__lte=at)
        case "supervised":
            rows = rows.filter(supervised_at__isnull=False)
        case "reminded":
            rows = rows.filter(reminded_at__isnull=False)
        case _:
            more: list[str] = []
            params: list[Any] = []
            if kind == "summons_late":
                more.append(f"and {_LATE}")
                params += [at, at]
            if unit is not None:
                more.append("and a.unit_id = %s")
                params.append(unit)
            if not any(h.role in WATCHERS for h in held):
                more.append("and (" + " or ".join(["v.path ^@ %s"] * len(held)) + ")")
                params += [h.unit_path for h in held]
            rows = rows.filter(RawSQL(_SUMMONED.format(more=" ".join(more)), params, BooleanField()))
    if nobody:
        rows = rows.filter(unit__isnull=True)
    elif unit is not None and not called:
        rows = rows.filter(unit_id=unit)
    order = ORDERS["due"]
    if after:
        rows = rows.filter(after_key(order, decode_row(after, *(UUID if name == "id" else datetime.fromisoformat for name in order))))
    found = lines(rows.order_by(*order)[: size + 1], at)
    page = found[:size]
    last = page[-1] if len(found) > size else None
    return Page(page, encode_cursor([str(getattr(last, name)) for name in order]) if last else None)


@dataclass(frozen=True)
class Standing:
    """What stands against a case: supervised and reminded since when (unanswered), with the supervisor's words; who is called and late."""

    supervised_at: datetime | None
    reminded_at: datetime | None
    words: str
    called: list[str]
    late: list[str]


_STANDING = """
select c.id, c.supervised_at, c.reminded_at,
       coalesce((select e.data->'form'->>'note' from events_event e where e.district = c.district and e.subject_id = c.id
           and e.type = 'case.supervised' and e.at = c.supervised_at limit 1), ''),
       array(select u.name from cases_assignment a join accounts_unit u on u.id = a.unit_id
              where a.district = c.district and a.case_id = c.id and a.part = 'summon' and a.ended_at is null order by u.name),
       array(select u.name from cases_assignment a join accounts_unit u on u.id = a.unit_id
              where a.district = c.district and a.case_id = c.id and a.part = 'summon' and a.ended_at is null
                and (a.answer_by <= %s or (a.arrived_at is null and a.arrive_by <= %s)) order by u.name)
  from cases_case c where c.district = any(%s) and c.id = any(%s)"""


def standings(cases: list[UUID], districts: list[str], at: datetime) -> dict[UUID, Standing]:
    """What stands against these cases (already given to the asker to see); one statement."""
    if not cases:
        return {}
    return {row[0]: Standing(*row[1:]) for row in db.rows(_STANDING, [at, at, sorted(set(districts)), cases])}
