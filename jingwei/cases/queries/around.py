"""Cases near a place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Count, Window

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case


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
