"""Tables of any file: CSV, Excel, GeoJSON, Shapefile, GeoPackage. What it is, is looked at, not believed; each row keeps its line.

`look` says what a file is and what its columns are; `rows` reads it as a stream; `stage` writes it as one plain form of lines, so that whatever comes
after reads any part of it at once, and a hard file is read only once.
"""

from jingwei.kit.sheets.opening import look, rows
from jingwei.kit.sheets.staging import Staged, stage
from jingwei.kit.sheets.values import Cell, Line, Sheet

__all__ = ["Cell", "Line", "Sheet", "Staged", "look", "rows", "stage"]
