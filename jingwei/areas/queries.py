"""Place, date → grid and divisions; the grids of an area as tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jingwei.accounts.rules import Actor
from jingwei.areas.models import Division, Grid, Posting
from jingwei.kit import db
from jingwei.kit.codes import GRID_DIGITS
from jingwei.kit.errors import NotFound
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T


@dataclass(frozen=True)
class Here:
    """What a point lies in: the grid's code, kind and name (None outside every grid) and the divisions, widest first."""

    grid: tuple[str, str, str] | None
    divisions: list[tuple[str, str, int]]


def grid_at(lon: float, lat: float, on: date) -> tuple[str, str, str] | None:
    """The basic or dedicated grid over a WGS-84 point on a day: (code, kind, name). On a shared edge, the lower code."""
    found = db.row(
        """select code, kind, name from areas_grid
            where ST_Covers(boundary, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) and period @> %s::date and kind <> 'micro'
            order by code limit 1""",
        [lon, lat, on],
    )
    return (found[0], found[1], found[2]) if found else None


def here(lon: float, lat: float, on: date) -> Here:
    """Grid and divisions at a WGS-84 point on a day. Without a grid, the divisions come from their own boundaries."""
    grid = grid_at(lon, lat, on)
    if grid:
        return Here(grid, divisions_over(grid[0]))
    deepest = db.row(
        """select place from areas_division
            where ST_Covers(boundary, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) and valid_from <= %s
              and coalesce(valid_to, 'infinity') > %s order by level desc, code limit 1""",
        [lon, lat, on, on],
    )
    return Here(None, divisions_over(deepest[0]) if deepest else [])


def divisions_over(place: str) -> list[tuple[str, str, int]]:
    """(code, name, level) of every division that `place` lies in, widest first."""
    prefixes = [place[:digits] for digits in (2, 4, 6, 9, 12) if digits <= len(place)]
    return [(c, n, lv) for c, n, lv in db.rows("select code, name, level from areas_division where place = any(%s) order by level", [prefixes])]


def districts_in(areas: Sequence[str]) -> list[str]:
    """The districts (six digits) that `areas` lie in or hold; a statement only for areas above the districts."""
    known = {area[:6] for area in areas if len(area) >= 6}
    if wide := [area for area in areas if len(area) < 6]:
        sql = "select place from areas_division d join unnest(%s::text[]) a on d.place >= a and d.place < a || ':' where level = 3"
        known.update(place for (place,) in db.rows(sql, [wide]))
    return sorted(known)


def place_names(places: set[str]) -> dict[str, str]:
    """The names of many places (divisions and grids) in one statement. 市辖区 is no name to a person: a municipality's is."""
    if not places:
        return {}
    return dict(
        db.rows(
            """select d.place, case when d.name in ('市辖区', '县') then u.name else d.name end
                 from areas_division d left join areas_division u on u.code = d.parent_id where d.place = any(%s)
               union all select code, name from areas_grid where code = any(%s)""",
            [list(places), [p for p in places if len(p) == GRID_DIGITS]],
        )
    )


@dataclass(frozen=True)
class Posted:
    """Somebody who serves a grid: as its worker by posting, as its lead by role over it. Nothing says where they are."""

    role: str
    name: str
    unit: str | None
    person: int = 0


_POSTED = """
select grid, role, name, unit, person from (
  select p.grid_id grid, 1 rank, 0 width, 'worker' as role, n.name, u.name unit, n.id person
    from areas_posting p join accounts_person n on n.id = p.person_id
    left join accounts_grant g on g.person_id = n.id and g.role = 'worker' and g.area = p.grid_id and g.period @> %(on)s::date
    left join accounts_unit u on u.id = g.unit_id
   where p.grid_id = any(%(grids)s) and p.period @> %(on)s::date and n.is_active
  union
  select c.code, 2, -length(g.area), 'grid_lead', n.name, u.name, n.id
    from unnest(%(grids)s::varchar[]) c(code) join accounts_grant g on c.code ^@ g.area join accounts_person n on n.id = g.person_id
    left join accounts_unit u on u.id = g.unit_id
   where g.role = 'grid_lead' and g.period @> %(on)s::date and n.is_active) t
 order by grid, rank, width, name"""
MOST_POSTED = 6  # of a grid


def posted(grids: list[str], on: date) -> dict[str, list[Posted]]:
    """The workers posted to each grid on a day, then those who lead it, the nearest area first; one statement."""
    found: dict[str, list[Posted]] = {grid: [] for grid in grids}
    for grid, *who in db.rows(_POSTED, {"grids": grids, "on": on}):
        if len(found[grid]) < MOST_POSTED:
            found[grid].append(Posted(*who))
    return found


def posted_at(grid: str, on: date) -> list[Posted]:
    """Those who serve one grid on a day."""
    return posted([grid], on)[grid]


