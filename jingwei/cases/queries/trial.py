"""A proposed dispatch table, tried on the cases of the last weeks. Nothing is changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.cases.models import Case
from jingwei.catalogue.queries import catalogue, proposed_table, table_in_force
from jingwei.catalogue.rules.dispatch import Question
from jingwei.catalogue.rules.table import DraftRule
from jingwei.kit import db
from jingwei.kit.text import T

MOST_CASES = 20_000
MOST_SHOWN = 200

# The newest first; the unit that each was first sent to, and when.
_DISPATCHED = """
select c.id, c.number, c.matter_id, c.place, c.source, a.unit_id, a.assigned_at
  from ({cases}) c join lateral (
       select unit_id, assigned_at from cases_assignment
        where district = c.district and case_id = c.id and part = 'lead' order by assigned_at, id limit 1) a on true
 order by c.opened_at desc, c.id desc limit %s"""


@dataclass(frozen=True)
class Elsewhere:
    """A case for which the proposed table names another unit. Who may not see the case is not told which one it is: no `id`, no `number`."""

    id: UUID | None
    number: str
    matter: tuple[str, str]
    place: tuple[str, str]
    source: str
    at: datetime
    went: str
    now: str | None
    then: str | None
    why: T


@dataclass
class Trial:
    """What the proposed table would have done. `cut`: there were more cases than are looked at. `units`: by unit (None: no rule
    matched), how many cases the table in force names it for, and how many the proposed one would. `agreed`: for how many cases
    each of the two names the unit that people chose."""

    since: datetime
    looked_at: int = 0
    cut: bool = False
    elsewhere: int = 0
    shown: list[Elsewhere] = field(default_factory=list)
    units: list[tuple[str | None, int, int]] = field(default_factory=list)
    agreed: tuple[int, int] = (0, 0)
    broken: list[T] = field(default_factory=list)


def try_dispatch_rules(*, actor: Actor, at: datetime, drafts: Sequence[DraftRule], on: date, days: int = 30, most: int = MOST_CASES) -> Trial:
    """The table in force on the day `on` beside the proposed one, over the cases of the last `days` days that were dispatched: those
    that the actor sees; for a system administrator, who sees no case, those of the area of that grant, unnamed. Every case is asked
    at the moment at which it was dispatched. Constant statements; the rules are pure."""
    book = catalogue()
    present, proposed = table_in_force(on), proposed_table(drafts, on)
    trial = Trial(since=at - timedelta(days=days))
    named = "system_admin" not in actor.roles
    cases = _dispatched(actor, trial.since, most + 1)
    trial.cut = len(cases) > most
    now_by, then_by = Counter[str | None](), Counter[str | None]()
    units = {r.unit_id: r.unit_name for r in (*present.rules, *proposed.rules)}
    broken: dict[T, None] = {}
    changed: list[tuple[Any, ...]] = []
    agreed = [0, 0]
    for id, number, matter_id, place, source, went, sent_at in cases[:most]:
        question = Question(book.matter_by_id(matter_id).code, place, sent_at, source)
        now, then = present.decide(question), proposed.decide(question)
        broken.update(dict.fromkeys(then.broken))
        now_by[units.get(now.unit_id or 0)] += 1
        then_by[units.get(then.unit_id or 0)] += 1
        agreed[0] += now.unit_id == went
        agreed[1] += then.unit_id == went
        if now.unit_id != then.unit_id:
            changed.append((id, number, matter_id, place, source, went, sent_at, now.unit_id, then.unit_id, then.why))
    trial.looked_at, trial.elsewhere, trial.broken = min(len(cases), most), len(changed), list(broken)[:20]
    trial.agreed = agreed[0], agreed[1]
    trial.units = sorted(((unit, now_by[unit], then_by[unit]) for unit in now_by | then_by), key=lambda u: (-abs(u[2] - u[1]), -u[1], u[0] or ""))
    shown = changed[:MOST_SHOWN]
    places, went_to = place_names({c[3] for c in shown}), dict(Unit.objects.filter(pk__in={c[5] for c in shown}).values_list("pk", "name"))
    for id, number, matter_id, place, source, went, sent_at, now_unit, then_unit, why in shown:
        matter = book.matter_by_id(matter_id)
        where, what = (place, places.get(place, "")), (matter.code, matter.name)
        trial.shown.append(
            Elsewhere(
                id if named else None,
                number if named else "",
                what,
                where,
                source,
                sent_at,
                went_to[went],
                units.get(now_unit or 0),
                units.get(then_unit or 0),
                why,
            )
        )
    return trial


def _dispatched(actor: Actor, since: datetime, most: int) -> list[tuple[Any, ...]]:
    if "system_admin" in actor.roles:
        rows = Case.objects.filter(reduce(or_, (Q(place__startswith=area) for area in actor.areas_of("system_admin"))))
    else:
        rows = Case.objects.visible_to(actor)
    inner, params = rows.filter(opened_at__gte=since).values("district", "id", "number", "matter_id", "place", "source", "opened_at").query.sql_with_params()
    return db.rows(_DISPATCHED.format(cases=inner), [*params, most])
