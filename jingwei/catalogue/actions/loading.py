"""What all loads share: who may, what is new or different, what was refused, the one event."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.catalogue.rules.editing import may_edit
from jingwei.catalogue.rules.files import Fault, Sheet
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Forbidden
from jingwei.kit.text import T

Key = Hashable
Taken = dict[Key, tuple[int, dict[str, Any]]]  # key → line in the file, values of the row


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: its line in the file, why, and the row."""

    line: int
    reason: T
    row: Mapping[str, str]


@dataclass
class LoadReport:
    """What a load did. read = added + changed + unchanged + len(refused)."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    head_changed: bool = False  # the head of the file (an edition, a standard, a calendar) was new or different

    def counts(self) -> dict[str, int]:
        return {"read": self.read, "added": self.added, "changed": self.changed, "unchanged": self.unchanged, "refused": len(self.refused)}


def begin_edit(actor: Actor) -> None:
    """Only the program itself (installation) or a system administrator, else Forbidden; and one edit at a time."""
    if actor is not SYSTEM and not may_edit(actor.roles):
        raise Forbidden()
    db.rows("select pg_advisory_xact_lock(hashtext('catalogue'))")


def open_standard() -> None:
    """National standards may be written until `close_standard`, in this transaction; else a trigger refuses."""
    db.run("set local jingwei.standard = 'open'")


def close_standard() -> None:
    db.run("set local jingwei.standard = ''")


def read_rows(sheet: Sheet, report: LoadReport, read: Callable[[Mapping[str, str]], tuple[Key, dict[str, Any]]]) -> Taken:
    """Each row through `read`; a row with a fault, or with a key that stands in the file twice, is refused."""
    report.read += len(sheet.rows) + len(sheet.broken)
    report.refused += [Refusal(*b) for b in sheet.broken]
    taken: Taken = {}
    for line, row in sheet.rows:
        try:
            key, values = read(row)
            if key in taken:
                raise Fault(f"与第 {taken[key][0]} 行重复", f"the same as line {taken[key][0]}")
        except Fault as fault:
            report.refused.append(Refusal(line, fault.message, row))
        else:
            taken[key] = (line, values)
    return taken


def refuse_overlaps(
    taken: Taken,
    standing: Mapping[Key, models.Model],
    thing: Callable[[Key], Key],
    sheet: Sheet,
    report: LoadReport,
) -> None:
    """Refuse rows whose period overlaps another row's of the same thing, in the file or in the table."""
    rows = dict(sheet.rows)
    periods: dict[Key, list[tuple[date, date]]] = {}
    for key, found in standing.items():
        if key not in taken:
            periods.setdefault(thing(key), []).append((found.valid_from, found.valid_to or date.max))  # type: ignore[attr-defined]
    for key, (line, values) in list(taken.items()):
        first, last = values["valid_from"], values["valid_to"] or date.max
        others = periods.setdefault(thing(key), [])
        if any(first < b and a < last for a, b in others):
            report.refused.append(Refusal(line, T("有效期与已有的一条重叠", "its period overlaps another row's"), rows[line]))
            del taken[key]
        else:
            others.append((first, last))


def write_rows(
    model: type[models.Model],
    taken: Taken,
    standing: Mapping[Key, models.Model],
    report: LoadReport,
) -> None:
    """Add what is new, change what differs, leave the rest alone: no statement where nothing differs."""
    fresh: list[models.Model] = []
    changed: list[models.Model] = []
    touched: set[str] = set()
    for key, (_, values) in taken.items():
        found = standing.get(key)
        if found is None:
            fresh.append(model(**values))
            continue
        different = [name for name, value in values.items() if getattr(found, name) != value]
        for name in different:
            setattr(found, name, values[name])
        touched.update(different)
        if different:
            changed.append(found)
    # What ends is written before what begins, so that an exclusion constraint never sees both at once.
    if changed:
        model._default_manager.bulk_update(changed, sorted(touched))
    model._default_manager.bulk_create(fresh)
    report.added += len(fresh)
    report.changed += len(changed)
    report.unchanged += len(taken) - len(fresh) - len(changed)


def upsert(model: type[models.Model], report: LoadReport, values: Mapping[str, Any], **key: Any) -> Any:
    """The row of `key` with `values`: added, changed or left alone. Heads of files aren't counted as rows; a changed one
    still makes the load a change."""
    found = model._default_manager.filter(**key).first()
    if found is None:
        report.head_changed = True
        return model._default_manager.create(**key, **values)
    if any(getattr(found, name) != value for name, value in values.items()):
        report.head_changed = True
        for name, value in values.items():
            setattr(found, name, value)
        model._default_manager.filter(pk=found.pk).update(**values)
    return found


def record_load(type: str, report: LoadReport, *, actor: Actor, at: datetime, subject_type: str, subject_key: str) -> None:
    """One event, where something changed."""
    if report.added or report.changed or report.head_changed:
        record(type, actor=actor, at=at, subject_type=subject_type, subject_key=subject_key, data=report.counts())


def standing_rows(rows: Iterable[Any], key: Callable[[Any], Key]) -> dict[Key, Any]:
    return {key(row): row for row in rows}
