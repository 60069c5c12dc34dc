"""What files of the real world are full of, at small known rates: each such row is noted, so that an import can be held against it.

Wrong rows come on top of the city's own, which stays whole: what is refused is missed by nobody. Only addresses are written otherwise in place.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jingwei.site.generation import numbers

Row = Any
REFUSED, UNCHANGED, TAKEN = "refused", "unchanged", "taken"
# How many, by the rows of the file, and what an import does with them.
RATES: dict[str, dict[str, tuple[float, str]]] = {
    "residents.csv": {
        "check_digit": (0.0005, REFUSED),
        "scientific_notation": (0.0005, REFUSED),
        "birth_date": (0.0002, REFUSED),
        "no_such_room": (0.0005, REFUSED),
        "two_permanent_rooms": (0.0005, REFUSED),
        "the_same_again": (0.0005, UNCHANGED),
        "address_written_otherwise": (0.01, TAKEN),
    },
    "rooms.csv": {"no_such_building": (0.0005, REFUSED), "the_same_again": (0.0005, UNCHANGED)},
    "organisations.csv": {"check_digit": (0.0005, REFUSED)},
    "components.csv": {"no_position": (0.0005, REFUSED)},
    "buildings.geojsonl": {"crosses_itself": (0.0005, REFUSED)},
}
IDENTITY, ADDRESS, KIND, HOUSEHOLD = 2, 6, 7, 9  # columns of residents.csv


@dataclass
class Notes:
    """Which rows are not as they should be: (place of the row among its community's, what is wrong, what becomes of it)."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        return Counter(what for _, what, _ in self.rows)


def spoil(lot: np.random.Generator, file: str, rows: list[Row], others: Sequence[str] = ()) -> Notes:
    """Adds wrong rows to `rows`, and writes some addresses otherwise. `others`: addresses of rooms, for somebody's second one."""
    free = lot.permutation(len(rows)).tolist()
    notes = []
    for what, (rate, outcome) in RATES[file].items():
        for i in [free.pop() for _ in range(min(int(lot.poisson(rate * len(rows))), len(free)))]:
            changed = _WAYS[what](lot, rows[i], others)
            if changed is None:
                continue
            if outcome == TAKEN:
                rows[i] = changed
            else:
                rows.append(changed)
                i = len(rows) - 1
            notes.append((i, what, outcome))
    return Notes(sorted(notes))


def otherwise(lot: np.random.Generator, address: str) -> str:
    """The same address as people write it: without the city, with another sign, wide digits, blanks."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda a: a.removeprefix("云泽市"),
        lambda a: a.replace("栋", "幢"),
        lambda a: a.removesuffix("室"),
        lambda a: a.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda a: re.sub(r"(路|街|大道)(\d)", r"\1 \2", a),
    )
    return ways[int(lot.integers(0, len(ways)))](address)


def _with(row: list[Any], column: int, value: Any) -> list[Any]:
    return [*row[:column], value, *row[column + 1 :]]


def _wrong_check(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any]:
    column = IDENTITY if len(row) > ADDRESS else 0
    code = row[column]
    return _with(row, column, code[:-1] + ("1" if code[-1] != "1" else "2"))


def _scientific(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any]:
    return _with(row, IDENTITY, f"{float(row[IDENTITY][:17] + '0'):.5E}")


def _impossible_birth(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any]:
    first = row[IDENTITY][:10] + "1332" + row[IDENTITY][14:17]  # the thirty-second of the thirteenth month
    return _with(row, IDENTITY, first + numbers.check_digits([first])[0])


def _no_such_room(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any]:
    return _with(row, ADDRESS, re.sub(r"\d+室$", "9999室", row[ADDRESS]))


def _second_room(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any] | None:
    other = others[int(lot.integers(0, len(others)))]
    return _with(_with(row, ADDRESS, other), HOUSEHOLD, "") if row[KIND] == "permanent" and other != row[ADDRESS] else None


def _no_such_building(lot: np.random.Generator, row: list[Any], others: Sequence[str]) -> list[Any]:
    return _with(row, 0, re.sub(r"\d+(号|栋)$", r"9999\1", row[0]))


def _crossed(lot: np.random.Generator, feature: dict[str, Any], others: Sequence[str]) -> dict[str, Any]:
    """A ring like an hourglass."""
    a, b, c, d, _ = feature["geometry"]["coordinates"][0]
    properties = feature["properties"]
    other = {"id": properties["id"] + "x", "address": re.sub(r"\d+(号|栋)$", r"9998\1", properties["address"])}
    return feature | {"properties": properties | other, "geometry": {"type": "Polygon", "coordinates": [[a, c, b, d, a]]}}


_WAYS: dict[str, Callable[[np.random.Generator, Any, Sequence[str]], Row | None]] = {
    "check_digit": _wrong_check,
    "scientific_notation": _scientific,
    "birth_date": _impossible_birth,
    "no_such_room": _no_such_room,
    "two_permanent_rooms": _second_room,
    "the_same_again": lambda lot, row, others: list(row),
    "address_written_otherwise": lambda lot, row, others: _with(row, ADDRESS, otherwise(lot, row[ADDRESS])),
    "no_such_building": _no_such_building,
    "no_position": lambda lot, row, others: _with(_with(row, 3, ""), 4, ""),
    "crosses_itself": _crossed,
}
