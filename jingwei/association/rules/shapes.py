"""The shape that somebody draws on the map, on plain values: what is taken, and what is refused with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, pi, radians, sin

from jingwei.kit.rings import METRES, RingFault, ring
from jingwei.kit.text import T

MOST_METRES = 3000  # of a circle's radius
MOST_CORNERS = 200
MOST_AREA = 30_000_000  # square metres


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
    around = [(lon + east * cos(2 * pi * i / 64), lat + north * sin(2 * pi * i / 64)) for i in range(64)]
    return Shape((*around, around[0]), pi * metres * metres)


def drawn(corners: Sequence[tuple[float, float]]) -> Shape:
    """A drawn polygon by its corners, closed or not. Raises ShapeFault where it is none, crosses itself, or is too large."""
    try:
        closed, area = ring(corners, MOST_CORNERS)
    except RingFault as fault:
        raise ShapeFault("corners", *fault.why) from None
    if area > MOST_AREA:
        most, is_ = MOST_AREA // 1_000_000, area / 1_000_000
        raise ShapeFault("corners", f"范围 {is_:,.0f} 平方公里，最大 {most} 平方公里，请缩小", f"{is_:,.0f} km² are too much: at most {most} km²")
    return Shape(closed, area)


def _on_earth(field: str, lon: float, lat: float) -> None:
    if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise ShapeFault(field, "经纬度超出范围", "the coordinates are off the earth")
