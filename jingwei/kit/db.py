"""Bare SQL where one set-based statement does what the ORM would do in many.

It goes over Django's connection: same transaction, seen by the statement counts. The settings bind
parameters on the server and prepare statements, so that a repeated one is planned once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg import Cursor

from jingwei.kit.errors import invalid

A = TypeVar("A")
Params = Mapping[str, Any] | Sequence[Any] | None


def _ask(sql: str, params: Params, take: Callable[[Cursor[tuple[Any, ...]]], A], prepare: bool | None = None) -> A:
    """What `take` makes of the cursor after `sql`: the driver's own, kept with its connection, because Django's, new and wrapped for each
    statement, cost a third of a short one. Errors are Django's; whoever watches the statements (tests count them) is given Django's cursor."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        with database.cursor() as watched:
            watched.execute(sql, params)
            return take(watched)
    database.ensure_connection()
    database.validate_no_broken_transaction()
    cursor = vars(database).get("lasting")
    if cursor is None or cursor.closed or cursor.connection is not database.connection:
        cursor = database.lasting = database.connection.cursor()
    with database.wrap_database_errors:
        cursor.execute(sql, params, prepare=prepare)
        answer = take(cursor)
    if cursor.rowcount > 1000:  # a large answer is not held until the next statement
        cursor.close()
    return answer


def rows(sql: str, params: Params = None) -> list[tuple[Any, ...]]:
    """Every row that the statement answers."""
    return _ask(sql, params, lambda cursor: cursor.fetchall())


def rows_anew(sql: str, params: Params = None) -> list[tuple[Any, ...]]:
    """The same, planned for these very parameters: for lists, where the best way depends on the scope and the filter. A prepared
    statement's plan for any parameters reads far more."""
    return _ask(sql, params, lambda cursor: cursor.fetchall(), prepare=False)


def row(sql: str, params: Params = None) -> tuple[Any, ...] | None:
    """The first row, or None."""
    return _ask(sql, params, lambda cursor: cursor.fetchone())


def run(sql: str, params: Params = None) -> int:
    """Execute, and answer how many rows were touched."""
    return _ask(sql, params, lambda cursor: cursor.rowcount)


@contextmanager
def planned_anew() -> Iterator[None]:
    """Statements inside are planned for their own parameters, within the running transaction: a plan kept from when a table was empty would
    read the whole of it. Not for inserts: the checks of their foreign keys would be planned anew row by row."""
    run("set local plan_cache_mode = force_custom_plan")
    yield
    run("set local plan_cache_mode = auto")


def look_again(*tables: str) -> None:
    """Statistics for those tables that held next to nothing when they were last taken. By them every index is as good as another, also
    one that finds no more than the district, and each foreign key is then checked by reading a table that has filled up since."""
    for (table,) in rows("select oid::regclass::text from pg_class where oid = any(%s::regclass[]) and reltuples < 1000", [list(tables)]):
        run(f"analyze {table}")


def copy_in(sql: str, records: Any) -> None:
    """`COPY … FROM STDIN` of tuples, on the same connection and in its transaction."""
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for record in records:
            copy.write_row(record)


def days(first: date, end: date | None) -> DateRange:
    """The days from `first` until `end` (exclusive; None: without end). Raises Invalid where there is none."""
    if end is not None and end <= first:
        raise invalid("until", "结束日期应晚于开始日期", "it ends before it begins")
    return DateRange(first, end)
