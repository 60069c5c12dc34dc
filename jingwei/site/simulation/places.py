"""Where reports come from: real addresses and landmarks of the base map that is loaded, inside the grids; else points in a grid."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from shapely import from_wkb
from shapely.geometry import Point

from jingwei.areas.models import Grid
from jingwei.kit import db

MOST = 20_000  # spots of a city
INSIDE = 1e-5  # degrees from a grid's edge, where a rounding would decide


@dataclass(frozen=True, slots=True)
class Spot:
    address: str
    lon: float
    lat: float
    grid: str


# A house number, a name that people orient themselves by, and the way beside a named street near such a thing.
_SPOTS = """
with thing as (
    select case when street || number <> '' then street || number else name || '旁' end label, ST_PointOnSurface(geometry) point
      from registry_building where period @> %(day)s and place <> '' and (street || number <> '' or length(name) > 2)
    union all
    select case when street || number <> '' then street || number else name || '旁' end, geometry
      from registry_landmark where period @> %(day)s and place <> '' and (street || number <> '' or name <> '')
       and kind in ('address', 'park', 'museum', 'hotel', 'mall', 'school', 'station', 'attraction')
), beside as (
    select r.name || '（近' || near.label || '）' label,
           ST_Translate(r.middle, (ST_X(near.point) - ST_X(r.middle)) * 8e-5 / near.gap, (ST_Y(near.point) - ST_Y(r.middle)) * 8e-5 / near.gap) point
      from (select name, ST_LineInterpolatePoint((ST_Dump(geometry)).geom, share) middle from registry_road, unnest(array[0.25, 0.7]) share
             where period @> %(day)s and place <> '' and kind in ('major_road', 'minor_road') and ST_Length(geometry) > 0.0006
               and name ~ '(路|大道|街|弄)$' order by md5(source_id) limit %(most)s / 10) r
      cross join lateral (
           select case when b.street || b.number <> '' then b.street || b.number else b.name end label, ST_PointOnSurface(b.geometry) point,
                  ST_Distance(b.geometry, r.middle) gap
             from registry_building b where b.period @> %(day)s and (b.street || b.number <> '' or length(b.name) > 2)
            order by b.geometry <-> r.middle limit 1) near
     where near.gap between 0.0001 and 0.0015 and not near.label ^@ r.name
)
select label, round(ST_X(point)::numeric, 6)::float8, round(ST_Y(point)::numeric, 6)::float8, g.code
  from (select * from thing union all select * from beside) t
  join areas_grid g on ST_Covers(g.boundary, point) and g.kind <> 'micro' and g.period @> %(day)s and ST_Distance(ST_Boundary(g.boundary), point) > %(inside)s
 order by md5(label || g.code), g.code, 2 limit %(most)s"""


def spots(day: date) -> list[Spot]:
    """The addresses and landmarks inside the grids on that day, and places along the streets between them."""
    found = [Spot(*spot) for spot in db.rows(_SPOTS, {"day": day, "most": MOST, "inside": INSIDE})]
    return sorted(found, key=lambda s: (s.grid, s.address, s.lon, s.lat))


def grids_served(since: date, until: date) -> list[Grid]:
    """The grids that tile the city during all of that time."""
    return list(Grid.objects.filter(period__contains=since).filter(period__contains=until).exclude(kind=Grid.Kind.MICRO).order_by("code"))


class Places:
    """Spots by community. `crowds`: events of a real city's communities, the busiest first; here they fall to communities by lot."""

    def __init__(self, lot: random.Random, grids: Sequence[Grid], day: date, crowds: Sequence[int]) -> None:
        known: dict[str, list[Spot]] = {grid.code: [] for grid in grids}
        for spot in spots(day):
            if spot.grid in known:
                known[spot.grid].append(spot)
        for grid in grids:
            if not known[grid.code]:
                known[grid.code] = _anywhere(lot, grid)
        communities: dict[str, list[Spot]] = {}
        for code in sorted(known):
            communities.setdefault(code[:12], []).extend(known[code])
        self.communities = [spots for spots in communities.values() if spots]
        order = list(range(len(self.communities)))
        lot.shuffle(order)
        self.bounds = list(accumulate(_crowd(crowds, place, len(order)) for place in order))

    def somewhere(self, lot: random.Random) -> Spot:
        return lot.choice(lot.choices(self.communities, cum_weights=self.bounds)[0])


def _crowd(crowds: Sequence[int], rank: int, of: int) -> float:
    """What the community of that rank has, were the real city's communities as many as here."""
    return max(crowds[min(int((rank + 0.5) / of * len(crowds)), len(crowds) - 1)], 1) if crowds else 1


def _anywhere(lot: random.Random, grid: Grid, number: int = 12) -> list[Spot]:
    """Points inside a grid that has no address."""
    shape = from_wkb(bytes(grid.boundary.wkb))
    west, south, east, north = shape.bounds
    inner = shape.buffer(-INSIDE)
    found: list[Spot] = []
    for _ in range(number * 40):
        point = Point(round(lot.uniform(west, east), 6), round(lot.uniform(south, north), 6))
        if inner.contains(point):
            found.append(Spot(f"{grid.name}内", point.x, point.y, grid.code))
            if len(found) == number:
                break
    return found
