"""Rows go in and change as one JSON parameter each statement: one plan for one row and for a thousand."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models

from jingwei.kit import db


@lru_cache(maxsize=256)
def recordset(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """`json_to_recordset(%s::json) as r(column type, …)` with the types that the table has. (As jsonb it would be parsed twice.)"""
    types = {f.column: (f.db_type(connection) or "") for f in model._meta.concrete_fields}
    return f"json_to_recordset(%s::json) as r({', '.join(f'{c} {types[c]}' for c in columns)})"


def dumps(records: Sequence[Mapping[str, Any]]) -> str:
    """JSON that PostgreSQL reads back: times, dates and ids as text, points as EWKT."""
    return orjson.dumps(records, default=str).decode()


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"insert into {model._meta.db_table} ({names}) select {names} from {recordset(model, columns)}"


def insert(model: type[models.Model], records: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows, all with the same columns, in one statement."""
    if not records:
        return 0
    return db.run(_insert_sql(model, tuple(records[0])), [dumps(records)])


@lru_cache(maxsize=256)
def _update_sql(model: type[models.Model], columns: tuple[str, ...]) -> str:
    sets = ", ".join(f"{c} = r.{c}" for c in columns if c not in ("district", "id"))
    return f"update {model._meta.db_table} t set {sets} from {recordset(model, columns)} where t.district = r.district and t.id = r.id"


def update(model: type[models.Model], records: Sequence[Mapping[str, Any]]) -> int:
    """Update rows by (district, id), all with the same columns, in one statement."""
    if not records:
        return 0
    return db.run(_update_sql(model, tuple(records[0])), [dumps(records)])
