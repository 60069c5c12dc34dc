"""Components and premises on the map, as vector tiles: each for itself, or gathered into cells."""

from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from jingwei.accounts.rules import Actor
from jingwei.kit import db
from jingwei.kit.scope import lies_in
from jingwei.registry.models import Component
from jingwei.registry.queries.components import ComponentFilter, filtered

ALONE_FROM = 16  # the zoom from which each thing is drawn for itself
CELLS = 32  # each way, of a tile that is gathered
MOST = 20_000  # features of a tile

_TILE = "t as (select ST_TileEnvelope(%s, %s, %s) e, ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326) d)"
_THINGS = f"""
with {_TILE},
f as (select ST_AsMVTGeom(ST_Transform(c.geometry, 3857), t.e, 4096, 64) geom, c.id::text, c.code, c.name, c.state, k.code klass, k.major, k.kind
        from ({{components}}) c join registry_componentclass k on k.id = c.klass_id, t where c.geometry && t.d limit {MOST})
select ST_AsMVT(f, 'components', 4096, 'geom') from f"""
# Cells are cut in degrees, which within a tile are even enough; a cell's place is the mean of its things. Points are read off their boxes: nothing is
# transformed but the few that are drawn.
_CELLS = f"""
with {_TILE},
p as (select (ST_XMin(c.geometry) + ST_XMax(c.geometry)) / 2 x, (ST_YMin(c.geometry) + ST_YMax(c.geometry)) / 2 y, c.id, c.state, c.klass_id
        from ({{components}}) c, t where c.geometry && t.d),
f as (select avg(x) x, avg(y) y, count(*)::int n, count(*) filter (where state <> 'intact')::int faulty, count(distinct klass_id) = 1 alike,
             min(klass_id) klass_id, case when count(*) = 1 then min(id::text) end id, case when count(*) = 1 then min(state) end state
        from p, t
       group by floor((x - ST_XMin(d)) / (ST_XMax(d) - ST_XMin(d)) * {CELLS}), floor((y - ST_YMin(d)) / (ST_YMax(d) - ST_YMin(d)) * {CELLS}))
select ST_AsMVT(g, 'clusters', 4096, 'geom')
  from (select ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), 3857), e, 4096, 64) geom, n, faulty, f.id, f.state,
               case when alike then k.code end klass, case when alike then k.kind end kind
          from f join registry_componentclass k on k.id = f.klass_id, t) g"""
_PREMISES = f"""
with {_TILE},
f as (select ST_AsMVTGeom(ST_Transform(p.point, 3857), t.e, 4096, 64) geom, o.id::text, o.name, o.kind, p.use
        from registry_premises p join registry_organisation o on o.district = p.district and o.id = p.organisation_id, t
       where p.point && t.d and p.period @> %s::date and {lies_in("p.place", "%s")}
         and {lies_in("o.place", "%s")} limit {MOST})
select ST_AsMVT(f, 'premises', 4096, 'geom') from f"""


def component_tile(*, actor: Actor, wanted: ComponentFilter, z: int, x: int, y: int, gathered: bool | None = None) -> bytes:
    """A vector tile of the components of a filter that the actor sees: the layer "components" (id, code, name, state, klass, major, kind), or below
    zoom 16 (`gathered` says otherwise), the layer "clusters" (n, faulty, klass and kind where all are of one; id and state of a single one). One
    statement; empty bytes for none."""
    rows = filtered(actor, wanted)
    asked = _compiled(rows.values("id", "code", "name", "state", "klass_id", "geometry"))
    if asked is None:
        return b""
    (inner, params), where = asked, [z, x, y]
    gather = z < ALONE_FROM if gathered is None else gathered
    found = db.rows_anew((_CELLS if gather else _THINGS).format(components=inner), [*where, *where, *params])
    return bytes(found[0][0]) if found and found[0][0] else b""


def premises_tile(*, actor: Actor, z: int, x: int, y: int, on: date) -> bytes:
    """A vector tile of the premises of a day that the actor sees: the layer "premises" (the organisation's id, name and kind; use). One statement."""
    areas, where = list(actor.areas()), [z, x, y]
    found = db.rows_anew(_PREMISES, [*where, *where, on, areas, areas])
    return bytes(found[0][0]) if found and found[0][0] else b""


def _compiled(rows: "QuerySet[Component, Any]") -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a query and its parameters, for use inside another statement; None where nothing can fit it."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
