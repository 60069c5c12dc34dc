"""What a thing of the base map must be, and what an address or a search says, on plain values."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jingwei.kit.text import T

LAYERS: dict[str, frozenset[str]] = {
    "buildings": frozenset({"Polygon", "MultiPolygon"}),
    "roads": frozenset({"LineString", "MultiLineString"}),
    "land": frozenset({"Polygon", "MultiPolygon"}),
    "landmarks": frozenset({"Point"}),
}
# How the values of OpenStreetMap's `highway` and `railway` are drawn; other kinds of roads keep their own names.
ROAD_KINDS = {
    **dict.fromkeys(("motorway", "motorway_link"), "highway"),
    **dict.fromkeys(("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"), "major_road"),
    **dict.fromkeys(("residential", "unclassified", "living_street", "service", "road"), "minor_road"),
    **dict.fromkeys(("footway", "cycleway", "steps", "pedestrian", "track", "bridleway", "pier"), "path"),
    **dict.fromkeys(("subway", "light_rail", "tram", "monorail", "funicular"), "rail"),
}
TEXTS = {"kind": 40, "name": 100, "name_en": 200, "street": 60, "number": 40}
# What the same property is called in OpenStreetMap's tags and in files made from them.
ALIASES = {
    "kind": ("highway", "railway", "landuse", "leisure", "natural", "amenity"),
    "name_en": ("name:en",),
    "street": ("addr:street", "addr_street"),
    "number": ("addr:housenumber", "addr_housenumber"),
}
TALLEST = 1000.0  # metres
DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_NUMBERED = re.compile(r"^(?P<street>.*?[^\d\s])\s*(?P<number>\d{1,6}[甲乙丙丁]?(?:[-~]\d{1,6})?)\s*(?:号|號|弄)\s*(?P<rest>.*)$")
_RANGE = re.compile(r"(\d{1,6})(?:\D{0,2}[-~](\d{1,6}))?")


def plain_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A feature's properties under our own names."""
    found = dict(properties)
    for name, others in ALIASES.items():
        if not found.get(name):
            found[name] = next((found[other] for other in others if found.get(other)), None)
    return found


def geometry_fault(geometry: Any, allowed: frozenset[str]) -> T | None:
    """Why a GeoJSON geometry in degrees is refused (type, nesting, numbers, open rings), or None."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in allowed:
        return T("几何类型不符", "not a geometry of this layer")
    kind = str(geometry["type"])
    positions: list[Any] = [geometry.get("coordinates")]
    for depth in range(DEPTH[kind]):
        if not all(isinstance(p, list) and p for p in positions):
            return T("几何坐标为空或层次不符", "coordinates are empty or nested wrongly")
        least = {1: 2, 2: 1}.get(DEPTH[kind] - depth, 1) if "Line" in kind else (4 if depth == DEPTH[kind] - 1 else 1)
        if depth == DEPTH[kind] - 1:
            if any(len(p) < least for p in positions):
                return T("线或环的点数不足", "a line or ring has too few points")
            if "Polygon" in kind and any(p[0] != p[-1] for p in positions):
                return T("多边形未闭合", "a ring is not closed")
        positions = [q for p in positions for q in p]
    for p in positions:
        if not isinstance(p, list) or len(p) < 2 or not all(isinstance(n, int | float) and math.isfinite(n) for n in p[:2]):
            return T("坐标不是数字", "a position is not two numbers")
        if not (-180 <= p[0] <= 180 and -90 <= p[1] <= 90):
            return T("坐标超出经纬度范围", "a position lies outside longitude and latitude")
    return None


def feature_fault(feature: Any, layer: str) -> T | None:
    """Why a GeoJSON feature is refused for `layer`, or None."""
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature" or not isinstance(feature.get("properties"), Mapping):
        return T("不是 GeoJSON 要素", "not a GeoJSON feature")
    properties = plain_properties(feature["properties"])
    key = properties.get("id", feature.get("id"))
    if isinstance(key, bool) or not isinstance(key, str | int) or not 0 < len(str(key).strip()) <= 60:
        return T("缺少编号（id，至多 60 字）", "no id of at most 60 characters")
    for name, longest in TEXTS.items():
        value = properties.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > longest or not value.replace("\t", " ").isprintable()):
            return T(f"{name} 不是至多 {longest} 字的文字", f"{name} is not a text of at most {longest} characters")
    height = properties.get("height")
    if height is not None and (isinstance(height, bool) or not isinstance(height, int | float) or not 0 <= height <= TALLEST):
        return T("高度不在 0 至 1000 米", "the height is not 0 to 1000 metres")
    return geometry_fault(feature.get("geometry"), LAYERS[layer])


def number_span(number: str) -> tuple[int, int] | None:
    """First and last house number on a plate: "98-114号" → (98, 114), "15甲" → (15, 15)."""
    found = _RANGE.search(number)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if first <= last else (first, first)


@dataclass(frozen=True)
class Search:
    """What somebody looks for: words that must all occur, and a street with a house number when the text has one."""

    text: str
    words: tuple[str, ...]
    street: str = ""
    number: int | None = None


def search_of(text: str) -> Search:
    """Read a search: "南京东路 100号" → street and number; "Nanjing East" → two words in any order."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())[:80]
    plain = "".join(c for c in plain if c.isprintable())
    found = _NUMBERED.match(plain) or re.match(r"^(?P<street>.*?[路街道弄巷里])\s*(?P<number>\d{1,6})(?P<rest>)$", plain)
    if found:
        span = number_span(found["number"])
        return Search(plain, tuple(plain.split()[:6]), found["street"].strip(), span[0] if span else None)
    return Search(plain, tuple(plain.split()[:6]))


def like(word: str) -> str:
    """A pattern that finds `word` anywhere, its own wildcards taken literally."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
