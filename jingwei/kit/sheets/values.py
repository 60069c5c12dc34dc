"""What reading any file comes to: a sheet with named columns, and lines of cells; and how much is too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from jingwei.kit.errors import Invalid
from jingwei.kit.text import T

Format = Literal["csv", "xlsx", "geojson", "shapefile", "geopackage"]
# A cell is its text, or why it has none that can be relied on.
Cell = str | T

MOST_BYTES = 2 << 30  # a file
MOST_UNPACKED = 3 << 30  # a zip, unpacked
MOST_RATIO = 300  # a member of a zip, unpacked to packed: tables of text come to 30
MOST_COLUMNS = 500
MOST_CELL = 1_000_000  # characters of a cell: a polygon has many
LOOKED_AT = 20  # lines among which the header is looked for
GEOMETRY = "geometry"


class Line(NamedTuple):
    """One row: its line in the file (the number of the feature where there are no lines), and a cell for each column."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """What a file turned out to be. `columns` as its header has them, made unique; `part` is the worksheet or layer that is read, of `parts`;
    `header` the line of the header; `notes` what the reader should know about what was made of it."""

    path: Path
    format: Format
    columns: tuple[str, ...]
    header: int = 1
    encoding: str = ""
    delimiter: str = ""
    part: str = ""
    parts: tuple[str, ...] = ()
    crs: str = ""
    notes: tuple[T, ...] = ()


def unreadable(zh: str, en: str) -> Invalid:
    """The file can't be taken, and what to do about it."""
    return Invalid(T(zh, en), code="unreadable_file")


def find_header(lines: Sequence[Sequence[Cell]]) -> int:
    """Which of the first lines of a file holds the names of its columns: the first that fills at least half as many cells as the fullest does
    (above it stand titles and remarks). Raises Invalid where all are empty."""
    filled = [sum(1 for cell in line if isinstance(cell, T) or cell.strip()) for line in islice(lines, LOOKED_AT)]
    most = max(filled, default=0)
    if not most:
        raise unreadable("文件里没有内容", "there is nothing in the file")
    return next(n for n, count in enumerate(filled) if count * 2 >= most)


def name_columns(cells: Sequence[Cell]) -> tuple[tuple[str, ...], tuple[T, ...]]:
    """(names, notes) of a header: each name once, a column without one is called by its number. Raises Invalid for more than 500 columns."""
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) > MOST_COLUMNS:
        zh, en = f"有 {len(texts):,} 列，最多 {MOST_COLUMNS} 列", f"there are {len(texts):,} columns; at most {MOST_COLUMNS} are read"
        raise unreadable(f"{zh}。请删去多余的列后再导入", f"{en}. Delete those that are not needed, then import again")
    names: list[str] = []
    notes: list[T] = []
    stood: dict[str, int] = {}
    for place, text in enumerate(texts, start=1):
        text = " ".join(text.split())[:100]
        if not text:
            name = f"#{place}"
            notes.append(T(f"第 {place} 列没有列名", f"column {place} has no name"))
        elif text in stood:
            stood[text] += 1
            name = f"{text} ({stood[text]})"
            notes.append(T(f"列名“{text}”重复（第 {place} 列），记作“{name}”", f"the column name “{text}” stands again in column {place}; called “{name}”"))
        else:
            name = text
        stood.setdefault(text, 1)
        while name in names:
            name += "'"
        names.append(name)
    return tuple(names), tuple(notes)


def fit(cells: list[Cell], width: int) -> list[Cell]:
    """As many cells as there are columns. One too many that isn't empty makes the whole line doubtful; a fault alone is the whole line's."""
    if len(cells) == width:
        return cells
    if len(cells) == 1 and isinstance(cells[0], T):
        return cells * width
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    if any(cells[width:]):
        fault = T("这一行的单元格比表头多，无法对应", "the line has more cells than the header, so that they can't be told apart")
        return [fault] * width
    return cells[:width]
