"""Shapefiles (zipped) and GeoPackages, through the GDAL that GeoDjango brings. Geometry comes out in degrees, as WKT.

GDAL opens a great many things; it is given only what has been looked at and is one of these two.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference

from jingwei.kit.sheets.excel import text_of
from jingwei.kit.sheets.values import GEOMETRY, MOST_COLUMNS, Cell, Format, Line, Sheet, unreadable
from jingwei.kit.sheets.zips import open_zip, unpack
from jingwei.kit.text import T

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_BROKEN = T("图形无法读取", "the shape can't be read")
_DRIVERS: dict[str, Format] = {"ESRI Shapefile": "shapefile", "GPKG": "geopackage"}


def look(path: Path, format: Format, part: str = "", encoding: str = "") -> Sheet:
    """The layer `part`, else the first."""
    with _layers(path, format, encoding) as (layers, encoding):
        chosen = part or next(iter(layers), "")
        if chosen not in layers:
            raise unreadable(f"没有图层“{part}”" if part else "文件里没有图层", f"there is no layer {part!r}" if part else "there is no layer in the file")
        layer = layers[chosen]
        if len(layer.fields) > MOST_COLUMNS:
            raise unreadable(f"属性超过 {MOST_COLUMNS} 个", f"there are more than {MOST_COLUMNS} fields")
        crs, notes = _system(layer.srs)
        columns = (*(name for name in layer.fields if name != GEOMETRY), GEOMETRY)
        if len(layers) > 1:
            names = "、".join(name for name in layers if name != chosen)
            notes.append(T(f"只读取图层“{chosen}”，另有：{names}", f"only the layer “{chosen}” is read; there are also: {names}"))
        return Sheet(path, format, columns, header=0, encoding=encoding, part=chosen, parts=tuple(layers), crs=crs, notes=tuple(notes))


def rows(sheet: Sheet) -> Iterator[Line]:
    width = len(sheet.columns)
    with _layers(sheet.path, sheet.format, sheet.encoding) as (layers, _):
        layer = layers[sheet.part]
        turn = _turn(layer.srs)
        places = [layer.fields.index(name) for name in sheet.columns[:-1]]
        features = iter(layer)
        number = 0
        while True:
            number += 1
            try:
                feature = next(features)
                values = [_value(feature[place].value) for place in places]
            except (StopIteration, IndexError):
                return
            except (GDALException, UnicodeDecodeError, ValueError):
                yield Line(number, [T("这个要素无法读取", "the feature can't be read")] * width)
                continue
            yield Line(number, [*values, _geometry(feature, turn)])


@contextmanager
def _layers(path: Path, format: Format, encoding: str) -> Iterator[tuple[dict[str, Any], str]]:
    """({name: layer}, encoding). A zip is unpacked for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="jingwei-") as folder:
        files = [path]
        if format == "shapefile":
            files, encoding = _unpacked(path, Path(folder), encoding)
        layers: dict[str, Any] = {}
        sources = []
        for file in files:
            try:
                source = DataSource(str(file), encoding="utf-8")
                if _DRIVERS.get(str(source.driver.name)) != format:
                    raise unreadable("文件内容与类型不符", "the file is not what it seems to be")
                layers |= {str(source[n].name): source[n] for n in range(source.layer_count)}
                sources.append(source)
            except GDALException as error:
                raise unreadable(f"文件无法读取：{error}", f"the file can't be read: {error}") from None
        try:
            yield layers, encoding
        finally:
            layers.clear()
            sources.clear()


def _unpacked(path: Path, folder: Path, encoding: str) -> tuple[list[Path], str]:
    """The shapes of a zip and what belongs to them, under names of our own; a .cpg says the encoding to GDAL."""
    shapes: list[Path] = []
    with open_zip(path) as archive:
        names = [m.filename for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
        for name in [n for n in names if n.lower().endswith(".shp")]:
            stem = name[:-4]
            base = Path(name).name[:-4] or "layer"
            base = "".join(c if c.isalnum() or c in "-_" else "_" for c in base)[:60]
            found = {n[len(stem) :].lower(): n for n in names if n[: len(stem)] == stem and n[len(stem) :].lower() in _PARTS}
            missing = [part for part in (".shx", ".dbf") if part not in found]
            if missing:
                lacks = "、".join(missing)
                raise unreadable(f"压缩包里缺少 {Path(stem).name} 的 {lacks} 文件", f"the zip lacks the {lacks} of {Path(stem).name}")
            target = folder / str(len(shapes))
            target.mkdir()
            for part, member in found.items():
                unpack(archive, member, target / (base + part))
            declared = (target / f"{base}.cpg").read_text(errors="replace").strip() if ".cpg" in found else ""
            encoding = encoding or _encoding(target / f"{base}.dbf", declared)
            (target / f"{base}.cpg").write_text({"gb18030": "CP936"}.get(encoding, encoding))
            shapes.append(target / f"{base}.shp")
    if not shapes:
        raise unreadable("压缩包里没有 Shapefile（.shp）或 Excel 工作簿", "there is neither a Shapefile (.shp) nor an Excel workbook in the zip")
    return shapes, encoding


def _encoding(table: Path, declared: str) -> str:
    """What the .cpg says, where Python knows it; else UTF-8 where the table of attributes is UTF-8, else GB18030."""
    name = {"936": "gb18030", "CP936": "gb18030", "GBK": "gb18030", "GB2312": "gb18030", "OEM": "", "SYSTEM": ""}.get(declared.upper(), declared)
    if name:
        try:
            "".encode(name)
            return name
        except LookupError:
            pass
    with table.open("rb") as stream:
        sample = stream.read(4 << 20)
    for cut in range(4):  # the sample may end within a letter
        try:
            sample[: len(sample) - cut].decode("utf-8")
            return "utf-8"
        except UnicodeDecodeError:
            continue
    return "gb18030"


def _system(srs: Any) -> tuple[str, list[T]]:
    """(crs of what is read, notes). "" where the file doesn't say: somebody must."""
    if srs is None:
        zh, en = "文件没有说明坐标系（缺少 .prj），请选择", "the file doesn't say its coordinate system (no .prj): choose it"
        return "", [T(zh, en)]
    chinese = _chinese(srs)
    name = str(srs.name)
    if srs.geographic and (chinese or srs.srid == 4326 or "WGS_1984" in name or "WGS 84" in name):
        return ("EPSG:4490" if chinese else "EPSG:4326"), []
    crs = "EPSG:4490" if chinese else "EPSG:4326"
    return crs, [T(f"坐标由 {name} 转换为 {crs}", f"coordinates are converted from {name} to {crs}")]


def _chinese(srs: Any) -> bool:
    text = str(srs.wkt)
    return "CGCS2000" in text or "China_2000" in text or "China Geodetic Coordinate System 2000" in text


def _turn(srs: Any) -> Any:
    if srs is None or srs.srid in (4326, 4490):
        return None
    if srs.geographic and _chinese(srs):
        return None
    return CoordTransform(srs, SpatialReference(4490 if _chinese(srs) else 4326))


def _geometry(feature: Any, turn: Any) -> Cell:
    try:
        shape = feature.geom
    except GDALException:
        return ""  # it has none
    try:
        shape.coord_dim = 2
        if turn is not None:
            shape.transform(turn)
        wkt = str(shape.wkt)
        return _BROKEN if "inf" in wkt or "nan" in wkt else wkt
    except GDALException:
        return _BROKEN


def _value(value: Any) -> Cell:
    if isinstance(value, (datetime, date, time)):
        return text_of(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return ""
    return text_of(value)
