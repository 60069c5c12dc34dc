"""Rows go in by COPY, as lines of text made here: what is made of hexadecimal and digits needs no escaping, the rest is escaped."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from jingwei.kit import db
from jingwei.kit.ids import new_id

_MARKS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"


def text(value: str) -> str:
    return value if value.isalnum() else value.translate(_MARKS)


def sealed(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


def copy(table: str, columns: Sequence[str], lines: Iterable[str]) -> int:
    """COPY `lines` (each its cells, joined by tabs) into `table`. Answers how many."""
    whole = list(lines)
    if whole:
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as out:
            out.write("\n".join(whole) + "\n")
    return len(whole)


def ids(at: datetime) -> Callable[[str], str]:
    """Ids of a moment, by district: what does not differ is made once, the rest is drawn."""
    first: dict[str, int] = {}

    def made(district: str) -> str:
        base = first.get(district)
        if base is None:
            base = first[district] = new_id(district, at).int & ~((1 << 54) - 1)
        return f"{base | secrets.randbits(54):032x}"

    return made


_JOURNAL = """
insert into registry_importedrow (district, id, import_id, thing, thing_id, version, before)
select t.district, j.id, %s, %s, t.id::text, t.version + 1, to_jsonb(t) from unnest(%s::varchar[], %s::uuid[], %s::uuid[]) j(district, thing, id)
  join {table} t on t.district = j.district and t.id = j.thing
on conflict (district, import_id, thing, thing_id) do update set version = excluded.version"""


def note_before(job: Any, thing: str, table: str, keys: Sequence[tuple[str, Any]]) -> None:
    """Keep what rows are, before this import changes them for the first time; each must then get one version more. `keys`: (district, id)."""
    if keys:
        make = ids(job.at)
        db.run(_JOURNAL.format(table=table), [job.id, thing, [d for d, _ in keys], [i for _, i in keys], [make(d) for d, _ in keys]])
