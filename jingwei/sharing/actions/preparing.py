"""What a mapping's cases need before they come: the units that hold them."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jingwei.accounts.actions import open_unit
from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T

COLUMNS = ("code", "name", "kind", "area", "parent")


@dataclass(frozen=True)
class Prepared:
    """How many units were opened, and how many were there."""

    opened: int
    there: int


@transaction.atomic
def prepare_units(*, actor: Actor, at: datetime, text: str) -> Prepared:
    """Open the units of a CSV (code, name, kind, area, parent; parents first) that aren't there yet; the others stay as
    they are. Raises Invalid for a table that is none, or a parent that is unknown; then no unit is opened."""
    lines = [line for line in text.lstrip("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    rows = csv.DictReader(io.StringIO("".join(lines)))
    missing = [c for c in COLUMNS if c not in (rows.fieldnames or ())]
    if missing:
        raise Invalid(errors=[FieldError(c, T(f"缺少列 {c}", f"the column {c} is missing")) for c in missing])
    wanted = {row["code"]: row for row in rows if row["code"]}
    units = {u.code: u for u in Unit.objects.filter(code__in=[*wanted, *(r["parent"] for r in wanted.values())])}
    there = sum(code in units for code in wanted)
    for code, row in wanted.items():
        if code in units:
            continue
        if row["parent"] and row["parent"] not in units:
            raise Invalid(errors=[FieldError(code, T(f"上级单位 {row['parent']} 不存在", f"its parent {row['parent']} does not exist"))])
        parent = units.get(row["parent"])
        units[code] = open_unit(actor=actor, at=at, code=code, name=row["name"], kind=row["kind"], area=row["area"], parent=parent)
    return Prepared(opened=len(wanted) - there, there=there)