@dataclass(frozen=True)
class GridPosts:
    """A grid near a point with those who serve it. `lon`, `lat`: where its name stands on a map, a point inside the grid; never where somebody is.
    `metres`: from the point to its boundary, 0 inside."""

    code: str
    kind: str
    name: str
    lon: float
    lat: float
    metres: float
    posted: list[Posted]


MOST_NEAR = 50  # grids

_NEAR = f"""
with p as (select ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) point)
select code, kind, name, ST_X(inside), ST_Y(inside), metres
  from (select code, kind, name, ST_PointOnSurface(boundary) inside, ST_Distance(boundary::geography, point::geography) metres
          from areas_grid, p
         where boundary && ST_Expand(point, %(metres)s / (111000 * greatest(cos(radians(%(lat)s)), 0.01)), %(metres)s / 110000.0)
           and period @> %(on)s::date and kind <> 'micro' and {lies_in("code")}) g
 where metres <= %(metres)s order by metres, code limit %(most)s"""


def posts_near(*, actor: Actor, lon: float, lat: float, metres: int, on: date) -> list[GridPosts]:
    """The grids at and around a WGS-84 point on a day, the nearest first, with those who serve them; two statements. In the actor's areas of
    business, as the map draws them: a worker sees who serves next door in the same community, an administrator has no business there."""
    areas = [area[:12] for area in actor.areas()]
    near = db.rows(_NEAR, {"lon": lon, "lat": lat, "metres": metres, "on": on, "areas": areas, "most": MOST_NEAR}) if areas else []
    who = posted([code for code, *_ in near], on) if near else {}
    return [GridPosts(code, kind, name, lon, lat, away, who[code]) for code, kind, name, lon, lat, away in near]


def children(parent: str | None) -> list[Division]:
    """The divisions directly under `parent` (a 12-digit code), without their boundaries."""
    return list(Division.objects.filter(parent_id=parent).defer("boundary").order_by("code"))


def grids_in(*, actor: Actor, place: str, on: date) -> list[Grid]:
    """The grids under a place on a day that the actor may see, without their boundaries."""
    return list(Grid.objects.visible_to(actor).on(on).filter(code__startswith=place).defer("boundary").order_by("code"))


def one_division(*, actor: Actor, code: str) -> Division:
    """A division by its 12 digits. Raises NotFound."""
    found = Division.objects.visible_to(actor).filter(code=code).defer("boundary").first()
    if found is None:
        raise NotFound(T("没有这个区划", "no such division"))
    return found


def one_grid(*, actor: Actor, code: str) -> Grid:
    """A grid with its boundary. Raises NotFound, also for one outside the actor's areas."""
    found = Grid.objects.visible_to(actor).filter(code=code).first()
    if found is None:
        raise NotFound(T("没有这个网格", "no such grid"))
    return found


def postings_in(*, actor: Actor, place: str, on: date, person: int | None = None) -> list[Posting]:
    """The postings of a day under a place that the actor may see, at most 1,000; of one person those of all days, the latest first."""
    found = Posting.objects.visible_to(actor).filter(grid__code__startswith=place).select_related("person", "grid")
    if person is not None:
        return list(found.filter(person=person).order_by("-period", "pk")[:1000])
    return list(found.filter(period__contains=on).order_by("grid_id", "pk")[:1000])


_TILE = f"""
with b as (select ST_TileEnvelope(%(z)s, %(x)s, %(y)s) e, ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326) d),
g as (select ST_AsMVTGeom(ST_Transform(boundary, 3857), b.e, 4096, 64) geom, code, kind, name, schematic
        from areas_grid, b where boundary && b.d and period @> %(on)s::date and %(z)s >= 13
         and {lies_in("code")}),
c as (select ST_AsMVTGeom(ST_Transform(boundary, 3857), b.e, 4096, 64) geom, code, name, level, schematic
        from areas_division, b where boundary && b.d and level >= case when %(z)s >= 13 then 5 when %(z)s >= 11 then 4 else 3 end
         and level <= case when %(z)s >= 13 then 5 when %(z)s >= 11 then 4 else 3 end)
select coalesce((select ST_AsMVT(g, 'grids', 4096, 'geom') from g), '') || coalesce((select ST_AsMVT(c, 'communities', 4096, 'geom') from c), '')"""


def grid_tile(*, actor: Actor, z: int, x: int, y: int, on: date) -> bytes:
    """A vector tile: layer "grids" (from zoom 13, the actor's own communities) and layer "communities" (divisions)."""
    areas = [a[:12] for a in (*actor.areas(), *actor.areas_of("system_admin"), *actor.areas_of("security_admin"))]
    found = db.row(_TILE, {"z": z, "x": x, "y": y, "on": on, "areas": areas})
    return bytes(found[0]) if found else b""
