"""Places within areas, in SQL: a place lies in an area whose code its own begins with (docs/decisions/0014-a-place-is-a-prefix.md)."""

from collections.abc import Sequence
from typing import Any


def lies_in(place: str, areas: str = "%(areas)s") -> str:
    """True where `place` lies in one of the areas of a parameter: for rows that another condition has found."""
    return f"exists (select from unnest({areas}::text[]) a where {place} ^@ a)"


def begins_with(place: str, areas: Sequence[str], given: dict[str, Any]) -> str:
    """The same with each area as a pattern among the parameters `given`: for lists that are found by their place. The planner knows how much an area holds."""
    given |= {f"area{n}": f"{area}%" for n, area in enumerate(areas)}
    return "(" + (" or ".join(f"{place} like %(area{n})s" for n in range(len(areas))) or "false") + ")"
