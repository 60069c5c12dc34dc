"""Rows as a file: CSV, Excel, GeoJSON, Shapefile (zipped), GeoPackage; written as they come, in bounded memory. No cell is a formula where it is opened."""

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import openpyxl
import pyogrio.raw
import shapely

from jingwei.kit.errors import invalid

Written = Literal["csv", "xlsx", "geojson", "shapefile", "geopackage"]
FORMATS: tuple[Written, ...] = get_args(Written)
SUFFIX: dict[Written, str] = {"csv": ".csv", "xlsx": ".xlsx", "geojson": ".geojson", "shapefile": ".zip", "geopackage": ".gpkg"}
MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "shapefile": "application/zip",
    "geopackage": "application/geopackage+sqlite3",
}
MOST_LINES = 1_048_575  # of a worksheet
_BATCH = 10_000


def plain_cell(text: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe; numbers with a sign stay."""
    if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not text[1:].replace(".", "", 1).isdigit()):
        return "'" + text
    return text


def write(path: Path, format: Written, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, layer: str = "data") -> int:
    """Write rows (the last cell is the geometry as WKB, or None) to `path`; answers how many. Raises Invalid for more lines than a worksheet has, and
    for Shapefile and GeoPackage where nothing has geometry."""
    match format:
        case "csv":
            return _csv(path, columns, rows)
        case "xlsx":
            return _xlsx(path, columns, rows)
        case "geojson":
            return _geojson(path, columns, rows)
        case _:
            return _places(path, format, columns, rows, layer)


def _text(value: Any) -> str:
    return "" if value is None else plain_cell(str(value))


def _geometry(wkb: Any) -> Any:
    return shapely.from_wkb(bytes(wkb)) if wkb is not None else None


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*map(_text, columns), "wkt"])
        for *cells, wkb in rows:
            shape = _geometry(wkb)
            writer.writerow([*map(_text, cells), shape.wkt if shape is not None else ""])
            count += 1
    return count


def _xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append([*columns, "经度", "纬度"])
    count = 0
    for *cells, wkb in rows:
        count += 1
        if count > MOST_LINES:
            raise invalid("format", "超过 Excel 的行数上限，请改用 CSV", "more rows than a worksheet has: choose CSV")
        shape = _geometry(wkb)
        point = shape.representative_point() if shape is not None else None
        sheet.append([*map(_text, cells), *([round(point.x, 7), round(point.y, 7)] if point is not None else ["", ""])])
    book.save(path)
    return count


def _geojson(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for *cells, wkb in rows:
            shape = _geometry(wkb)
            geometry = shapely.geometry.mapping(shape) if shape is not None else None
            properties = {
                name: None if cell is None else cell if isinstance(cell, (int, float)) else str(cell) for name, cell in zip(columns, cells, strict=True)
            }
            feature = {"type": "Feature", "properties": properties, "geometry": geometry}
            out.write((",\n" if count else "") + json.dumps(feature, ensure_ascii=False))
            count += 1
        out.write("\n]}\n")
    return count


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    coming = iter(rows)
    while batch := list(islice(coming, _BATCH)):
        yield batch


def _places(path: Path, format: Written, columns: Sequence[str], rows: Iterable[Sequence[Any]], layer: str) -> int:
    count = 0
    with tempfile.TemporaryDirectory(prefix="jingwei-") as folder:
        target = Path(folder) / f"{layer}{'.shp' if format == 'shapefile' else '.gpkg'}"
        names = _short(columns) if format == "shapefile" else list(columns)
        for batch in _batches(rows):
            placed = [row for row in batch if row[-1] is not None]
            if not placed:
                continue
            shapes = np.array([bytes(row[-1]) for row in placed], dtype=object)
            data = [np.array([None if row[n] is None else str(row[n]) for row in placed], dtype=object) for n in range(len(columns))]
            kind = shapely.from_wkb(shapes[0]).geom_type
            options = {"encoding": "UTF-8"} if format == "shapefile" else {}
            pyogrio.raw.write(
                str(target), shapes, data, names, geometry_type=kind, crs="EPSG:4326", append=target.exists(), promote_to_multi=kind != "Point", layer=layer,
                driver="ESRI Shapefile" if format == "shapefile" else "GPKG", **options,
            )  # fmt: skip
            count += len(placed)
        if not count:
            raise invalid("format", "没有带位置的记录，请改用 CSV 或 Excel", "nothing has a position: choose CSV or Excel")
        if format == "geopackage":
            path.write_bytes(b"")
            target.replace(path) if target.stat().st_dev == path.stat().st_dev else _copy(target, path)
        else:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in sorted(Path(folder).iterdir()):
                    archive.write(part, part.name)
    return count


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as content, target.open("wb") as out:
        while block := content.read(1 << 20):
            out.write(block)


def _short(columns: Sequence[str]) -> list[str]:
    """A Shapefile's names have ten bytes."""
    names: list[str] = []
    for column in columns:
        name = column.encode()[:10].decode(errors="ignore")
        while name in names:
            name = f"{name[:8]}{len(names)}"
        names.append(name)
    return names
