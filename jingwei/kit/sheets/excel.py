"""Excel workbooks (.xlsx), as a stream. A cell that doesn't hold what it shows is a fault that says what to do, never a guess."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from jingwei.kit.sheets.values import LOOKED_AT, MOST_COLUMNS, Cell, Line, Sheet, find_header, fit, name_columns, unreadable
from jingwei.kit.sheets.zips import open_zip
from jingwei.kit.text import T

MOST_LINES = 1_048_576  # a worksheet has no more
MOST_STRINGS = 256 << 20  # bytes of the table of texts, which is held in memory
MOST_MERGED = 200_000
_EXACT = 10**15  # Excel keeps 15 digits; what is longer has lost its last ones
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
_BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OverflowError)

Range = tuple[int, int, int, int]  # first column, first line, last column, last line


def look(path: Path, part: str = "") -> Sheet:
    """The worksheet `part`, else the first that is not hidden."""
    with _workbook(path) as book:
        worksheets = [ws for ws in book.worksheets if hasattr(ws, "reset_dimensions")]
        seen = [ws for ws in worksheets if ws.sheet_state == "visible"]
        chosen = next((ws for ws in worksheets if ws.title == part), None) if part else next(iter(seen or worksheets), None)
        if chosen is None:
            raise unreadable(f"没有工作表“{part}”" if part else "没有工作表", f"there is no worksheet {part!r}" if part else "there is no worksheet")
        notes = []
        if hidden := [ws.title for ws in worksheets if ws.sheet_state != "visible" and ws is not chosen]:
            names = "、".join(hidden)
            notes.append(T(f"隐藏的工作表没有读取：{names}", f"hidden worksheets were not read: {names}"))
        if more := [ws.title for ws in seen if ws is not chosen]:
            names = "、".join(more)
            notes.append(T(f"只读取工作表“{chosen.title}”，另有：{names}", f"only the worksheet “{chosen.title}” is read; there are also: {names}"))
        merged = _merged(path, chosen)
        if merged:
            zh, en = f"有 {len(merged)} 处合并单元格，各行都按合并后的内容读取", f"{len(merged)} merged cells; each line of them is read with what they show"
            notes.append(T(zh, en))
        first = [(number, cells) for number, cells in islice(_lines(chosen, []), LOOKED_AT) if any(cells)]
        place = find_header([cells for _, cells in first])
        columns, said = name_columns([cell if isinstance(cell, str) else cell.zh for cell in first[place][1]])
        parts = tuple(ws.title for ws in worksheets)
        return Sheet(path, "xlsx", columns, header=first[place][0], part=chosen.title, parts=parts, notes=(*notes, *said))


def rows(sheet: Sheet) -> Iterator[Line]:
    """The lines below the header; empty ones are passed over."""
    width = len(sheet.columns)
    with _workbook(sheet.path) as book:
        worksheet = book[sheet.part]
        for number, cells in _lines(worksheet, _merged(sheet.path, worksheet)):
            if number > sheet.header and any(cells):
                yield Line(number, fit(cells, width))


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    """openpyxl's streaming reader; whatever it stumbles over is one answer: the workbook is damaged."""
    with open_zip(path) as archive:
        small = [m for m in archive.infolist() if not m.filename.startswith("xl/worksheets/")]
        if any(m.file_size > MOST_STRINGS for m in small):
            raise unreadable("工作簿的文字过多，请分成几个文件", "the workbook holds too many texts: divide it into several files")
    try:
        with path.open("rb") as stream, warnings.catch_warnings():  # opened by us: openpyxl judges a file by its name
            warnings.simplefilter("ignore")  # of styles and validations that we don't read
            book = load_workbook(stream, read_only=True, data_only=False)
            try:
                if book.epoch.year == 1904:
                    zh, en = (
                        "工作簿使用 1904 日期系统，请在 Excel 选项中取消后另存",
                        "the workbook counts its dates from 1904: switch that off in Excel and save it again",
                    )
                    raise unreadable(zh, en)
                yield book
            finally:
                book.close()
    except _BROKEN as error:
        raise unreadable(f"工作簿无法读取（{str(error)[:80]}）", f"the workbook can't be read ({str(error)[:80]})") from None


def _merged(path: Path, worksheet: Any) -> list[Range]:
    """The merged cells, which stand behind the data: the sheet is run through as bytes, which is cheap."""
    found: list[Range] = []
    with zipfile.ZipFile(path) as archive, archive.open(worksheet._worksheet_path.lstrip("/")) as stream:
        tail, behind = b"", False
        while block := stream.read(1 << 20):
            tail += block
            if not behind and (end := _END.search(tail)):
                tail, behind = tail[end.end() :], True
            if behind:
                last = 0
                for match in _MERGED.finditer(tail):
                    found.append(range_boundaries(match[1].decode()))  # type: ignore[arg-type]
                    last = match.end()
                if len(found) > MOST_MERGED:
                    raise unreadable("合并单元格过多，请取消合并后再导入", "there are too many merged cells: undo the merging, then import again")
                tail = tail[max(last, len(tail) - 200) :]
            else:
                tail = tail[-100:]
    return sorted(found, key=lambda r: r[1])


def _lines(worksheet: Any, merged: list[Range]) -> Iterator[tuple[int, list[Cell]]]:
    worksheet.reset_dimensions()  # what the file says of its size may be a lie
    coming, open_ranges = iter(merged), list[tuple[Range, list[Cell]]]()
    following = next(coming, None)
    for number, row in enumerate(worksheet.iter_rows(), start=1):
        if number > MOST_LINES:
            raise unreadable("行号超出工作表的上限", "the worksheet has more lines than there can be")
        cells = [_cell(cell) if cell.value is not None else "" for cell in row]
        while following and following[1] <= number:
            if following[1] == number:
                first, last = following[0] - 1, min(following[2], MOST_COLUMNS)
                shown = cells[first] if first < len(cells) else ""
                open_ranges.append((following, [shown] * (last - first)))
            following = next(coming, None)
        if open_ranges:
            open_ranges = [one for one in open_ranges if one[0][3] >= number]
            for (first, *_), shown_cells in open_ranges:
                cells += [""] * (first - 1 + len(shown_cells) - len(cells))
                cells[first - 1 : first - 1 + len(shown_cells)] = shown_cells
        yield number, cells


def _cell(cell: Any) -> Cell:
    """The text of a cell: dates as 2026-11-22, numbers in full. A fault for formulas, errors, and numbers that have lost digits."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        where = f"{get_column_letter(cell.column)}{cell.row}"
        zh = f"单元格 {where} 是公式，请复制后“选择性粘贴为数值”再导入"
        return T(zh, f"cell {where} is a formula: copy it and paste it as a value, then import again")
    if kind == "e":
        where = f"{get_column_letter(cell.column)}{cell.row}"
        return T(f"单元格 {where} 是错误值 {value}", f"cell {where} is the error {value}")
    return text_of(value)


def text_of(value: Any) -> Cell:
    """What a program's value is as text."""
    if isinstance(value, str):
        if "\0" in value or "_x0000_" in value:
            return T("有空字符（NUL）", "has a NUL character")
        return value.strip() if len(value) < 2000 else value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (int, float)):
        if abs(value) >= _EXACT:
            zh = f"数字 {value:.5E} 已丢失末尾几位（科学计数法），请把这一列设为“文本”格式，重新填写后再导入"
            return T(zh, f"the number {value:.5E} has lost its last digits: format the column as text, enter it again, then import")
        if value != value:
            return ""
        return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
    return "" if value is None else str(value)
