"""Keyset paging: a cursor is the sort key of the last row, so that page 1,000 costs what page 1 costs."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from jingwei.kit.errors import invalid

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
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(part is None or isinstance(part, str | int) for part in key):
        raise invalid("after", "翻页位置无效，请从第一页开始", "this cursor is not ours; start from the first page")
    return key
