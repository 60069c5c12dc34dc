"""What edits in the browser share: was it still as the editor saw it, and a new version of a row from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import models, transaction

from jingwei.accounts.rules import Actor
from jingwei.catalogue.rules.editing import tag
from jingwei.events.actions import record
from jingwei.kit.errors import Conflict, FieldError, Invalid, invalid
from jingwei.kit.text import T
from jingwei.kit.times import localdate

Row = TypeVar("Row", bound=models.Model)


def mark(row: models.Model) -> str:
    """The tag of a row's present content."""
    return tag([getattr(row, f.attname) for f in row._meta.concrete_fields])


def check_seen(row: models.Model, seen: str, present: Mapping[str, Any]) -> None:
    """Conflict with the present state when the row isn't what the editor has looked at."""
    if seen != mark(row):
        raise Conflict(extra={"present": dict(present)})


def first_day(at: datetime, wanted: date | None, field: str = "valid_from") -> date:
    """The day from which an edit holds: today unless said; what was in force before isn't written anew."""
    today = localdate(at)
    if wanted and wanted < today:
        raise invalid(field, "只能从今天或以后起生效", "it can hold from today on, not earlier")
    return wanted or today


def amend(row: Row, values: Mapping[str, Any], day: date) -> Row:
    """The row with `values` from `day` on. What was in force before stays as it was, up to that day; a row that begins on that
    day or later was never in force with other values on an earlier day, and is corrected in place. Answers the row that holds."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    _refuse_after_end(row, day)
    if row.valid_from >= day:  # type: ignore[attr-defined]
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        return row
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    type(row)._default_manager.filter(pk=row.pk).update(valid_to=day)
    return type(row)._default_manager.create(**{**kept, "valid_from": day, **values})


def succeed(row: Row, values: Mapping[str, Any], day: date, today: date) -> Row:
    """As `amend`, for rows that cases keep: one that is in force is never written over, not even on its first day, and stays for what
    points at it. Answers the row that holds."""
    if row.valid_from > today and row.valid_from >= day:  # type: ignore[attr-defined]
        return amend(row, values, day)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    _refuse_after_end(row, day)
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    cease(row, day)
    return type(row)._default_manager.create(**{**kept, "valid_from": day, **values})


def _refuse_after_end(row: models.Model, day: date) -> None:
    until = row.valid_to  # type: ignore[attr-defined]
    if until and until <= day:
        raise invalid("valid_from", f"它到 {until} 为止，请选更早的日子", f"it holds until {until}: choose an earlier day")


def cease(row: models.Model, day: date) -> None:
    """The row holds no longer from `day` on; it stays for what points at it, even where it then never held."""
    type(row)._default_manager.filter(pk=row.pk).update(valid_to=max(row.valid_from, day))  # type: ignore[attr-defined]


def end(row: models.Model, day: date) -> None:
    """The row holds no longer from `day` on; one that has not begun by then is gone."""
    if row.valid_from >= day:  # type: ignore[attr-defined]
        row.delete()
    else:
        type(row)._default_manager.filter(pk=row.pk).update(valid_to=day)


@dataclass(frozen=True, slots=True)
class Revised(Generic[Row]):
    """What an edit does: the row that holds from `day` on (after an end: the one that ended), and each field that is another then: (name, was,
    becomes)."""

    row: Row
    day: date
    changes: list[tuple[str, str, str]]


def compared(was: Mapping[str, Any] | None, becomes: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """The fields that differ, as texts; a missing side is empty."""
    names = [*(was or becomes or {})]
    said = [(name, str((was or {}).get(name) or ""), str((becomes or {}).get(name) or "")) for name in names]
    return [each for each in said if each[1] != each[2]]


def refuse(faults: Sequence[tuple[str, T]]) -> None:
    """Invalid with every fault at its field, where there are any."""
    if faults:
        raise Invalid(errors=[FieldError(field, fault) for field, fault in faults])


def empty(**said: str) -> list[tuple[str, T]]:
    """A fault for each field that says nothing."""
    return [(field, T("不能为空", "it must not be empty")) for field, words in said.items() if not words.strip()]


def finish(type: str, what: Revised[Row], actor: Actor, at: datetime, dry_run: bool, *, subject: tuple[str, str], shown: Mapping[str, Any]) -> Revised[Row]:
    """What changed is recorded under `subject` (its type and key); a dry run is undone."""
    if dry_run:
        transaction.set_rollback(True)
    elif what.changes:
        data = {**shown, "changes": what.changes, "from": what.day}
        record(type, actor=actor, at=at, subject_type=subject[0], subject_key=subject[1], data=data)
    return what
