"""Units open, change and close."""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from jingwei.accounts.actions.may import check_area, may_administer
from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import NotFound, Refused, invalid, stale
from jingwei.kit.text import T

DEEPEST = 200  # characters of a path


def _check(kind: str, area: str, parent: Unit | None) -> None:
    check_area(area)
    if kind not in Unit.Kind.values:
        raise invalid("kind", "单位类别无效", "unknown kind of unit")
    if parent and parent.closed_date:
        raise invalid("parent", f"上级单位 {parent.name} 已撤销", f"{parent.name} is closed: nothing stands below it")


@transaction.atomic
def open_unit(*, actor: Actor, at: datetime, code: str, name: str, kind: str, area: str, parent: Unit | None = None, name_en: str = "") -> Unit:
    """A new unit under `parent`, responsible for `area` (a prefix). Refused when the code is taken."""
    may_administer(actor, area, "system_admin")
    _check(kind, area, parent)
    unit = Unit(code=code, name=name, name_en=name_en, kind=kind, area=area, parent=parent, path=f"/{secrets.randbelow(10**12)}/")
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError:
        raise Refused(T(f"单位代码 {code} 已被使用", f"the code {code} is taken")) from None
    unit.path = _path(unit.pk, parent)
    Unit.objects.filter(pk=unit.pk).update(path=unit.path)
    record("unit.opened", actor=actor, at=at, subject_type="unit", subject_key=unit.id, place=area, data={"code": code, "name": name, "kind": kind})
    return unit


def _path(pk: int, parent: Unit | None) -> str:
    path = f"{parent.path if parent else '/'}{pk}/"
    if len(path) > DEEPEST:
        raise invalid("parent", "单位层级过深", "units are nested too deeply")
    return path


def unit_locked(unit_id: int) -> Unit:
    """A unit, locked. NotFound."""
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(T("没有这个单位", "no such unit"))
    return unit


def require_version(unit: Unit, seen: int | None) -> None:
    """Conflict, with the present state, when somebody changed the unit since."""
    if seen is not None and seen != unit.version:
        present = {k: getattr(unit, k) for k in ("code", "name", "name_en", "kind", "area", "version", "closed_date")} | {
            "id": unit.pk,
            "parent": unit.parent_id,
        }
        raise stale(**present)


@transaction.atomic
def change_unit(
    *, actor: Actor, at: datetime, unit_id: int, name: str, name_en: str, kind: str, area: str, parent_id: int | None, seen_version: int | None = None
) -> Unit:
    """Another name, kind, area or place in the tree; the paths of all below follow. The code stays. Nothing different changes nothing.

    Refused for a closed unit, and for a parent that is the unit itself or below it.
    """
    db.rows("select pg_advisory_xact_lock(hashtext('unit tree'))")  # two moves at once could make a ring
    unit = unit_locked(unit_id)
    may_administer(actor, unit.area, "system_admin")
    require_version(unit, seen_version)
    if unit.closed_date:
        raise Refused(T("单位已撤销，不能修改", "the unit is closed and can't be changed"))
    parent = unit_locked(parent_id) if parent_id else None
    if parent and parent.path.startswith(unit.path):
        raise invalid("parent", "上级不能是本单位或它的下级", "the parent can't be the unit itself or one below it")
    wanted: dict[str, Any] = {"name": name, "name_en": name_en, "kind": kind, "area": area, "parent_id": parent_id}
    changed = {key: value for key, value in wanted.items() if getattr(unit, key) != value}
    if not changed:
        return unit
    _check(kind, area, parent if "parent_id" in changed else None)
    may_administer(actor, area, "system_admin")
    was = {key: getattr(unit, key) for key in changed}
    Unit.objects.filter(pk=unit.pk).update(**changed, version=unit.version + 1)
    if "parent_id" in changed:
        before, after = unit.path, _path(unit.pk, parent)
        deepest = db.row("select max(length(path)) from accounts_unit where path ^@ %s", [before])
        if deepest and deepest[0] - len(before) + len(after) > DEEPEST:
            raise invalid("parent", "单位层级过深", "units are nested too deeply")
        db.run("update accounts_unit set path = %s || substr(path, %s) where path ^@ %s", [after, len(before) + 1, before])
    unit.refresh_from_db()
    record("unit.changed", actor=actor, at=at, subject_type="unit", subject_key=unit.pk, place=unit.area, data={"was": was, "is": changed})
    return unit


@transaction.atomic
def close_unit(*, actor: Actor, at: datetime, unit: Unit, on: date | None = None) -> Unit:
    """A unit stops working on `on` (today): nothing new can be sent to it; what it did stays. Refused while units stand below it.
    What else it may hold is asked by `administration`, which knows cases and rules."""
    may_administer(actor, unit.area, "system_admin")
    unit = unit_locked(unit.pk)
    if unit.closed_date:
        return unit
    below = Unit.objects.current().filter(path__startswith=unit.path).exclude(pk=unit.pk).count()
    if below:
        raise Refused(T(f"下面还有 {below} 个单位", f"{below} units stand below it"), code="unit_holds")
    Unit.objects.filter(pk=unit.pk).update(closed_date=on or localdate(at), version=unit.version + 1)
    unit.refresh_from_db()
    record("unit.closed", actor=actor, at=at, subject_type="unit", subject_key=unit.id, place=unit.area)
    return unit
