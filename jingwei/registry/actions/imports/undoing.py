"""A whole import is taken back: what it made goes, what it changed gets its former values; what somebody has changed
or built upon since stays, and is listed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from jingwei.kit import db
from jingwei.registry.actions.imports import files
from jingwei.registry.models import Import

STEP = 5000
CHANGED = ("后来有人修改过", "somebody has changed it since")
IN_USE = ("后来有其他记录关联到它", "other records have come to hang on it since")


@dataclass(frozen=True)
class Table:
    """A table that imports write. `used`: what must not hang on a row that goes (t); `shown`: how a row that stays is called; `derived`: columns that the
    database makes itself."""

    thing: str
    name: str
    used: tuple[str, ...]
    shown: str
    district: bool = True
    derived: tuple[str, ...] = ()
    extra: str = ""


def _no(table: str, condition: str) -> str:
    return f"exists (select from {table} x where {condition})"


# In this order: what hangs on others goes before them.
TABLES = (
    Table("pledge", "registry_pledge", (), "t.number"),
    Table("premises", "registry_premises", (), "t.address"),
    Table("residency", "registry_residency", (), "t.id::text"),
    Table("household", "registry_household", (_no("registry_residency", "x.household_id = t.id"),), "t.number"),
    Table(
        "resident",
        "registry_resident",
        (
            _no("registry_residency", "x.district = t.district and x.resident_id = t.id"),
            _no("registry_resident", "x.merged_into = t.id"),
            _no("registry_pledge", "x.resident_id = t.id"),
        ),
        "t.id::text",
    ),
    Table(
        "component",
        "registry_component",
        (_no("registry_pledge", "x.component_id = t.id"),),
        "t.code",
        derived=("words",),
        extra="delete from registry_componentcondition x using gone where x.district = gone.district and x.component_id = gone.id",
    ),
    Table(
        "organisation",
        "registry_organisation",
        (
            _no("registry_premises", "x.district = t.district and x.organisation_id = t.id"),
            _no("registry_pledge", "x.organisation_id = t.id"),
            _no("registry_component", "x.organisation_id = t.id"),
        ),
        "t.name",
        derived=("words",),
    ),
    Table(
        "room",
        "registry_room",
        (
            _no("registry_residency", "x.room_id = t.id"),
            _no("registry_household", "x.room_id = t.id"),
            _no("registry_premises", "x.room_id = t.id"),
            _no("registry_plate", "x.district = t.district and x.room_id = t.id"),
            _no("registry_pledge", "x.room_id = t.id"),
        ),
        "t.code",
        extra="delete from registry_roomstate x using gone where x.district = gone.district and x.room_id = gone.id",
    ),
    Table(
        "building",
        "registry_building",
        tuple(_no(f"registry_{name}", "x.building_id = t.id") for name in ("room", "plate", "premises", "pledge")),
        "coalesce(nullif(t.code, ''), t.source_id)",
        district=False,
        derived=("words", "point"),
    ),
    Table(
        "address",
        "registry_address",
        (_no("registry_address", "x.parent_id = t.id"), _no("registry_building", "x.address_id = t.id")),
        "t.standard",
        district=False,
        derived=("words",),
        extra="delete from registry_addressalias x using gone where x.address_id = gone.id",
    ),
)


def undo(row: Import, told: Callable[[int], None] = lambda done: None) -> dict[str, int]:
    """{"removed", "restored", "kept"}. In steps, each a transaction, so that what a killed one has done stays done."""
    files.kept(row.id).unlink(missing_ok=True)
    result = {"removed": 0, "restored": 0, "kept": 0}
    for table in TABLES:
        while gone := _remove(row, table):
            result["removed"] += gone
            told(result["removed"])
        while counted := _restore(row, table):
            result["restored"] += counted[0]
            result["kept"] += counted[1]
        result["kept"] += _keep(row, table)
    db.run("delete from registry_importedrow where import_id = %s", [row.id])
    return result


_COLUMNS = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"


def _same(table: Table) -> str:
    return "t.district = j.district and t.id = j.thing_id::uuid" if table.district else "t.id = j.thing_id::bigint"


@transaction.atomic
def _restore(row: Import, table: Table) -> tuple[int, int] | None:
    """Former values of rows that the import has changed and did not make itself. (restored, kept); None when no more are noted."""
    noted = db.rows(
        f"""select j.district, j.id, j.thing_id, t.version = j.version, {table.shown}
              from registry_importedrow j join {table.name} t on {_same(table)}
             where j.import_id = %s and j.thing = %s and t.import_id is distinct from j.import_id limit {STEP} for update of t, j""",
        [row.id, table.thing],
    )
    if not noted:
        return None
    sound = [(r[0], r[1]) for r in noted if r[3]]
    barred = set() if _put_back(table, sound) else {key for key in sound if not _put_back(table, [key])}
    left = [(shown or id, CHANGED) for district, note, id, same, shown in noted if not same or (district, note) in barred]
    _list(row, table, left)
    whole = [[r[0] for r in noted], [r[1] for r in noted]]
    db.run("delete from registry_importedrow where (district, id) in (select * from unnest(%s::varchar[], %s::uuid[]))", whole)
    return len(noted) - len(left), len(left)


_STATES = """
delete from registry_roomstate s using registry_importedrow j join registry_room t on t.district = j.district and t.id = j.thing_id::uuid
 where (j.district, j.id) in (select * from unnest(%s::varchar[], %s::uuid[])) and s.district = t.district and s.room_id = t.id
   and upper(s.period) = t.state_from and j.before->>'state_from' is distinct from t.state_from::text"""


# Conditions of components that it changed: those that it began go, those that it ended run on.
_NOTED_CONDITIONS = """
select c.district, c.thing_id::uuid from registry_importedrow j join registry_importedrow c
    on c.import_id = j.import_id and c.district = j.district and c.thing = 'condition' and c.before->>'component_id' = j.thing_id
 where (j.district, j.id) in (select * from unnest(%s::varchar[], %s::uuid[])) and (c.before->>'made')::bool = %s"""
_BEGUN = f"delete from registry_componentcondition where (district, id) in ({_NOTED_CONDITIONS})"
_ENDED = f"update registry_componentcondition set to_at = null where (district, id) in ({_NOTED_CONDITIONS})"

# Values that are again what another import has left are untouched since that one.
_AGAIN = """
update registry_importedrow o set version = t.version from registry_importedrow j, {table} t
 where (j.district, j.id) in (select * from unnest(%s::varchar[], %s::uuid[])) and {same} and o.thing = j.thing and o.thing_id = j.thing_id
   and o.import_id <> j.import_id and o.version = (j.before->>'version')::int"""
_AS_MADE = """
insert into registry_importedrow (district, id, import_id, thing, thing_id, version, before)
select j.district, gen_random_uuid(), t.import_id, j.thing, j.thing_id, t.version, j.before from registry_importedrow j, {table} t
 where (j.district, j.id) in (select * from unnest(%s::varchar[], %s::uuid[])) and {same} and t.import_id is not null and (j.before->>'version')::int = 1
