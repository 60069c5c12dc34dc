"""What values look like: a column that is called strangely still tells what it is by what stands in it."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from jingwei.registry.rules.numbers import NumberFault, identity, telephone, uscc

ENOUGH = 0.7  # of the values that are not empty
_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_DAY = re.compile(r"(?:18|19|20)[0-9]{2}[-/.年]?[01]?[0-9](?:[-/.月]?[0-3]?[0-9]日?)?")
_NUMBER = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}")
_GEOMETRY = re.compile(r"\s*(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\(|\{\s*\"type\")", re.IGNORECASE)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_SEXES = frozenset({"男", "女", "男性", "女性", "1", "2", "M", "F"})


def _is(read: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            read(text)
        except (NumberFault, KeyError, ValueError):
            return False
        return True

    return fits


def _identity(text: str) -> bool:
    return len(text) in (15, 18) and _is(lambda t: identity(t, "identity_card", today=date.max))(text)


LOOKS: dict[str, Callable[[str], bool]] = {
    "identity": _identity,
    "uscc": lambda t: len(t) == 18 and not t[:17].isdigit() and _is(uscc)(t),
    "phone": lambda t: bool(_MOBILE.fullmatch(t)) or (t.startswith(("0", "+", "(")) and _is(telephone)(t)),
    "sex": lambda t: t in _SEXES,
    "day": lambda t: bool(_DAY.fullmatch(t)),
    "component": lambda t: len(t) in (16, 17) and t.isdigit() and t[0] != "0",
    "lon": lambda t: bool(_NUMBER.fullmatch(t)) and 73 <= abs(float(t)) <= 180,
    "lat": lambda t: bool(_NUMBER.fullmatch(t)) and abs(float(t)) <= 60,
    "geometry": lambda t: bool(_GEOMETRY.match(t)),
    "name": lambda t: bool(_NAME.fullmatch(t)),
}


def looks_like(values: Sequence[str], look: str) -> float:
    """Which part of the values that are not empty looks so; 0 where there are none."""
    said = [text.strip() for text in values if text.strip()][:200]
    return sum(map(LOOKS[look], said)) / len(said) if said else 0.0
