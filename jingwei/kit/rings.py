"""What somebody draws on a map: a closed ring of positions on the earth, or why it is none."""

from collections.abc import Sequence
from math import cos, isfinite, radians

from shapely import Polygon, is_valid_reason

from jingwei.kit.text import T

METRES = 111_195.0  # of a degree of latitude
Positions = Sequence[tuple[float, float]]


class RingFault(ValueError):
    """A shape that can't be taken, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = T(zh, en)


def ring(corners: Positions, most: int) -> tuple[tuple[tuple[float, float], ...], float]:
    """(closed ring, its area in square metres) of the corners, closed or not. Raises RingFault for fewer than three or more than `most`, off the earth,
    without an area, or crossing itself."""
    for lon, lat in corners:
        if not (isfinite(lon) and isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
            raise RingFault("经纬度超出范围", "the coordinates are off the earth")
    open_ = [*corners]
    if open_ and open_[0] == open_[-1]:
        open_.pop()
    if len(set(open_)) < 3:
        raise RingFault("图形至少有三个不同的角点", "a shape has three different corners or more")
    if len(open_) > most:
        raise RingFault(f"角点最多 {most} 个，请简化图形", f"at most {most} corners: draw a simpler shape")
    polygon = Polygon(open_)
    if not polygon.is_valid:
        crossing = "Self-intersection" in is_valid_reason(polygon)
        raise RingFault("图形自相交，请重画" if crossing else "图形无效，请重画", "the shape crosses itself" if crossing else "this is no shape")
    area = polygon.area * METRES * METRES * cos(radians(polygon.centroid.y))
    if area <= 0:
        raise RingFault("图形没有面积", "the shape has no area")
    return (*open_, open_[0]), area
