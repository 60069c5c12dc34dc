"""Components and premises on the map, as vector tiles: each for itself, or gathered into cells."""

import math
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

# The place is a constant for the planner (immutable functions of parameters): it sees how much of the table a tile holds, and whether to read that in the
# order in which it lies, or by the index.
_HERE = "ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326)"
_THINGS = f"""
with f as (select ST_AsMVTGeom(ST_Transform(c.geometry, 3857), ST_TileEnvelope(%s, %s, %s), 4096, 64) geom, c.id::text, c.code, c.name, c.state,
                  k.code klass, k.major, k.kind
             from ({{components}}) c join registry_componentclass k on k.id = c.klass_id where c.geometry && {_HERE} limit {MOST})
select ST_AsMVT(f, 'components', 4096, 'geom') from f"""
# Cells are cut in degrees, which within a tile are even enough; a cell's place is the mean of its things. `offset 0` keeps a thing's box from being made
# anew wherever it is used: that was most of the time. Nothing is sorted, and nothing transformed but the cells that are drawn.
_CELLS = f"""
with f as (
select avg(x) x, avg(y) y, count(*)::int n, count(*) filter (where state <> 'intact')::int faulty, min(klass_id) = max(klass_id) alike,
       min(klass_id) klass_id, min(id::text collate "C") id, min(state) state
  from (select (ST_XMin(box) + ST_XMax(box)) / 2 x, (ST_YMin(box) + ST_YMax(box)) / 2 y, id, state, klass_id
          from (select box3d(c.geometry) box, c.id, c.state, c.klass_id from ({{components}}) c where c.geometry && {_HERE} offset 0) b offset 0) p
 group by width_bucket(x, %s, %s, {CELLS}) * 100 + width_bucket(y, %s, %s, {CELLS}))
select ST_AsMVT(g, 'clusters', 4096, 'geom')
  from (select ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), 3857), ST_TileEnvelope(%s, %s, %s), 4096, 64) geom, n, faulty,
               case when n = 1 then f.id end id, case when n = 1 then f.state end state, case when alike then k.code end klass,
               case when alike then k.kind end kind
          from f join registry_componentclass k on k.id = f.klass_id) g"""
_PREMISES = f"""
with f as (select ST_AsMVTGeom(ST_Transform(p.point, 3857), ST_TileEnvelope(%s, %s, %s), 4096, 64) geom, o.id::text, o.name, o.kind, p.use
             from registry_premises p join registry_organisation o on o.district = p.district and o.id = p.organisation_id
            where p.point && {_HERE} and p.period @> %s::date and {lies_in("p.place", "%s")}
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
    if gather:
        west, south, east, north = _bounds(z, x, y)
        found = db.rows_anew(_CELLS.format(components=inner), [*params, *where, west, east, south, north, *where])
    else:
        found = db.rows_anew(_THINGS.format(components=inner), [*where, *params, *where])
    return bytes(found[0][0]) if found and found[0][0] else b""


def premises_tile(*, actor: Actor, z: int, x: int, y: int, on: date) -> bytes:
    """A vector tile of the premises of a day that the actor sees: the layer "premises" (the organisation's id, name and kind; use). One statement."""
    areas, where = list(actor.areas()), [z, x, y]
    found = db.rows_anew(_PREMISES, [*where, *where, on, areas, areas])
    return bytes(found[0][0]) if found and found[0][0] else b""


def _bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a tile in degrees."""
    across = 1 << z

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / across))))

    return x / across * 360 - 180, lat(y + 1), (x + 1) / across * 360 - 180, lat(y)


def _compiled(rows: "QuerySet[Component, Any]") -> tuple[str, tuple[Any, ...]] | None:
    """The SQL of a query and its parameters, for use inside another statement; None where nothing can fit it."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
