"""Codes of places: divisions (GB/T 2260, GB/T 10114, 12 digits) and grids (15 digits), and their prefixes.

A place is kept as the significant digits of its code, so that scope is a test of prefixes:
"31" province, "3101" city, "310101" district, "310101002" street, "310101002001" community, 15 digits grid.
"""

LEVEL_DIGITS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
GRID_DIGITS = 15
_LEVELS = {digits: level for level, digits in LEVEL_DIGITS.items()}


def is_division_code(code: str) -> bool:
    """Twelve ASCII digits whose province is not 00."""
    return len(code) == 12 and code.isascii() and code.isdigit() and code[:2] != "00"


def is_grid_code(code: str) -> bool:
    """Twelve digits of a community and three of the grid, not 000."""
    return len(code) == GRID_DIGITS and code.isascii() and code.isdigit() and code[9:12] != "000" and code[12:] != "000"


def is_place(place: str) -> bool:
    """Whether `place` can be the prefix of some division or the code of a grid."""
    return place.isascii() and place.isdigit() and (len(place) in _LEVELS or len(place) == GRID_DIGITS)


def prefix(code: str, level: int) -> str:
    """The significant digits of a division's 12-digit code at `level` (1 province … 5 community)."""
    return code[: LEVEL_DIGITS[level]]


def level_of(place: str) -> int:
    """1 province, 2 city, 3 district, 4 street, 5 community, 6 grid. Raises ValueError for another length."""
    if len(place) == GRID_DIGITS:
        return 6
    try:
        return _LEVELS[len(place)]
    except KeyError:
        raise ValueError(f"no place has {len(place)} digits") from None


def division_code(place: str) -> str:
    """The 12-digit code of the division that `place` is or (for a grid) lies in."""
    return place[:12].ljust(12, "0")


def district_of_place(place: str) -> str:
    """The six digits under which a record at `place` is kept; a place above the districts is padded with zeros."""
    return place[:6].ljust(6, "0")


def overlap(a: str, b: str) -> str | None:
    """The smaller of two places (prefixes) where one lies in the other; None where neither does. "" is everywhere."""
    return a if a.startswith(b) else b if b.startswith(a) else None
