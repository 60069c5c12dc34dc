"""How large the city is and how it is divided: districts, streets, communities of 32 grids, along one curve, so that each hangs together."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from jingwei.site.generation.words import DISTRICTS, place_word

PEOPLE = 5_000_000
# What a city of five million has: Huanggang's households, grids and components; Guangming's buildings, organisations and pledges for each head.
HOUSEHOLDS, GRIDS, COMPONENTS, BUILDINGS, ORGANISATIONS, PLEDGES = 1_560_000, 32_576, 118_000, 300_000, 76_500, 195_000
ACROSS, UP = 8, 4  # grids of a community
CITY_PLACE = "9901"  # no province has 99
MOST = 45_000_000  # each community has a region code of its own in identity numbers: 99 and four digits
WEST, SOUTH = 83.0, 38.6  # in the middle of a desert
GRID_LON, GRID_LAT = 0.00115, 0.0009  # about 100 m × 100 m there
TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Community:
    """One chunk of the city: everything in it is made from the seed and `number` alone. Counts are its share of the whole."""

    number: int
    code: str
    name: str
    street: str
    district: str
    cell: tuple[int, int]
    people: int
    households: int
    buildings: int
    components: int
    organisations: int
    pledges: int

    @property
    def region(self) -> str:
        """Six digits with which no identity number begins."""
        return f"99{self.number:04d}"

    @property
    def corner(self) -> tuple[float, float]:
        """South-west."""
        return round(WEST + self.cell[0] * ACROSS * GRID_LON, 6), round(SOUTH + self.cell[1] * UP * GRID_LAT, 6)

    @property
    def address(self) -> str:
        """What its addresses begin with."""
        return f"{self.district}{self.street}{self.name}"


@dataclass(frozen=True)
class Plan:
    """An invented city of `people`, always the same by `seed`."""

    people: int
    seed: int = 1

    def share(self, of_five_million: int) -> int:
        return round(of_five_million * self.people / PEOPLE)

    @cached_property
    def count(self) -> int:
        """Communities."""
        return max(1, round(self.share(GRIDS) / (ACROSS * UP)))

    @cached_property
    def communities(self) -> tuple[Community, ...]:
        n = self.count
        side = next(s for s in range(20) if 4**s >= n)
        districts = min(10, max(1, n // 4))
        in_district = [i * districts // n for i in range(n)]
        found, streets_before = [], 0
        for d in range(districts):
            members = [i for i in range(n) if in_district[i] == d]
            streets = max(1, round(len(members) / 10))
            for k, i in enumerate(members):
                s = k * streets // len(members)
                first = next(m for m in range(len(members)) if m * streets // len(members) == s)
                found.append(
                    Community(
                        number=i,
                        code=f"{CITY_PLACE}{d + 1:02d}{s + 1:03d}{k - first + 1:03d}",
                        name=f"{place_word(500 + i)}社区",
                        street=f"{place_word(2200 + streets_before + s)}街道",
                        district=DISTRICTS[d],
                        cell=hilbert(side, i),
                        people=_part(self.people, n, i),
                        households=_part(self.share(HOUSEHOLDS), n, i),
                        buildings=_part(self.share(BUILDINGS), n, i),
                        components=_part(self.share(COMPONENTS), n, i),
                        organisations=_part(self.share(ORGANISATIONS), n, i),
                        pledges=_part(self.share(PLEDGES), n, i),
                    )
                )
            streets_before += streets
        return tuple(found)


def _part(whole: int, parts: int, number: int) -> int:
    """The share of one of `parts`; together they are the whole."""
    return whole * (number + 1) // parts - whole * number // parts


def hilbert(order: int, d: int) -> tuple[int, int]:
    """The cell at distance `d` along Hilbert's curve through a square of 2^order cells a side: neighbours on it are neighbours on the ground."""
    x = y = 0
    for level in range(order):
        s = 1 << level
        rx = 1 & (d >> 1)
        ry = 1 & (d ^ rx)
        if ry == 0:
            if rx == 1:
                x, y = s - 1 - x, s - 1 - y
            x, y = y, x
        x, y = x + s * rx, y + s * ry
        d >>= 2
    return x, y