on conflict do nothing"""


def _put_back(table: Table, notes: list[tuple[Any, Any]]) -> bool:
    """Give rows their former values; False where something that came since stands in the way."""
    if not notes:
        return True
    keys = [[district for district, _ in notes], [note for _, note in notes]]
    columns = [name for (name,) in db.rows(_COLUMNS, [table.name]) if name not in ("id", "district", "version")]
    sets = ", ".join(f"{name} = b.{name}" for name in columns)
    try:
        with transaction.atomic():
            if table.thing == "room":  # the state that it had before is its state again
                db.run(_STATES, keys)
            if table.thing == "component":
                db.run(_BEGUN, [*keys, True])
                db.run(_ENDED, [*keys, False])
            db.run(
                f"""update {table.name} t set {sets}, version = t.version + 1 from registry_importedrow j, jsonb_populate_record(null::{table.name}, j.before) b
                     where (j.district, j.id) in (select * from unnest(%s::varchar[], %s::uuid[])) and {_same(table)}""",
                keys,
            )
            db.run(_AGAIN.format(table=table.name, same=_same(table)), keys)
            db.run(_AS_MADE.format(table=table.name, same=_same(table)), keys)
    except IntegrityError:
        return False
    return True


def _untouched(table: Table) -> str:
    """The row is as the import has left it."""
    same = "j.district = t.district and j.thing_id = t.id::text" if table.district else "j.thing_id = t.id::text"
    noted = f"select max(j.version) from registry_importedrow j where j.import_id = t.import_id and j.thing = '{table.thing}' and {same}"
    return f"t.version = coalesce(({noted}), 1)"


@transaction.atomic
def _remove(row: Import, table: Table) -> int:
    """Rows that the import has made, and nobody has touched or hung something on since."""
    key = "t.district, t.id" if table.district else "t.id"
    free = " and ".join(["true", *(f"not {used}" for used in table.used)])
    extra = f", also as ({table.extra})" if table.extra else ""
    of = key.replace("t.", "d.")
    found = db.row(
        f"""with gone as (delete from {table.name} d where ({of}) in (
                select {key} from {table.name} t where t.import_id = %s and {_untouched(table)} and {free} limit {STEP}) returning {of}){extra}
            select count(*) from gone""",
        [row.id],
    )
    return int(found[0]) if found else 0


def _keep(row: Import, table: Table) -> int:
    """Note what is left of what the import has made."""
    left = db.rows(f"select {table.shown}, {_untouched(table)} from {table.name} t where t.import_id = %s limit 100000", [row.id])
    _list(row, table, [(shown, IN_USE if untouched else CHANGED) for shown, untouched in left])
    return len(left)


def _list(row: Import, table: Table, listed: list[tuple[Any, tuple[str, str]]]) -> None:
    if listed:
        with files.kept(row.id).open("ab") as out:
            out.writelines(orjson.dumps([table.thing, str(shown), *why], option=orjson.OPT_APPEND_NEWLINE) for shown, why in listed)
