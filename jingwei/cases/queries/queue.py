"""Queues: what waits for whom, in what light."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from jingwei.accounts.rules import Actor
from jingwei.cases.queries.filters import ORDERS, QueueFilter, after_key, compiled, filtered, light_sql, parts_filtered, usual_order
from jingwei.cases.queries.listed import Listed, first_lines
from jingwei.kit import db
from jingwei.kit.errors import invalid
from jingwei.kit.paging import Page, decode_row, encode_cursor


def queue_page(*, actor: Actor, wanted: QueueFilter, at: datetime, sort: str = "", after: str | None = None, size: int = 50) -> Page[Listed]:
    """Cases of a filter in the order `sort` (empty: the view's usual one); one statement, and another for who sees by unit. Due times and
    stays order what is open: raises Invalid where the view includes the past."""
    sort = sort or usual_order(wanted.view)
    if wanted.view in ("all", "ended") and sort in ("due", "longest"):
        raise invalid("sort", "含已办结案件时请按上报时间排序", "a list that includes the past stands in the order of reporting: newest or oldest")
    order = ORDERS[sort]
    names = [name.lstrip("-") for name in order]
    parts = parts_filtered(actor, wanted, at)
    if after:
        key = after_key(order, decode_row(after, *(UUID if name == "id" else datetime.fromisoformat for name in names)))
        parts = [part.filter(key) for part in parts]
    found = first_lines(parts, order, size + 1, at)
    page = found[:size]
    last = page[-1] if len(found) > size else None
    return Page(page, encode_cursor([str(getattr(last, name)) for name in names]) if last else None)


@dataclass(frozen=True)
class StateCount:
    """How many cases of one process stand in one state, by light."""

    process_id: int
    state: str
    lights: dict[str, int]


def queue_counts(*, actor: Actor, wanted: QueueFilter, at: datetime) -> list[StateCount]:
    """Counts by process version, state and light; one statement."""
    rows = filtered(actor, wanted, at).order_by().annotate(light=light_sql(at)).values_list("process_id", "state", "light").annotate(n=Count("id"))
    asked = compiled(rows)
    found: dict[tuple[int, str], dict[str, int]] = {}
    for process, state, light, n in db.rows_anew(*asked) if asked else ():
        found.setdefault((process, state), {})[light] = n
    return [StateCount(process, state, lights) for (process, state), lights in found.items()]
