"""Statistics of areas: how many live there, since when, in what households, how many came and went. Never of a person: rules.suppression.

Everybody counts once, where they live at that date: at their permanent residency, else at the earliest temporary one; records merged into one person
are one. Moves are residencies that began or ended in the twelve months before the date; a move within an area counts as both. Residence stability
(居住稳定度) is the share of residents who have lived in the same room for twelve months or more, beside the median of months in the same room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.kit import db
from jingwei.kit.codes import GRID_DIGITS, is_place
from jingwei.kit.errors import NotFound, invalid
from jingwei.registry.rules.suppression import withheld_groups, withheld_totals

LEVELS = (2, 4, 6, 9, 12, GRID_DIGITS)
# group: its total, and its parts in the order of the columns
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "kind": ("residents", ("permanent", "temporary")),
    "sex": ("residents", ("male", "female", "unknown")),
    "age": ("residents", ("0_5", "6_14", "15_17", "18_34", "35_59", "60_79", "80_up", "unknown")),
    "stay": ("residents", ("settled", "recent")),
}
_AGES = ("< 6", "between 6 and 14", "between 15 and 17", "between 18 and 34", "between 35 and 59", "between 60 and 79", ">= 80")
_MAIN = """
with living as (
  select y.place, y.kind, lower(y.period) since, coalesce(r.merged_into, r.id) person, r.sex, date_part('year', age(%(on)s::date, r.born)) years
    from registry_residency y join registry_resident r on r.district = y.district and r.id = y.resident_id
   where y.period @> %(on)s::date and y.place like %(within)s),
main as (select distinct on (person) * from living order by person, kind = 'permanent' desc, since)
"""
_PEOPLE = f"""{_MAIN}
select place, count(*), count(*) filter (where kind = 'permanent'), count(*) filter (where kind <> 'permanent'),
       count(*) filter (where sex = '1'), count(*) filter (where sex = '2'), count(*) filter (where sex not in ('1', '2')),
       {", ".join(f"count(*) filter (where years {band})" for band in _AGES)}, count(*) filter (where years is null),
       count(*) filter (where since <= %(on)s::date - interval '12 months'), count(*) filter (where since > %(on)s::date - interval '12 months')
  from main group by place"""
_MEDIANS = f"""{_MAIN}
select left(place, %(digits)s), percentile_cont(0.5) within group (order by (%(on)s::date - since) / 30.4375) from main where place like %(under)s
 group by grouping sets ((left(place, %(digits)s)), ())"""
_HOUSEHOLDS = """select place, count(*) from registry_household
 where place like %(within)s and coalesce(from_date, '-infinity') <= %(on)s::date and coalesce(to_date, 'infinity') > %(on)s::date group by place"""
_ROOMS = """select left(place, %(digits)s), use, count(*) from registry_room
 where place like %(under)s and coalesce(ended_date, 'infinity') > %(on)s::date group by grouping sets ((left(place, %(digits)s), use), (use))"""
_MOVES = """
select place, months, count(*) filter (where came), count(*) filter (where not came) from (
  select place, came, (12 * date_part('year', gone) + date_part('month', gone))::int months
    from (select place, true came, age(%(on)s::date, lower(period)) gone from registry_residency
           where place like %(within)s and lower(period) > %(on)s::date - interval '12 months' and lower(period) <= %(on)s::date
          union all
          select place, false, age(%(on)s::date, upper(period)) from registry_residency
           where place like %(within)s and upper(period) > %(on)s::date - interval '12 months' and upper(period) <= %(on)s::date) m) n
 group by place, months"""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area. None is what is withheld: it may be few, or may give away few elsewhere. `groups` by name and part; `months` are the moves in and
    out in each of the last twelve months, the latest first; `rooms` by use (no people: never withheld)."""

    place: str
    name: str
    totals: Mapping[str, int | None]
    groups: Mapping[str, Mapping[str, int] | None]
    months: Mapping[str, Sequence[int] | None]
    rooms: Mapping[str, int]
    average_household: float | None
    stability: float | None
    median_months: float | None


@dataclass(frozen=True, slots=True)
class AreaStatistics:
    """The area that was asked for, and the areas in it."""

    on: date
    whole: AreaRow
    parts: list[AreaRow]


