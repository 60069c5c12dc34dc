"""Cases on the map, as vector tiles: each for itself, or gathered into cells."""

from datetime import datetime

from jingwei.accounts.rules import Actor
from jingwei.cases.queries.filters import QueueFilter, compiled, filtered, light_sql
from jingwei.kit import db

MOST = 20_000  # features of a tile
CELLS = 8  # gathered: each way in a tile

_BOUNDS = "b as (select ST_TileEnvelope(%s, %s, %s) e, ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326) d)"
_POINTS = f"""
with {_BOUNDS},
c as (select ST_AsMVTGeom(ST_Transform(c.point, 3857), b.e, 4096, 64) geom, c.id::text, c.number, c.state, c.light
        from ({{cases}}) c, b where c.point && b.d limit {MOST})
select ST_AsMVT(c, 'cases', 4096, 'geom') from c"""

# The mean of a cell's points is its place on the map, so that a cluster stands where its cases are.
_CELLS = f"""
with {_BOUNDS},
p as (select ST_Transform(c.point, 3857) g, c.light, c.id from ({{cases}}) c, b where c.point && b.d),
k as (select floor((ST_X(g) - ST_XMin(e)) / (ST_XMax(e) - ST_XMin(e)) * {CELLS}) i, floor((ST_Y(g) - ST_YMin(e)) / (ST_YMax(e) - ST_YMin(e)) * {CELLS}) j,
             ST_X(g) x, ST_Y(g) y, light, id from p, b where ST_Intersects(g, e)),
c as (select ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(avg(x), avg(y)), 3857), min(e), 4096, 64) geom, count(*)::int n,
             count(*) filter (where light = 'red')::int red, count(*) filter (where light = 'amber')::int amber,
             case when count(*) = 1 then min(id::text) end id, min(light) light
        from k, (select ST_TileEnvelope(%s, %s, %s) e) t group by i, j)
select ST_AsMVT(c, 'clusters', 4096, 'geom') from c"""


def case_tile(*, actor: Actor, wanted: QueueFilter, z: int, x: int, y: int, at: datetime, gathered: bool = False) -> bytes:
    """A vector tile of the cases of a filter that the actor sees: the layer "cases" (id, number, state, light), or gathered into 8 × 8 cells
    the layer "clusters" (n, red, amber; id and light of a single one); one statement; empty bytes for none."""
    rows = filtered(actor, wanted, at).filter(point__isnull=False)
    if not wanted.light:
        rows = rows.annotate(light=light_sql(at))
    asked = compiled(rows.values("id", "number", "state", "point", "light"))  # type: ignore[misc]
    if asked is None:
        return b""
    (inner, params), where = asked, [z, x, y]
    found = db.row((_CELLS if gathered else _POINTS).format(cases=inner), [*where, *where, *params, *(where if gathered else [])])
    return bytes(found[0]) if found else b""
