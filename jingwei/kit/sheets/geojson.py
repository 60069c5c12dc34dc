"""GeoJSON as a stream, whether a feature stands on each line or all stand on one; a broken feature costs itself alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from jingwei.kit.sheets.values import GEOMETRY, MOST_COLUMNS, Cell, Line, Sheet, unreadable
from jingwei.kit.text import T

MOST_FEATURE = 32 << 20  # characters
_BLOCK = 1 << 20
_FEATURE = re.compile(r'\{\s*"type"\s*:\s*"Feature"\s*,')
_LIST = re.compile(r'"features"\s*:\s*\[')
_CRS = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]{1,100})"')
_BROKEN = T("这个要素不是有效的 GeoJSON", "the feature is not valid GeoJSON")
_decode = json.JSONDecoder().raw_decode


def look(path: Path) -> Sheet:
    """The names of all properties that occur, and the geometry. The whole file is run through once."""
    names: dict[str, None] = {}
    count = 0
    for feature in _features(path):
        count += 1
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            names.update(dict.fromkeys(feature["properties"]))
            if feature.get("id") is not None:
                names.setdefault("id")
            if len(names) > MOST_COLUMNS:
                zh, en = f"属性超过 {MOST_COLUMNS} 个", f"there are more than {MOST_COLUMNS} properties"
                raise unreadable(zh, en)
    if not count:
        raise unreadable("文件里没有要素", "there are no features in the file")
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        declared = _CRS.search(stream.read(4096))
    names.pop(GEOMETRY, None)
    names.pop(GEOMETRY, None)
    return Sheet(path, "geojson", (*names, GEOMETRY), header=0, encoding="utf-8", crs=_crs(declared[1] if declared else ""))


def rows(sheet: Sheet) -> Iterator[Line]:
    width = len(sheet.columns)
    for number, feature in enumerate(_features(sheet.path), start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            yield Line(number, [_BROKEN] * width)
            continue
        properties = feature.get("properties") or {}
        cells = [_cell(properties[name]) if name in properties else "" for name in sheet.columns[:-1]]
        if "id" not in properties and feature.get("id") is not None and "id" in sheet.columns:
            cells[sheet.columns.index("id")] = _cell(feature["id"])
        geometry = feature.get("geometry")
        yield Line(number, [*cells, json.dumps(geometry, separators=(",", ":")) if geometry else ""])


def _crs(name: str) -> str:
    if not name or "CRS84" in name or re.search(r"EPSG:+(?:[0-9.]+:)?4326$", name):
        return "EPSG:4326"
    if re.search(r"EPSG:+(?:[0-9.]+:)?4490$", name):
        return "EPSG:4490"
    raise unreadable(f"GeoJSON 的坐标系 {name} 不支持，请转换为 EPSG:4326", f"the GeoJSON is in {name}: convert it to EPSG:4326")


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value if "\0" not in value else T("有空字符（NUL）", "has a NUL character")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _features(path: Path) -> Iterator[Any]:
    """Each feature; None for one that can't be read."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        yield from _values(stream)


def _values(stream: TextIO) -> Iterator[Any]:
    text, at, ended = stream.read(_BLOCK), 0, False
    if opening := _LIST.search(text):
        at = opening.end()
    while True:
        while at < len(text) and text[at] in " \t\r\n,\x1e":
            at += 1
        if at < len(text) and text[at] == "]":
            return
        if at < len(text):
            try:
                value, at = _decode(text, at)
                if not (isinstance(value, dict) and value.get("type") == "FeatureCollection"):
                    yield value
                continue
            except (ValueError, RecursionError):
                following = _FEATURE.search(text, at + 1)
                if following:  # it is not cut off: another begins behind it
                    yield None
                    at = following.start()
                    continue
                if ended:
                    yield None
                    return
                if len(text) - at > MOST_FEATURE:
                    raise unreadable("文件不是有效的 GeoJSON，或有过大的要素", "this is no valid GeoJSON, or a feature is too large") from None
        if ended:
            return
        more = stream.read(max(_BLOCK, len(text) - at))
        ended = not more
        text, at = text[at:] + more, 0
