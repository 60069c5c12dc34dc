"""Which reader a file is for, by its first bytes."""

from collections.abc import Iterator
from pathlib import Path

from jingwei.kit.errors import TooLarge
from jingwei.kit.sheets import delimited, excel, geojson, places
from jingwei.kit.sheets.values import MOST_BYTES, Format, Line, Sheet, unreadable
from jingwei.kit.sheets.zips import open_zip
from jingwei.kit.text import T

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # Excel 97–2003, and locked workbooks of any year
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_ADVICE = T("请另存为 CSV、.xlsx、GeoJSON、Shapefile（.zip）或 GeoPackage", "save it as CSV, .xlsx, GeoJSON, Shapefile (.zip) or GeoPackage")


def look(path: Path, *, part: str = "", encoding: str = "", delimiter: str = "") -> Sheet:
    """What the file is, and its columns. `part`: which worksheet or layer; the others: what somebody knows better.
    Raises TooLarge over 2 GB, and Invalid ("unreadable_file") for what can't be read, with what to do."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooLarge(T("文件超过 2 GB，请分成几个文件", "the file is larger than 2 GB: divide it into several"))
    if not size:
        raise unreadable("文件是空的", "the file is empty")
    match _format(path):
        case "csv":
            return delimited.look(path, encoding, delimiter)
        case "xlsx":
            return excel.look(path, part)
        case "geojson":
            return geojson.look(path)
        case format:
            return places.look(path, format, part, encoding)


def rows(sheet: Sheet) -> Iterator[Line]:
    """Each row below the header. A row that can't be read comes with its reason; only a file broken as a whole raises Invalid."""
    match sheet.format:
        case "csv":
            return delimited.rows(sheet)
        case "xlsx":
            return excel.rows(sheet)
        case "geojson":
            return geojson.rows(sheet)
        case _:
            return places.rows(sheet)


def _format(path: Path) -> Format:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_OLE):
        raise _ole(path)
    if head.startswith(b"PK"):
        with open_zip(path) as archive:
            names = archive.namelist()
        return "xlsx" if "xl/workbook.xml" in names or "[Content_Types].xml" in names else "shapefile"
    if head.startswith(b"SQLite format 3\0"):
        return "geopackage"
    if head.startswith(_PICTURES):
        raise unreadable(f"这不是表格。{_ADVICE.zh}", f"this is no table: {_ADVICE.en}")
    if head.startswith(bytes.fromhex("0000270a")):
        raise unreadable("请把 .shp、.shx、.dbf、.prj 压缩成一个 .zip 再导入", "put the .shp, .shx, .dbf and .prj into one .zip, then import that")
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
    return "geojson" if plain.startswith(b"{") else "csv"


def _ole(path: Path) -> Exception:
    mark, tail = "EncryptedPackage".encode("utf-16-le"), b""
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            if mark in tail + block:
                return unreadable("工作簿有密码，请去掉密码后再导入", "the workbook is locked with a password: remove it, then import again")
            tail = block[-len(mark) :]
    return unreadable("这是旧格式的工作簿（.xls），请另存为 .xlsx", "this is a workbook of the old kind (.xls): save it as .xlsx")
