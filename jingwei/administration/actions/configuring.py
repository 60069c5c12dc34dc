"""The configuration goes out as one file, and comes in whole or not at all."""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei import __version__
from jingwei.accounts import actions as accounts
from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.administration.actions.closing import close_unit
from jingwei.administration.queries import configuration
from jingwei.administration.rules.parts import Change, compare, group_of, pack, unpack
from jingwei.catalogue import actions as catalogue
from jingwei.catalogue.actions.loading import begin_edit
from jingwei.catalogue.rules.files import Sheet, read_sheet
from jingwei.events.actions import record
from jingwei.kit.errors import Forbidden, Problem, Refused, invalid
from jingwei.kit.text import T
from jingwei.kit.times import localdate

Refusals = list[tuple[int, T]]  # (line, or 0 for the whole part, why)
_TABLES: Mapping[str, Callable[..., Any]] = {
    "modules": catalogue.load_modules,
    "matters": catalogue.load_matters,
    "crosswalks": catalogue.load_crosswalk,
    "conditions": catalogue.load_conditions,
    "calendars": catalogue.load_calendar,
    "limits": catalogue.load_limits,
    "dispatch_rules": catalogue.load_dispatch_rules,
    "texts": catalogue.load_texts,
}


def _may(actor: Actor) -> None:
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()


@transaction.atomic
def export_configuration(*, actor: Actor, at: datetime) -> bytes:
    """The whole configuration as a zip of CSV and TOML files with a manifest (system administrator)."""
    _may(actor)
    content = pack(configuration(), program=__version__, made_on=localdate(at), made_by=actor.name)
    _note("configuration.exported", actor, at, {"sha256": hashlib.sha256(content).hexdigest()})
    return content


@transaction.atomic
def import_configuration(*, actor: Actor, at: datetime, content: bytes, dry_run: bool) -> list[Change]:
    """Apply a file that `export_configuration` made: what is new is added, what differs is changed, what isn't in it stays. One transaction:
    a refused row, or a dry run, and nothing was done. Answers what came, or would come, of it, kind by kind."""
    begin_edit(actor)  # one edit at a time
    manifest, files = unpack(content)
    before = configuration()
    refused: list[tuple[str, int, T]] = []
    for path, part in files.items():
        refused += [(path, line, why) for line, why in _apply(group_of(path) or "", part, actor, at)]
    changes = compare(before, configuration())
    for path, line, why in refused:
        changes[group_of(path) or ""].refused.append((path, line, why))
    if refused or dry_run:
        transaction.set_rollback(True)
    else:
        counts = {c.group: {"added": c.added, "changed": c.changed, "ended": c.ended} for c in changes.values() if c.added or c.changed or c.ended}
        made = {key: manifest.get(key) for key in ("program", "made_on", "made_by")}
        _note("configuration.imported", actor, at, {"sha256": hashlib.sha256(content).hexdigest(), **made, "parts": counts})
    return list(changes.values())


def _note(type: str, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    record(type, actor=actor, at=at, subject_type="configuration", subject_key="configuration", data=data)


def _apply(group: str, part: bytes, actor: Actor, at: datetime) -> Refusals:
    """One part; what it refuses. Whatever it wrote before a refusal goes with the whole."""
    try:
        with transaction.atomic():
            if group == "processes":
                catalogue.restore_process(actor=actor, at=at, document=tomllib.loads(part.decode()))
                return []
            sheet = read_sheet(part, columns=("code",) if group == "units" else ())
            if group == "units":
                return _restore_units(sheet, actor, at)
            report = _TABLES[group](actor=actor, at=at, sheet=sheet)
            return [(refusal.line, refusal.reason) for refusal in report.refused]
    except Problem as problem:
        return [(0, problem.message), *((0, error.message) for error in problem.errors)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [(0, T(f"不是有效的 TOML：{error}", f"this is not TOML: {error}"))]


def _restore_units(sheet: Sheet, actor: Actor, at: datetime) -> Refusals:
    """Units as the rows have them: those above before those below; closed ones close last, those below first."""
    refused: Refusals = [(line, why) for line, why, _ in sheet.broken]
    for step, rows in ((_open_or_change, sheet.rows), (_close, sheet.rows[::-1])):
        for line, row in rows:
            try:
                with transaction.atomic():
                    step(row, actor, at)
            except Problem as problem:
                refused.append((line, problem.errors[0].message if problem.errors else problem.message))
    return refused


def _open_or_change(row: Mapping[str, str], actor: Actor, at: datetime) -> None:
    parent = Unit.objects.filter(code=row["parent"]).first() if row.get("parent") else None
    if row.get("parent") and parent is None:
        raise invalid("parent", f"没有上级单位 {row['parent']}", f"there is no parent {row['parent']}")
    if not 1 <= len(row["code"]) <= 30 or not 1 <= len(row.get("name", "")) <= 100 or len(row.get("name_en", "")) > 100:
        raise invalid("name", "代码或名称为空或过长", "code or name is empty or too long")
    unit = Unit.objects.filter(code=row["code"]).first()
    said: dict[str, Any] = {"name": row["name"], "name_en": row.get("name_en", ""), "kind": row.get("kind", ""), "area": row.get("area", "")}
    if unit is None:
        accounts.open_unit(actor=actor, at=at, code=row["code"], parent=parent, **said)
    elif any(getattr(unit, key) != value for key, value in said.items()) or unit.parent_id != (parent.pk if parent else None):
        accounts.change_unit(actor=actor, at=at, unit_id=unit.pk, parent_id=parent.pk if parent else None, **said)


def _close(row: Mapping[str, str], actor: Actor, at: datetime) -> None:
    unit = Unit.objects.filter(code=row["code"]).first()
    closed = _day(row.get("closed_date", ""))
    if unit is None or unit.closed_date == closed:
        return
    if unit.closed_date:
        raise Refused(T(f"单位 {unit.name} 在这里已于 {unit.closed_date} 撤销", f"{unit.name} was closed here on {unit.closed_date}"))
    close_unit(actor=actor, at=at, unit_id=unit.pk, on=closed)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise invalid("closed_date", f"日期应写作 2026-01-31，不是“{text}”", f"write dates as 2026-01-31, not “{text}”") from None
