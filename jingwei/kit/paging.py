"""Keyset paging: a cursor is the sort key of the last row, so that page 1,000 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from jingwei.kit.errors import Invalid, invalid

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order, and the cursor of the next page (None at the end)."""

    items: list[Row]
    next: str | None


def encode_cursor(key: list[str | int | None]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *, length: int) -> list[str | int | None]:
    """The key inside. Raises Invalid for anything that `encode_cursor` did not make."""
    try:
        key: object = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(map(_ours, key)):
        raise _not_ours()
    return key


def decode_row(cursor: str, *read: Callable[[str], Any]) -> list[Any]:
    """The key inside, each part through its reader. Raises Invalid also where a reader raises ValueError, or a time has no zone."""
    try:
        key = [reader(str(part)) for reader, part in zip(read, decode_cursor(cursor, length=len(read)), strict=True)]
    except ValueError:
        raise _not_ours() from None
    if any(isinstance(part, datetime) and part.tzinfo is None for part in key):
        raise _not_ours()
    return key


def _not_ours() -> Invalid:
    return invalid("after", "翻页位置无效，请从第一页开始", "this cursor is not ours; start from the first page")


def _ours(part: object) -> bool:
    """Whether `part` can have come from a row: no NUL, no half of a character, no number that PostgreSQL has not."""
    if isinstance(part, str):
        return "\0" not in part and part.isprintable()
    return part is None or (type(part) is int and -(2**63) <= part < 2**63)
