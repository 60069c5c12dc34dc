"""Workers are posted to grids, and hold the role there for as long."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.models import Grid, Posting
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, NotFound, Refused
from jingwei.kit.text import T

_MAY_POST = ("system_admin", "station_clerk", "street_operator")


@transaction.atomic
def post_worker(
    *, actor: Actor, at: datetime, person: Person, grid: str, from_date: date, until: date | None = None, unit: Unit | None = None, sole: bool = True
) -> Posting:
    """`person` serves `grid` from `from_date` until `until` (exclusive), and holds the role worker there.

    Refused when the grid isn't in force or is served by somebody else in that time.
    """
    if actor is not SYSTEM and not actor.roles_at(grid) & set(_MAY_POST):
        raise Forbidden()
    if not Grid.objects.filter(code=grid, period__contains=from_date).exists():
        raise NotFound(T("当日没有这个网格", "no such grid on that day"))
    period = db.days(from_date, until)
    # Two that post at once wait for each other here, instead of in the exclusion constraints, where they would lock each other out.
    Grid.objects.select_for_update(no_key=True).only("code").get(code=grid)
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    try:
        with transaction.atomic():
            posting = Posting.objects.create(person=person, grid_id=grid, sole=sole, period=period)
            Grant.objects.create(person=person, role="worker", unit=unit, area=grid, period=period)
    except IntegrityError:
        raise Refused(T(f"网格 {grid} 在此期间已有网格员", f"grid {grid} is served by a worker in that time"), code="grid_is_served") from None
    record("worker.posted", actor=actor, at=at, subject_type="person", subject_key=person.pk, place=grid, data={"from": from_date, "until": until})
    return posting


@transaction.atomic
def end_posting(*, actor: Actor, at: datetime, posting_id: int, on: date) -> Posting:
    """The posting and its role end on `on` (exclusive)."""
    posting = Posting.objects.select_for_update(of=("self",)).select_related("person", "grid").filter(pk=posting_id).first()
    if posting is None or (actor is not SYSTEM and not actor.roles_at(posting.grid_id)):
        raise NotFound()
    if actor is not SYSTEM and not actor.roles_at(posting.grid_id) & set(_MAY_POST):
        raise Forbidden()
    close_posting(posting, on, actor=actor, at=at)
    return posting


def close_posting(posting: Posting, on: date, *, actor: Actor, at: datetime, **why: Any) -> Unit | None:
    """The posting and its role end on `on`, where they run longer; `why` goes into the event. Answers the unit in which the role was held."""
    start, end = posting.period.lower, posting.period.upper
    if posting.period.isempty or (end is not None and end <= on):
        return None
    shorter = DateRange(start, max(start, on))
    held = Grant.objects.select_related("unit").filter(person=posting.person, role="worker", area=posting.grid_id, period=posting.period).first()
    if held:
        Grant.objects.filter(pk=held.pk).update(period=shorter)
    Posting.objects.filter(pk=posting.pk).update(period=shorter)
    posting.period = shorter
    data = {"on": on, **why}
    record("posting.ended", actor=actor, at=at, subject_type="person", subject_key=posting.person.pk, place=posting.grid_id, data=data)
    return held.unit if held else None
