"""Cases near a place, and on the map."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Count, Window

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case
from jingwei.kit import db


@dataclass(frozen=True)
class Near:
    """A case and its distance in metres."""

    case: Case
    metres: float


HERE_METRES = 50
HERE_BACK = timedelta(days=365)
HERE_MOST = 20


@dataclass(frozen=True)
class AtThisPlace:
    """How many other cases there were at a place, and the newest of them."""

    total: int
    newest: list[Near]


def cases_here(*, actor: Actor, case: Case, footprint: GEOSGeometry | None, at: datetime) -> AtThisPlace:
    """The cases of the last year, open or not, within `HERE_METRES` of `case` or in the same building; one statement."""
    if case.point is None:
        return AtThisPlace(0, [])
    area = circle(case.point.x, case.point.y, HERE_METRES)
    rows = (
        Case.objects.visible_to(actor)
        .filter(point__intersects=area.union(footprint) if footprint else area, opened_at__gte=at - HERE_BACK)
        .exclude(district=case.district, id=case.id)
        .annotate(away=Distance("point", case.point), total=Window(Count("id")))
        .order_by("-opened_at", "id")[:HERE_MOST]
    )
    found = list(rows)
    return AtThisPlace(found[0].total if found else 0, [Near(c, c.away.m) for c in found])  # type: ignore[attr-defined]


def circle(lon: float, lat: float, metres: float) -> Polygon:
    """A ring of 32 corners, `metres` around a WGS-84 point; near enough for what lies within a street's width."""
    north = metres / 111_195
    east = north / max(0.05, cos(radians(lat)))
    corners = [(lon + east * cos(2 * pi * i / 32), lat + north * sin(2 * pi * i / 32)) for i in range(32)]
    return Polygon([*corners, corners[0]], srid=4326)


_TILE = """
with b as (select ST_TileEnvelope(%s, %s, %s) e, ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326) d),
c as (select ST_AsMVTGeom(ST_Transform(c.point, 3857), b.e, 4096, 64) geom, c.id::text, c.number, c.state,
        case when c.paused_at is not null then 'paused' when c.due_at is null then 'none' when c.due_at <= %s then 'red'
             when c.warn_at <= %s then 'amber' else 'green' end light
        from ({cases}) c, b where c.point && b.d limit 20000)
select ST_AsMVT(c, 'cases', 4096, 'geom') from c"""


def case_tile(*, actor: Actor, z: int, x: int, y: int, at: datetime) -> bytes:
    """A vector tile with the layer "cases" (id, number, state, light) of the open cases that the actor sees."""
    rows = Case.objects.visible_to(actor).filter(is_open=True, point__isnull=False)
    inner, params = rows.values("id", "number", "state", "paused_at", "due_at", "warn_at", "point").query.sql_with_params()
    found = db.row(_TILE.format(cases=inner), [z, x, y, z, x, y, at, at, *params])
    return bytes(found[0]) if found else b""
