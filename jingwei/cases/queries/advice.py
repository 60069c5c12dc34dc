"""Advice: the closed cases that it is learnt from, and what was learnt, asked."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.utils.timezone import localdate

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.models import LearnedAdvice
from jingwei.cases.rules.advice import READ, Opinion, circumstances
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.values import Matter
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, NotFound

MOST = 50_000  # the newest closed cases
OFFERED = 3

# The newest first; the unit that handled: the last that led and was done.
_CLOSED = """
select c.opened_at, left(c.text, %s), c.matter_id, c.place, c.source, a.unit_id
  from (select district, id, opened_at, text, matter_id, place, source from cases_case
         where closed_at is not null and merged_into is null order by opened_at desc, id desc limit %s) c
  left join lateral (select unit_id from cases_assignment
                      where district = c.district and case_id = c.id and part = 'lead' and done_at is not null
                      order by assigned_at desc, id desc limit 1) a on true
 order by c.opened_at, c.id"""


@dataclass(frozen=True)
class Closed:
    """A closed case as advice learns from it. `unit` is None where nobody else handled it."""

    opened_at: datetime
    text: str
    matter: Matter
    place: str
    source: str
    unit: int | None


def closed_cases(most: int = MOST) -> list[Closed]:
    """The newest closed cases, the oldest of them first; one statement."""
    book = catalogue()
    return [Closed(at, text, book.matter_by_id(matter), place, source, unit) for at, text, matter, place, source, unit in db.rows(_CLOSED, [READ, most])]


@dataclass(frozen=True)
class Advised:
    """The likeliest matters and units with their probability, and what they were learnt from (None: too few cases were closed)."""

    matters: list[tuple[Matter, float]]
    units: list[tuple[Unit, float]]
    learnt: LearnedAdvice | None


def advice(*, actor: Actor, text: str, place: str = "", matter: str = "") -> Advised:
    """What a report is likely to be, and who is likely to handle it; nothing is applied. Only matters in force and units at work. Two statements
    once the tables are loaded. Raises Forbidden for those who have no business with cases; a code that nobody knows says nothing."""
    if not actor.areas():
        raise Forbidden()
    learnt, matters, units = _in_use()
    today = localdate()
    asked: list[tuple[Matter, float]] = []
    if matters and text.strip():
        for code, chance in matters.likeliest(text, circumstances(place=place), 2 * OFFERED):
            if (found := pickable(str(code))) and found.valid_on(today):
                asked.append((found, chance))
    likely = units.likeliest(text, circumstances(place=place, matter=matter), 3 * OFFERED) if units and (text.strip() or matter) else []
    working = {unit.pk: unit for unit in Unit.objects.current().filter(pk__in=[id for id, _ in likely])} if likely else {}
    return Advised(asked[:OFFERED], [(working[id], p) for id, p in likely if id in working][:OFFERED], learnt)


def pickable(code: str) -> Matter | None:
    """The matter that a person gets who picks that code today."""
    try:
        return catalogue().matter(code)
    except NotFound:
        return None


@dataclass
class _Kept:
    learnt: LearnedAdvice | None = None
    matters: Opinion | None = None
    units: Opinion | None = None


_kept = _Kept()
_loading = Lock()


def _in_use() -> tuple[LearnedAdvice | None, Opinion | None, Opinion | None]:
    """The newest, loaded when it is first asked for and kept by its id."""
    global _kept
    newest = LearnedAdvice.objects.order_by("-id").values_list("id", flat=True).first()
    kept = _kept
    if (kept.learnt.pk if kept.learnt else None) != newest:
        with _loading:
            row: Any = LearnedAdvice.objects.filter(pk=newest).first() if newest else None
            both = [Opinion.load(bytes(part)) if part is not None else None for part in (row.matters, row.units)] if row else [None, None]
            kept = _kept = _Kept(row, *both)
    return kept.learnt, kept.matters, kept.units
