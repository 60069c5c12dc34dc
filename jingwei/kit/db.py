"""Bare SQL where one set-based statement does what the ORM would do in many.

It goes through Django's cursor: same connection, same transaction, seen by the statement counts. The settings bind
parameters on the server and prepare statements, so that a repeated one is planned once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.kit.errors import invalid

Params = Mapping[str, Any] | Sequence[Any] | None


def rows(sql: str, params: Params = None) -> list[tuple[Any, ...]]:
    """Every row that the statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(sql: str, params: Params = None) -> tuple[Any, ...] | None:
    """The first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        answer: tuple[Any, ...] | None = cursor.fetchone()
        return answer


def run(sql: str, params: Params = None) -> int:
    """Execute, and answer how many rows were touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        touched: int = cursor.rowcount
        return touched


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
