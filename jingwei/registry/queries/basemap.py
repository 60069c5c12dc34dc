"""Addresses found by what people type, and the base map as vector tiles. One statement each."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.contrib.gis.geos import GEOSGeometry

from jingwei.kit import db
from jingwei.registry.rules import basemap as rules


@dataclass(frozen=True)
class FoundAddress:
    """A place that a search found. `kind`: address (a house number), building, road or landmark."""

    kind: Literal["address", "building", "road", "landmark"]
    label: str
    label_en: str
    place: str
    lon: float
    lat: float
    metres: float | None


# rank: 0 the very house number · 1 the name itself · 2 its beginning · 3 anywhere · 4 the nearest number in that street · 5 a likeness
_SEARCH = """
with asked as (select %(text)s::text q, %(street)s::text asked_street, %(number)s::int n,
                      ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326) near),
thing as (
  {buildings} union all {landmarks}
), found as (
  select case when number_from is not null and street <> '' and (rank in (0, 4) or name = '') then 'address' else kind end kind,
         rank, gap, alike, place, point, name, name_en, street, number
    from thing
  union all
  select * from (
    select distinct on (coalesce(nullif(name, ''), name_en)) 'road', {rank} rank, 0, similarity(words, q), r.place,
           ST_PointOnSurface(geometry), name, name_en, '', ''
      from registry_road r, asked where (name <> '' or name_en <> '') and upper_inf(period) and ({words} or (asked_street <> '' and lower(name) = asked_street))
     order by coalesce(nullif(name, ''), name_en), ST_Length(geometry) desc) road
), labelled as (
  select kind, rank, gap, alike, place, point,
         concat_ws(' ', nullif(street || number, ''), case when name <> '' then name when street || number = '' then name_en end) label, name_en label_en
    from found
), once as (  -- one of those with the same label within a kilometre or so
  select distinct on (label, round(ST_X(point)::numeric, 2), round(ST_Y(point)::numeric, 2)) l.* from labelled l, asked
   order by label, round(ST_X(point)::numeric, 2), round(ST_Y(point)::numeric, 2), rank, ST_DistanceSphere(point, near), kind <> 'building'
)
select kind, label, label_en, place, ST_X(point), ST_Y(point), ST_DistanceSphere(point, near)
  from once, asked order by rank, gap, round((ST_DistanceSphere(point, near) / 250)::numeric), alike desc, length(label), label limit %(limit)s"""
_RANK = "case when q in (lower(name), lower(name_en)) then 1 when lower(name) ^@ q or lower(name_en) ^@ q then 2 when {words} then 3 else 5 end"
_THING = """
  select '{kind}'::text kind,
         case when on_street and n between number_from and number_to and (n - number_from) %% step = 0 then 0 when on_street then 4 else {rank} end rank,
         case when on_street then least(abs(n - number_from), abs(n - number_to)) else 0 end gap, similarity(words, q) alike,
         place, ST_PointOnSurface(geometry) point, name, name_en, street, number, number_from
    from (select t.*, q, n, near, n is not null and t.street <> '' and lower(t.street) = asked_street and number_from is not null on_street,
                 case when (number_to - number_from) %% 2 = 0 and number_to > number_from then 2 else 1 end step
            from {table} t, asked
           where upper_inf(period) and (street <> '' or name <> '' or name_en <> '')
             and ({words} or (n is not null and t.street <> '' and lower(t.street) = asked_street))) t"""


def address_search(*, q: str, near: tuple[float, float] | None = None, limit: int = 10) -> list[FoundAddress]:
    """Addresses, buildings, landmarks and roads for what somebody typed, the best first; `near` (lon, lat) breaks ties.

    A street with a number finds the plate, a range that holds it ("98-114号" holds 100), else the nearest number there.
    Every word must occur, in Chinese or English, in any order; a single Latin word may be misspelt.
    """
    asked = rules.search_of(q)
    if not asked.text:
        return []
    parameters: dict[str, Any] = {"text": asked.text, "street": asked.street, "number": asked.number, "limit": max(1, min(limit, 50))}
    parameters["lon"], parameters["lat"] = near or (None, None)
    terms = []
    for i, word in enumerate(asked.words):
        parameters[f"w{i}"] = rules.like(word)
        terms.append(f"words like %(w{i})s")
    words = " and ".join(terms)
    matched = f"({words})"
    if len(asked.words) == 1 and asked.text.isascii() and len(asked.text) >= 4:
        matched = f"({words} or %(text)s <%% words)"
    rank = _RANK.format(words=f"({words})")
    sql = _SEARCH.format(
        buildings=_THING.format(kind="building", table="registry_building", words=matched, rank=rank),
        landmarks=_THING.format(kind="landmark", table="registry_landmark", words=matched, rank=rank),
        words=matched,
        rank=rank,
    )
    return [FoundAddress(*row) for row in db.rows(sql, parameters)]


BESIDE = 15.0  # metres from a wall within which a point belongs to a building: a shop front, a gate


@dataclass(frozen=True)
class BuildingAt:
    """A building at a point: its names, its house number with the street, the distance to its wall (0 inside) and its footprint."""

    name: str
    name_en: str
    address: str
    metres: float
    footprint: GEOSGeometry


def building_at(lon: float, lat: float, on: date) -> BuildingAt | None:
    """The building over a WGS-84 point on a day, else the nearest one with a name or number within `BESIDE` metres."""
    found = db.row(
        """with p as (select ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) g)
           select name, name_en, street || number, ST_Distance(geometry::geography, g::geography) away, ST_AsEWKB(geometry)
             from registry_building, p
            where geometry && ST_Expand(g, %(reach)s::float8 / cos(radians(%(lat)s)), %(reach)s::float8) and period @> %(on)s::date
              and ST_DWithin(geometry::geography, g::geography, %(metres)s::float8) and (ST_Covers(geometry, g) or name <> '' or name_en <> '' or number <> '')
            order by away, (name = '' and number = ''), id limit 1""",
        {"lon": lon, "lat": lat, "on": on, "metres": BESIDE, "reach": BESIDE / 111_000},
    )
    return BuildingAt(found[0], found[1], found[2], round(found[3], 1), GEOSGeometry(memoryview(found[4]))) if found else None


# Simplified to half a pixel of a 512-pixel tile; what is smaller than that, or beyond the limit, is left out, longest and largest first.
_TILE = """
with b as (select ST_TileEnvelope(%(z)s, %(x)s, %(y)s) e, ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.02), 4326) d,
                  40075016.7 / (1 << %(z)s) / 1024 pixel),
