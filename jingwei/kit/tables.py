"""A table as somebody pastes it from a spreadsheet, or saves it as CSV: rows by the names of their columns."""

import csv
import io
from collections.abc import Collection, Mapping

from jingwei.kit.errors import FieldError, Invalid, invalid
from jingwei.kit.text import T

MOST_ROWS = 500


def read_table(text: str, *, names: Mapping[str, str], needed: Collection[str], field: str = "table") -> list[tuple[int, dict[str, str]]]:
    """(line, row) of each line under the header, separated by tabs, commas or semicolons. `names` are the columns known, as one may write
    them; Invalid for one that isn't, for one of `needed` that is missing, and for more than 500 rows."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    header = lines[first] if first < len(lines) else ""
    mark = next((m for m in ("\t", ";", "，", ",") if m in header), ",")
    try:
        table = list(csv.reader(io.StringIO("".join(lines[first:])), delimiter=mark, strict=True))
    except csv.Error as error:
        raise invalid(field, f"表格无法读取：{error}", f"the table can't be read: {error}") from None
    said = [cell.strip() for cell in table[0]] if table else []
    columns = [names.get(cell, names.get(cell.lower(), "")) for cell in said]
    faults = [T(f"没有“{cell}”这一列", f"there is no column “{cell}”") for cell, column in zip(said, columns, strict=True) if cell and not column]
    faults += [T(f"缺少列 {column}", f"the column {column} is missing") for column in needed if column not in columns]
    if len(set(filter(None, columns))) < len(list(filter(None, columns))):
        faults.append(T("有的列写了两次", "a column stands twice"))
    if len(table) - 1 > MOST_ROWS:
        faults.append(T(f"一次最多 {MOST_ROWS} 行", f"at most {MOST_ROWS} rows at once"))
    if faults:
        raise Invalid(errors=[FieldError(field, fault) for fault in faults])
    rows = []
    for line, cells in enumerate(table[1:], start=first + 2):
        if any(cell.strip() for cell in cells):
            rows.append((line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}))
    return rows
