"""Classes of components come in from CSV: an edition of the standard, or the city's own."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import bulk, db
from jingwei.kit.errors import FieldError, Forbidden, Invalid
from jingwei.kit.text import T
from jingwei.registry.models import ComponentClass
from jingwei.registry.rules.components import KINDS

SHIPPED = Path(__file__).parents[2] / "fixtures" / "components"
COLUMNS = ("kind", "code", "major", "major_name", "name", "name_en", "replaces", "attributes")


@dataclass(frozen=True)
class ClassesLoaded:
    """What a load did: read = added + changed + unchanged."""

    edition: str
    read: int
    added: int
    changed: int


@transaction.atomic
def load_component_classes(*, actor: Actor, at: datetime, text: str) -> ClassesLoaded:
    """Take a table of classes with its edition on top (`# edition: …`); a second time changes nothing, and no class goes.

    Raises Invalid naming line and column; then nothing was taken. Forbidden unless system administrator.
    """
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    lines = text.lstrip("\ufeff").splitlines()
    said = (re.match(r"#\s*(\w+)\s*[:：]\s*(.+)", line) for line in lines)
    head = {found[1]: found[2].strip() for found in said if found}
    edition, body = head.get("edition", ""), [line for line in lines if not line.startswith("#")]
    table = csv.DictReader(io.StringIO("\n".join(body)))
    missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
    if not edition or missing:
        errors = [FieldError(c, T(f"缺少列 {c}", f"the column {c} is missing")) for c in missing]
        raise Invalid(errors=errors or [FieldError("edition", T("文件开头缺少“# edition: …”一行", "the line “# edition: …” is missing at the top"))])
    first = len(lines) - len(body) + 2
    rows = {row["code"]: row for row in table}
    faults = [FieldError(f"line {first + n}", fault) for n, row in enumerate(rows.values()) if (fault := _fault(row))]
    if faults:
        raise Invalid(errors=faults)
    records = [
        {"edition": edition, "code": r["code"], "name": r["name"], "name_en": r["name_en"], "major": r["major"], "major_name": r["major_name"],
         "kind": r["kind"], "replaces": "{" + ",".join(filter(None, r["replaces"].split(";"))) + "}",
         "attributes": [part.partition(":")[::2] for part in r["attributes"].split(";") if part]}
        for r in rows.values()
    ]  # fmt: skip
    columns = ("edition", "code", "name", "name_en", "major", "major_name", "kind", "replaces", "attributes")
    names, new = ", ".join(columns), ", ".join(f"excluded.{c}" for c in columns[2:])
    done = db.row(
        f"""with written as (insert into registry_componentclass as c ({names}) select {names} from {bulk.recordset(ComponentClass, columns)}
              on conflict (edition, code) do update set ({", ".join(columns[2:])}) = ({new})
               where ({", ".join(f"c.{c}" for c in columns[2:])}) is distinct from ({new}) returning xmax = 0 fresh)
            select count(*) filter (where fresh), count(*) filter (where not fresh) from written""",
        [bulk.dumps(records)],
    )
    assert done
    loaded = ClassesLoaded(edition, len(rows), *done)
    if loaded.added or loaded.changed:
        record("component_classes.loaded", actor=actor, at=at, subject_type="component_classes", subject_key=edition, data=loaded.__dict__)
    return loaded


def load_shipped_classes(*, at: datetime) -> list[ClassesLoaded]:
    """The classes that come with the program; again changes nothing."""
    return [load_component_classes(actor=SYSTEM, at=at, text=path.read_text("utf-8")) for path in sorted(SHIPPED.glob("*.csv"))]


def _fault(row: dict[str, str]) -> T | None:
    code, old = row["code"] or "", (row["replaces"] or "").split(";")
    if not re.fullmatch(r"[0-9]{4,5}", code) or not code.startswith(row["major"]) or len(row["major"]) != 2:
        return T("代码为四位或五位数字，前两位是大类", "a code has four or five digits, of which the first two are the major class")
    if row["kind"] not in KINDS or not row["name"]:
        return T("种类或名称不对", "kind or name is wrong")
    return None if all(re.fullmatch(r"[0-9]{4,5}|", part) for part in old) else T("replaces 应为类的代码", "replaces holds codes of classes")
