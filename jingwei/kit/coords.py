"""Coordinate systems at the edge. Inside, numbers are WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490), degrees.

The two differ by centimetres, so that their numbers are kept as they come, with their name beside them.
GCJ-02 (AMap, Tencent) and BD-09 (Baidu) are offset by 50 to 700 m; they are converted here and nowhere else,
by the published formulas; the inverse of GCJ-02 is found by iteration (residual below 1e-7 degrees).
"""

from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Literal, get_args

Crs = Literal["EPSG:4326", "EPSG:4490", "GCJ-02", "BD-09"]
SYSTEMS: tuple[Crs, ...] = get_args(Crs)

_A, _EE = 6378245.0, 0.00669342162296594323
_BD = pi * 3000.0 / 180.0


def _in_china(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _offset(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    wave = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    d_lat += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    d_lat += (160.0 * sin(y / 12.0 * pi) + 320 * sin(y * pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    d_lon += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    d_lon += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    rad = lat / 180.0 * pi
    magic = 1 - _EE * sin(rad) ** 2
    d_lat = d_lat * 180.0 / (_A * (1 - _EE) / (magic * sqrt(magic)) * pi)
    return d_lon * 180.0 / (_A / sqrt(magic) * cos(rad) * pi), d_lat


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Outside China the two are the same."""
    if not _in_china(lon, lat):
        return lon, lat
    d_lon, d_lat = _offset(lon, lat)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    if not _in_china(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _ in range(20):
        gx, gy = wgs84_to_gcj02(x, y)
        dx, dy = lon - gx, lat - gy
        x, y = x + dx, y + dy
        if abs(dx) < 1e-9 and abs(dy) < 1e-9:
            break
    return x, y


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    z = hypot(lon, lat) + 0.00002 * sin(lat * _BD)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * _BD)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 0.0065, lat - 0.006
    z = hypot(x, y) - 0.00002 * sin(y * _BD)
    theta = atan2(y, x) - 0.000003 * cos(x * _BD)
    return z * cos(theta), z * sin(theta)


def to_wgs84(crs: Crs, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude to store, from what was declared. Raises ValueError for numbers off the earth."""
    if not (-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0):
        raise ValueError("longitude -180…180, latitude -90…90")
    if crs == "GCJ-02":
        return gcj02_to_wgs84(x, y)
    if crs == "BD-09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    return x, y
