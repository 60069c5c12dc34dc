"""Geometry of a row: a point of two numbers, WKT or GeoJSON; converted from what was declared, and sound."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from jingwei.kit.coords import SYSTEMS, Crs, to_wgs84
from jingwei.kit.text import T
from jingwei.registry.rules.imports.rows import RowFault

_POINT = re.compile(r"POINT\s*\(\s*(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s+(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s*\)", re.IGNORECASE)
_NAMES = {
    "WGS84": "EPSG:4326",
    "WGS-84": "EPSG:4326",
    "4326": "EPSG:4326",
    "CGCS2000": "EPSG:4490",
    "2000": "EPSG:4490",
    "国家2000": "EPSG:4490",
    "4490": "EPSG:4490",
    "GCJ02": "GCJ-02",
    "火星坐标": "GCJ-02",
    "高德": "GCJ-02",
    "BD09": "BD-09",
    "百度": "BD-09",
}

_NOWHERE = T("经纬度为 0，没有位置", "longitude and latitude are 0: there is no position")


def system(text: str) -> Crs:
    """A coordinate system as people write it. Raises RowFault."""
    found = _NAMES.get(text.strip().upper(), text.strip().upper())
    for known in SYSTEMS:
        if found == known:
            return known
    raise RowFault(T(f"没有“{text[:30]}”这种坐标系（{'、'.join(SYSTEMS)}）", f"there is no coordinate system “{text[:30]}” ({', '.join(SYSTEMS)})"))


def shape_of(said: Mapping[str, str], crs: str) -> tuple[str, str]:
    """(EWKT, crs) of a row; ("", crs) where it says nothing. `crs`: of the file; the row's own goes before. GCJ-02 and BD-09 become EPSG:4326."""
    declared = system(said["crs"]) if said.get("crs") else system(crs) if crs else "EPSG:4326"
    kept = declared if declared in ("EPSG:4326", "EPSG:4490") else "EPSG:4326"
    text = said.get("geometry", "")
    point = _POINT.fullmatch(text.strip()) if text else None
    if point or not text:
        x, y = (point[1], point[2]) if point else (said.get("lon", ""), said.get("lat", ""))
        if not x and not y:
            return "", kept
        try:
            lon, lat = to_wgs84(declared, float(x), float(y))
        except ValueError:
            raise RowFault(T(f"“{x}，{y}”不是经纬度", f"“{x}, {y}” are no longitude and latitude")) from None
        if lon == 0 and lat == 0:
            raise RowFault(_NOWHERE)
        return f"SRID=4326;POINT ({lon:.9g} {lat:.9g})" if declared == kept else f"SRID=4326;POINT ({lon:.8f} {lat:.8f})", kept
    return _shape(text, declared, kept), kept


def _shape(text: str, declared: Crs, kept: str) -> str:
    try:
        shape: Any = shapely.from_geojson(text) if text.lstrip().startswith("{") else shapely.from_wkt(text.split(";", 1)[-1])
    except (shapely.GEOSException, ValueError):
        raise RowFault(T("图形不是有效的 WKT 或 GeoJSON", "the geometry is no valid WKT or GeoJSON")) from None
    if shape is None or shape.is_empty:
        raise RowFault(T("图形是空的", "the geometry is empty"))
    shape = shapely.force_2d(shape)
    if shape.geom_type == "Point" and shape.x == shape.y == 0:
        raise RowFault(_NOWHERE)
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise RowFault(T("坐标超出经纬度范围，请先转换坐标系", "the coordinates are no degrees: convert them first"))
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        raise RowFault(T(f"图形自相交或无效：{why}", f"the geometry crosses itself or is not valid: {why}"))
    if declared != kept:
        shape = shapely.transform(shape, lambda points: np.array([to_wgs84(declared, x, y) for x, y in points]))
    return f"SRID=4326;{shape.wkt}"
