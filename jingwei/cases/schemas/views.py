"""Saved views from rows to answers, and to filters."""

from jingwei.accounts.rules import Actor
from jingwei.cases.models import SavedView
from jingwei.cases.queries import QueueFilter
from jingwei.cases.schemas.queues import FilterIn, ViewOut
from jingwei.kit.schemas import UnitRef


def view_out(view: SavedView, actor: Actor) -> ViewOut:
    return ViewOut(
        id=view.pk,
        name=view.name,
        version=view.version,
        filter={k: v for k, v in view.wanted.items() if k != "sort"},
        sort=view.wanted.get("sort", ""),
        columns=view.columns,
        unit=UnitRef(id=view.unit.pk, name=view.unit.name) if view.unit_id and view.unit else None,
        owner=view.owner.name,
        mine=view.owner_id == actor.id,
    )


def view_filter(view: SavedView) -> QueueFilter:
    return FilterIn(**{k: v for k, v in view.wanted.items() if k != "sort"}).wanted()
