"""A day, or a month, as people write it: read the same in a form and in a file. (What programs write to `/ogc` is RFC 3339: rules.collections.)"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[T ].*)?|([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?|([0-9]{4})([0-9]{2})")


def written(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) of 2026-11-22, 2026/11/22, 20261122, 2026年11月22日, 2026.11.22; the day is 0 where a month is written. None for what is
    neither. Whether there is such a day is not looked at."""
    said = unicodedata.normalize("NFKC", text).strip()
    if found := _DAY.fullmatch(said):
        a, b, c, d, e, f = found.groups()
        return int(a or d), int(b or e), int(c or f)
    if found := _MONTH.fullmatch(said):
        a, b, c, d = found.groups()
        return int(a or c), int(b or d), 0
    return None


@lru_cache(maxsize=50_000)
def read_day(text: str) -> date | None:
    """None for what is no day."""
    said = written(text)
    try:
        return date(*said) if said and said[2] else None
    except ValueError:
        return None


@lru_cache(maxsize=50_000)
def read_month(text: str) -> date | None:
    """The first of a month, said as a month (1990-05, 1990年5月, 199005) or as a day. None for what is neither."""
    said = written(text)
    try:
        return date(said[0], said[1], said[2] or 1).replace(day=1) if said else None
    except ValueError:
        return None
