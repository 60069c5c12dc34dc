"""CSV and its kin: encoding and delimiter are recognised, and a line that is broken costs that line alone."""

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from jingwei.kit.sheets.values import LOOKED_AT, MOST_CELL, Cell, Line, Sheet, find_header, fit, name_columns, unreadable
from jingwei.kit.text import T

DELIMITERS = (",", "\t", ";", "|", "，", "；")
MOST_BROKEN = 1000
_BLOCK = 1 << 20
UNDECODED = T("有无法识别的字符，请另存为 UTF-8 后再导入", "has characters that can't be read: save the file as UTF-8, then import again")
CONTROL = T("有空字符（NUL）", "has a NUL character")
UNCLOSED = T("引号不成对，这一行无法读取", "the quotes are not closed, so that the line can't be read")
TOO_LONG = T("这一行过长，无法读取", "the line is too long to be read")

csv.field_size_limit(MOST_CELL)


def look(path: Path, encoding: str = "", delimiter: str = "") -> Sheet:
    """What a text file is. `encoding` and `delimiter` as somebody said them, else recognised."""
    notes: list[T] = []
    if not encoding:
        encoding, sure = _encoding(path)
        if not sure:
            notes.append(T(f"编码按 {encoding} 读取，个别字符无法识别", f"read as {encoding}; some characters can't be read"))
    else:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise unreadable(f"没有“{encoding}”这种编码", f"there is no encoding {encoding!r}") from None
    with _open(path, encoding) as stream:
        head = [line[:MOST_CELL] for line in islice(stream, LOOKED_AT)]
    if not head:
        raise unreadable("文件是空的", "the file is empty")
    if head[0].lstrip("\ufeff \t").lower().startswith(("<html", "<table", "<!doctype", "<?xml")):
        raise unreadable("这是网页格式的表格，请用 Excel 打开后另存为 .xlsx", "this is a table of a web page: open it in Excel and save it as .xlsx")
    delimiter = delimiter or _delimiter(head)
    first = [line for _, line in zip(range(LOOKED_AT), _records(io.StringIO("".join(head)), delimiter), strict=False)]
    place = find_header([cells for _, cells in first])
    columns, said = name_columns(first[place][1])
    return Sheet(path, "csv", columns, header=first[place][0], encoding=encoding, delimiter=delimiter, notes=(*notes, *said))


def rows(sheet: Sheet) -> Iterator[Line]:
    """The lines below the header; empty ones are passed over."""
    width = len(sheet.columns)
    with _open(sheet.path, sheet.encoding) as stream:
        for number, cells in _records(stream, sheet.delimiter):
            if number > sheet.header and any(cells):
                yield Line(number, cells if len(cells) == width else fit(cells, width))


def _open(path: Path, encoding: str) -> TextIO:
    # What can't be decoded stays visible as such; line ends within quotes are the csv reader's.
    return path.open(encoding=encoding, errors="surrogateescape" if "16" not in encoding else "replace", newline="")


def _records(stream: TextIO, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    """(number of its first line, cells) of each record. Where quotes are not closed, the line where they opened is given up and the next one read anew."""
    held: list[str] = []
    again: deque[str] = deque()

    def lines() -> Iterator[str]:
        while True:
            line = again.popleft() if again else stream.readline(MOST_CELL)
            if not line:
                return
            if len(line) == MOST_CELL and line[-1] not in "\r\n":
                while (rest := stream.readline(MOST_CELL)) and rest[-1] not in "\r\n":
                    pass
                line = TOO_LONG.en + "\n"
            held.append(line)
            yield line

    number, broken = 1, 0
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        try:
            cells: list[Cell] = list(next(reader))
        except StopIteration:
            return
        except csv.Error:
            broken += 1
            if broken > MOST_BROKEN:
                zh, en = f"超过 {MOST_BROKEN} 行的引号不成对", f"the quotes of more than {MOST_BROKEN} lines are not closed"
                raise unreadable(f"{zh}，请检查文件", f"{en}: check the file") from None
            yield number, [UNCLOSED]
            again.extendleft(reversed(held[1:]))
            number += 1
            held.clear()
            reader = csv.reader(lines(), delimiter=delimiter, strict=True)
            continue
        text = "".join(held) if len(held) > 1 else held[0]
        if text == TOO_LONG.en + "\n":
            cells = [TOO_LONG]
        elif not text.isascii() or "\0" in text:
            cells = [_sound(cell) for cell in cells]
        yield number, cells
        number += len(held)
        held.clear()


def _sound(cell: Cell) -> Cell:
    if isinstance(cell, str) and not cell.isprintable():
        if "\0" in cell:
            return CONTROL
        if "\ufffd" in cell or any("\udc80" <= c <= "\udcff" for c in cell):
            return UNDECODED
    return cell if not isinstance(cell, str) or "\ufffd" not in cell else UNDECODED


def _encoding(path: Path) -> tuple[str, bool]:
    """(encoding, whether every byte fits): a byte-order mark decides; else NULs tell UTF-16; else UTF-8 where it fits, else GB18030."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 8:
        return ("utf-16-le" if odd > even else "utf-16-be"), True
    wrong = {encoding: _undecodable(path, encoding) for encoding in ("utf-8",)}
    if wrong["utf-8"] == 0:
        return "utf-8", True
    wrong["gb18030"] = _undecodable(path, "gb18030", most=wrong["utf-8"])
    best = min(wrong, key=lambda encoding: wrong[encoding])
    return best, wrong[best] == 0


def _undecodable(path: Path, encoding: str, most: int = 10_000) -> int:
    """How many places of the file are no `encoding`, counted up to `most`."""
    found = 0

    def count(error: UnicodeError) -> tuple[str, int]:
        nonlocal found
        found += 1
        assert isinstance(error, UnicodeDecodeError)
        return "", error.end

    codecs.register_error("jingwei.count", count)
    decoder = codecs.getincrementaldecoder(encoding)("jingwei.count")
    with path.open("rb") as stream:
        while found < most and (block := stream.read(_BLOCK)):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    return found


def _delimiter(head: list[str]) -> str:
    """The one that cuts most lines into the same number of cells, the larger number first."""

    def quality(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(cells) for _, cells in _records(io.StringIO("".join(head)), delimiter))
        width, lines = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(1, 0))
        return (lines if width > 1 else 0, width)

    return max(DELIMITERS, key=quality)
