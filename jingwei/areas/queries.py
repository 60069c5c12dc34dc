"""Place, date → grid and divisions; the grids of an area as tiles."""

from dataclasses import dataclass
from datetime import date

from jingwei.accounts.rules import Actor
from jingwei.areas.models import Division, Grid, Posting
from jingwei.kit import db
from jingwei.kit.codes import GRID_DIGITS
from jingwei.kit.errors import NotFound
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


def posted_at(grid: str, on: date) -> list[Posted]:
    """The workers posted to a grid on a day, then those who lead it, the nearest area first; one statement."""
    found = db.rows(
        """select role, name from (
             select 1 rank, 0 width, 'worker' as role, n.name from areas_posting p join accounts_person n on n.id = p.person_id
              where p.grid_id = %(grid)s and p.period @> %(on)s::date and n.is_active
             union
             select 2, -length(g.area), 'grid_lead', n.name from accounts_grant g join accounts_person n on n.id = g.person_id
              where g.role = 'grid_lead' and %(grid)s::text ^@ g.area and g.period @> %(on)s::date and n.is_active) t
            order by rank, width, name limit 6""",
        {"grid": grid, "on": on},
    )
    return [Posted(*row) for row in found]


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


_TILE = """
with b as (select ST_TileEnvelope(%(z)s, %(x)s, %(y)s) e, ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326) d),
g as (select ST_AsMVTGeom(ST_Transform(boundary, 3857), b.e, 4096, 64) geom, code, kind, name, schematic
        from areas_grid, b where boundary && b.d and period @> %(on)s::date and %(z)s >= 13
         and exists (select from unnest(%(areas)s::text[]) a where code ^@ a)),
c as (select ST_AsMVTGeom(ST_Transform(boundary, 3857), b.e, 4096, 64) geom, code, name, level, schematic
        from areas_division, b where boundary && b.d and level >= case when %(z)s >= 13 then 5 when %(z)s >= 11 then 4 else 3 end
         and level <= case when %(z)s >= 13 then 5 when %(z)s >= 11 then 4 else 3 end)
select coalesce((select ST_AsMVT(g, 'grids', 4096, 'geom') from g), '') || coalesce((select ST_AsMVT(c, 'communities', 4096, 'geom') from c), '')"""


def grid_tile(*, actor: Actor, z: int, x: int, y: int, on: date) -> bytes:
    """A vector tile: layer "grids" (from zoom 13, the actor's own communities) and layer "communities" (divisions)."""
    areas = [a[:12] for a in (*actor.areas(), *actor.areas_of("system_admin"), *actor.areas_of("security_admin"))]
    found = db.row(_TILE, {"z": z, "x": x, "y": y, "on": on, "areas": areas})
    return bytes(found[0]) if found else b""