def area_statistics(*, actor: Actor, place: str, on: date) -> AreaStatistics:
    """The statistics of a place and of the areas right below it. NotFound outside the areas that the actor sees whole."""
    if not is_place(place):
        raise invalid("place", "不是区域代码", "this is no code of an area")
    if not any(place.startswith(area) for area in actor.areas_seen()):
        raise NotFound()
    top = place[:4]  # what is withheld of an area depends on its neighbours: one tree for the whole city, whoever asks
    counts = _Counts(top, on)
    below = next((digits for digits in LEVELS if digits > len(place)), len(place))
    wanted = [place, *sorted(key for key in counts.children.get(place, ()) if not key.endswith("?"))]
    values = {"within": f"{top}%", "under": f"{place}%", "digits": below, "on": on}
    medians = {(key or place): float(value) for key, value in db.rows_anew(_MEDIANS, values) if value is not None}
    rooms: dict[str, dict[str, int]] = {}
    for key, use, count in db.rows_anew(_ROOMS, values):
        rooms.setdefault(key or place, {})[use] = count
    wanted += sorted(key for key in rooms if key not in wanted and len(key) == below)
    names = place_names(set(wanted))
    if place not in names:
        raise NotFound()
    rows = [counts.row(key, names.get(key, key), medians.get(key), rooms.get(key, {})) for key in wanted]
    return AreaStatistics(on, rows[0], rows[1:])


class _Counts:
    """Every place of a city with its totals and groups, and what of it is withheld."""

    def __init__(self, top: str, on: date) -> None:
        values = {"within": f"{top}%", "on": on}
        self.totals: dict[str, dict[str, int]] = {name: {} for name in ("residents", "households", "moved_in", "moved_out")}
        self.groups: dict[str, dict[str, list[int]]] = {name: {} for name in (*GROUPS, "in", "out")}
        self.children: dict[str, set[str]] = {top: set()}
        for place, count, *parts in db.rows_anew(_PEOPLE, values):
            self._add("residents", place, count)
            for name, (_, columns) in GROUPS.items():
                self._add_group(name, place, parts[: len(columns)])
                parts = parts[len(columns) :]
        for place, count in db.rows_anew(_HOUSEHOLDS, values):
            self._add("households", place, count)
        for place, months, came, went in db.rows_anew(_MOVES, values):
            for total, name, count in (("moved_in", "in", came), ("moved_out", "out", went)):
                self._add(total, place, count)
                self._add_group(name, place, [count if n == min(months, 11) else 0 for n in range(12)])
        every = set(self.children) | {child for parts in self.children.values() for child in parts}
        for counts in self.totals.values():
            counts |= {place: 0 for place in every if place not in counts}
        self.gone = {name: withheld_totals(self._sorted(), counts) for name, counts in self.totals.items()}
        self.gone_groups = {
            name: withheld_groups(self._sorted(), self.totals[of], self.groups[name], self.gone[of])
            for name, of in (*((name, of) for name, (of, _) in GROUPS.items()), ("in", "moved_in"), ("out", "moved_out"))
        }

    def _sorted(self) -> dict[str, list[str]]:
        return {parent: sorted(parts) for parent, parts in self.children.items()}

    def _chain(self, place: str) -> list[str]:
        """The place and all above it up to the city; what is known only down to a place above the grids hangs there as a part of its own ("…?")."""
        own = place if len(place) == GRID_DIGITS else f"{place}?"
        above = [place[:digits] for digits in LEVELS if digits >= 4 and (digits < len(place) or (digits == len(place) and own != place))]
        chain = [*above, own]
        for parent, child in pairwise(chain):
            self.children.setdefault(parent, set()).add(child)
        return chain

    def _add(self, name: str, place: str, count: int) -> None:
        for key in self._chain(place):
            self.totals[name][key] = self.totals[name].get(key, 0) + count

    def _add_group(self, name: str, place: str, parts: Sequence[int]) -> None:
        for key in self._chain(place):
            standing = self.groups[name].get(key)
            self.groups[name][key] = [a + b for a, b in zip(standing, parts, strict=True)] if standing else list(parts)

    def row(self, place: str, name: str, median: float | None, rooms: Mapping[str, int]) -> AreaRow:
        totals = {key: None if place in self.gone[key] else counts.get(place, 0) for key, counts in self.totals.items()}
        groups = {
            key: None if place in self.gone_groups[key] else dict(zip(columns, self.groups[key].get(place, [0] * len(columns)), strict=True))
            for key, (_, columns) in GROUPS.items()
        }
        months = {key: None if place in self.gone_groups[key] else self.groups[key].get(place, [0] * 12) for key in ("in", "out")}
        people, homes, stay = totals["residents"], totals["households"], groups["stay"]
        return AreaRow(
            place=place,
            name=name,
            totals=totals,
            groups=groups,
            months=months,
            rooms=rooms,
            average_household=round(people / homes, 2) if people and homes else None,
            stability=round(stay["settled"] / people, 4) if people and stay else None,
            median_months=round(median, 1) if people and stay and median is not None else None,
        )