land as (select ST_AsMVTGeom(ST_SimplifyPreserveTopology(g, pixel), e, 4096, 64) geom, kind, nullif(name, '') name, nullif(name_en, '') name_en from (
           select ST_Transform(geometry, 3857) g, ST_Area(geometry) size, kind, name, name_en, e, pixel from registry_landuse, b
            where geometry && d and period @> %(on)s::date and (%(z)s >= 12 or kind in ('water', 'park', 'forest'))
            order by kind <> 'water', size desc limit %(limit)s) s where ST_Area(g) > pixel * pixel),
roads as (select ST_AsMVTGeom(ST_Simplify(g, pixel), e, 4096, 64) geom, kind, nullif(name, '') name, nullif(name_en, '') name_en from (
           select ST_Transform(geometry, 3857) g, kind, name, name_en, e, pixel, ST_Length(geometry) size from registry_road, b
            where geometry && d and period @> %(on)s::date and kind = any(%(roads)s::text[])
            order by array_position(%(roads)s::text[], kind::text), size desc limit %(limit)s) s),
buildings as (select ST_AsMVTGeom(ST_SimplifyPreserveTopology(g, pixel), e, 4096, 64) geom, id, height,
                     nullif(name, '') name, nullif(name_en, '') name_en, nullif(number, '') number from (
           select id, ST_Transform(geometry, 3857) g, height, name, name_en, number, e, pixel, ST_Area(geometry) size from registry_building, b
            where %(z)s >= 14 and geometry && d and period @> %(on)s::date order by size desc limit %(limit)s) s where ST_Area(g) > 4 * pixel * pixel),
landmarks as (select ST_AsMVTGeom(ST_Transform(geometry, 3857), e, 4096, 64) geom, kind,
                     nullif(name, '') name, nullif(name_en, '') name_en, nullif(number, '') number from (
           select geometry, kind, name, name_en, number, e from registry_landmark, b
            where %(z)s >= 15 and geometry && d and period @> %(on)s::date and (%(z)s >= 17 or name <> '')
            order by name = '', id limit %(limit)s) s)
select coalesce((select ST_AsMVT(t, 'land', 4096, 'geom') from land t where geom is not null), '')
    || coalesce((select ST_AsMVT(t, 'roads', 4096, 'geom') from roads t where geom is not null), '')
    || coalesce((select ST_AsMVT(t, 'buildings', 4096, 'geom', 'id') from buildings t where geom is not null), '')
    || coalesce((select ST_AsMVT(t, 'landmarks', 4096, 'geom') from landmarks t where geom is not null), '')"""
_ROADS = ((5, "highway"), (8, "major_road"), (11, "rail"), (11, "ferry"), (13, "minor_road"), (14, "tunnel"), (15, "path"))  # from which zoom
TILE_LIMIT = 3000  # features of a layer in one tile


def base_tile(*, z: int, x: int, y: int, on: date) -> bytes:
    """The base map's vector tile (Mapbox Vector Tile) on a day: layers land, roads, buildings, landmarks; empty bytes for none."""
    found = db.row(_TILE, {"z": z, "x": x, "y": y, "on": on, "roads": [kind for zoom, kind in _ROADS if z >= zoom], "limit": TILE_LIMIT})
    return bytes(found[0]) if found else b""
