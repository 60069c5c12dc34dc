"""What edits in the browser share: was it still as the editor saw it, and a new version of a row from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models

from jingwei.catalogue.rules.editing import tag
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
    if row.valid_from >= day:  # type: ignore[attr-defined]
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        return row
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    type(row)._default_manager.filter(pk=row.pk).update(valid_to=day)
    return type(row)._default_manager.create(**{**kept, "valid_from": day, **values})


def end(row: models.Model, day: date) -> None:
    """The row holds no longer from `day` on; one that has not begun by then is gone."""
    if row.valid_from >= day:  # type: ignore[attr-defined]
        row.delete()
    else:
        type(row)._default_manager.filter(pk=row.pk).update(valid_to=day)


def refuse(faults: Sequence[tuple[str, T]]) -> None:
    """Invalid with every fault at its field, where there are any."""
    if faults:
        raise Invalid(errors=[FieldError(field, fault) for field, fault in faults])
