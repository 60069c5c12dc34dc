"""The shape that somebody draws on the map, on plain values: what is taken, and what is refused with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, pi, radians, sin

from shapely import Polygon, is_valid_reason

from jingwei.kit.text import T

MOST_METRES = 3000  # of a circle's radius
MOST_CORNERS = 200
MOST_AREA = 30_000_000  # square metres
METRES = 111_195.0  # of a degree of latitude


class ShapeFault(ValueError):
    """A shape that can't be looked into: the field, and what to do."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.why = field, T(zh, en)


@dataclass(frozen=True)
class Shape:
    """A closed ring of WGS-84 positions, and its area in square metres."""

    ring: tuple[tuple[float, float], ...]
    area: float

    @property
    def wkt(self) -> str:
        return f"POLYGON(({', '.join(f'{x!r} {y!r}' for x, y in self.ring)}))"


def circle(lon: float, lat: float, metres: float) -> Shape:
    """A circle as 64 corners. Raises ShapeFault for a radius of nothing, of too much, or a centre off the map."""
    _on_earth("circle", lon, lat)
    if not isfinite(metres) or metres <= 0:
        raise ShapeFault("circle.metres", "半径应大于 0", "a radius is more than 0")
    if metres > MOST_METRES:
        raise ShapeFault("circle.metres", f"半径最大 {MOST_METRES} 米，请缩小范围", f"a radius is at most {MOST_METRES} metres: choose a smaller one")
    if abs(lat) > 85:
        raise ShapeFault("circle.lat", "纬度超出范围", "no map goes that far")
    north, east = metres / METRES, metres / METRES / cos(radians(lat))
    ring = [(lon + east * cos(2 * pi * i / 64), lat + north * sin(2 * pi * i / 64)) for i in range(64)]
    return Shape((*ring, ring[0]), pi * metres * metres)


def drawn(corners: Sequence[tuple[float, float]]) -> Shape:
    """A drawn polygon by its corners, closed or not. Raises ShapeFault where it is none, crosses itself, or is too large."""
    ring = [*corners]
    for lon, lat in ring:
        _on_earth("corners", lon, lat)
    if ring and ring[0] == ring[-1]:
        ring.pop()
    if len(set(ring)) < 3:
        raise ShapeFault("corners", "图形至少有三个不同的角点", "a shape has three different corners or more")
    if len(ring) > MOST_CORNERS:
        raise ShapeFault("corners", f"角点最多 {MOST_CORNERS} 个，请简化图形", f"at most {MOST_CORNERS} corners: draw a simpler shape")
    polygon = Polygon(ring)
    if not polygon.is_valid:
        crossing = "Self-intersection" in is_valid_reason(polygon)
        raise ShapeFault("corners", "图形自相交，请重画" if crossing else "图形无效，请重画", "the shape crosses itself" if crossing else "this is no shape")
    area = polygon.area * METRES * METRES * cos(radians(polygon.centroid.y))
    if area <= 0:
        raise ShapeFault("corners", "图形没有面积", "the shape has no area")
    if area > MOST_AREA:
        most, is_ = MOST_AREA // 1_000_000, area / 1_000_000
        raise ShapeFault("corners", f"范围 {is_:,.0f} 平方公里，最大 {most} 平方公里，请缩小", f"{is_:,.0f} km² are too much: at most {most} km²")
    return Shape((*ring, ring[0]), area)


def _on_earth(field: str, lon: float, lat: float) -> None:
    if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ShapeFault(field, "经纬度超出范围", "the coordinates are off the earth")
