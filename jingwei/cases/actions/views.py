"""Filters of the queue are kept under a name, and shared with a unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jingwei.accounts.rules import Actor
from jingwei.cases.models import SavedView
from jingwei.events.actions import record
from jingwei.kit.errors import Forbidden, NotFound, invalid, stale
from jingwei.kit.text import T

MOST = 50  # views of one person


def save_view(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    wanted: Mapping[str, Any],
    columns: Sequence[str] = (),
    unit: int | None = None,
    view_id: int | None = None,
    seen_version: int | None = None,
) -> SavedView:
    """A new view, or another state of the actor's own view `view_id`. Raises Invalid (a name used twice, too many, a unit in which the actor
    holds no role), NotFound, Forbidden (somebody else's), Conflict (changed meanwhile; carries the present version)."""
    if unit is not None and unit not in {h.unit_id for h in actor.held}:
        raise invalid("unit", "只能共享给自己任职的单位", "a view is shared with a unit in which one holds a role")
    told = {"name": name, "wanted": dict(wanted), "columns": list(columns), "unit_id": unit}
    try:
        with transaction.atomic():
            if view_id is None:
                # The number of views is checked without a lock: two at once may make one more.
                if SavedView.objects.filter(owner_id=actor.id).count() >= MOST:
                    raise invalid("name", f"最多保存 {MOST} 个视图，请先删除不用的", f"at most {MOST} views are kept: delete some first")
                view = SavedView.objects.create(owner_id=actor.id, **told)  # type: ignore[misc]
            else:
                view = _own(actor, view_id)
                if seen_version != view.version:
                    raise stale(id=view.pk, version=view.version)
                for key, value in told.items():
                    setattr(view, key, value)
                view.version += 1
                view.save()
            record("view.saved", actor=actor, at=at, subject_type="view", subject_key=view.pk, data={"name": name, "unit": unit})
    except IntegrityError as error:
        if "saved_view_name" not in str(error):
            raise
        raise invalid("name", "已有同名视图", "there is a view of this name already") from None
    return view


@transaction.atomic
def drop_view(*, actor: Actor, at: datetime, view_id: int) -> None:
    """The actor's own view goes. Raises NotFound, Forbidden (somebody else's)."""
    view = _own(actor, view_id)
    record("view.dropped", actor=actor, at=at, subject_type="view", subject_key=view.pk, data={"name": view.name})
    view.delete()


def _own(actor: Actor, view_id: int) -> SavedView:
    view = SavedView.objects.visible_to(actor).select_for_update().filter(pk=view_id).first()
    if view is None:
        raise NotFound(T("没有这个视图", "no such view"))
    if view.owner_id != actor.id:
        raise Forbidden(T("这是别人共享的视图，只能使用，不能更改", "this view is somebody else's: it can be used, not changed"))
    return view
