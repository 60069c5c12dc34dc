"""Cases on the map, as vector tiles: each for itself, or gathered into cells."""

from datetime import datetime

from jingwei.accounts.rules import Actor
from jingwei.cases.queries.filters import QueueFilter, compiled, filtered, light_sql
from jingwei.kit import db

MOST = 20_000  # features of a tile
MOST_CELLS = 64  # each way

_BOUNDS = "b as (select ST_TileEnvelope(%s, %s, %s) e, ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326) d)"
_POINTS = f"""
with {_BOUNDS},
c as (select ST_AsMVTGeom(ST_Transform(c.point, 3857), b.e, 4096, 64) geom, c.id::text, c.number, c.state, c.light
        from ({{cases}}) c, b where c.point && b.d limit {MOST})
select ST_AsMVT(c, 'cases', 4096, 'geom') from c"""

# The mean of a cell's points is its place on the map, so that a cluster stands where its cases are.
_CELLS = f"""
with {_BOUNDS},
p as (select ST_Transform(c.point, 3857) g, c.light, c.id, c.number from ({{cases}}) c, b where c.point && b.d),
k as (select floor((ST_X(g) - ST_XMin(e)) / (ST_XMax(e) - ST_XMin(e)) * %s::int) i, floor((ST_Y(g) - ST_YMin(e)) / (ST_YMax(e) - ST_YMin(e)) * %s::int) j,
             ST_X(g) x, ST_Y(g) y, light, id, number from p, b where g && e),
c as (select avg(x) x, avg(y) y, count(*)::int n, count(*) filter (where light = 'red')::int red, count(*) filter (where light = 'amber')::int amber,
             case when count(*) = 1 then min(id::text) end id, case when count(*) = 1 then min(number) end number,
             case when count(*) = 1 then min(light) end light
        from k group by i, j)
select ST_AsMVT(f, 'clusters', 4096, 'geom')
  from (select ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(x, y), 3857), e, 4096, 64) geom, n, red, amber, id, number, light from c, b) f"""


def case_tile(*, actor: Actor, wanted: QueueFilter, z: int, x: int, y: int, at: datetime, cells: int = 0) -> bytes:
    """A vector tile of the cases of a filter that the actor sees: the layer "cases" (id, number, state, light), or, gathered into so many `cells`
    each way, the layer "clusters" (n, red, amber; id, number and light of a single one); one statement; empty bytes for none."""
    rows = filtered(actor, wanted, at).filter(point__isnull=False).annotate(light=light_sql(at))
    asked = compiled(rows.values("id", "number", "state", "point", "light"))
    if asked is None:
        return b""
    (inner, params), where = asked, [z, x, y]
    found = db.row((_CELLS if cells else _POINTS).format(cases=inner), [*where, *where, *params, *([cells, cells] if cells else [])])
    return bytes(found[0]) if found else b""
