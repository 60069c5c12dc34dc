"""What a row of the division tree must be, on plain values."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from math import ceil, cos, radians
from typing import Any, Literal, NamedTuple

from jingwei.kit.codes import GRID_DIGITS, is_division_code, is_grid_code, prefix
from jingwei.kit.text import T

GridKind = Literal["basic", "dedicated", "micro"]

# Polygons that share an edge still overlap by rounding; about one square metre in degrees squared is forgiven.
TOLERANCE = 1e-10


def division_fault(code: str, name: str, level: str, parent: str) -> T | None:
    """Why a row of a division file is refused, or None. GB/T 2260, GB/T 10114: a code's digits below its level are 0."""
    if not is_division_code(code):
        return T("代码不是 12 位数字", "the code is not 12 digits")
    if level not in ("1", "2", "3", "4", "5"):
        return T("级别不在 1 至 5", "the level is not 1 to 5")
    if not name.strip() or len(name) > 100:
        return T("名称为空或超过 100 字", "the name is empty or longer than 100 characters")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name):  # rare characters in private use are names all the same
        return T("名称含有无法显示的字符", "the name has characters that can't be shown")
    if code[len(prefix(code, int(level))) :].strip("0"):
        return T("代码位数与级别不符", "the code has digits below its level")
    if (level == "1") != (parent == ""):
        return T("一级没有上级，其余各级必须有", "a province has no parent, all others have one")
    if parent and not is_division_code(parent):
        return T("上级代码不是 12 位数字", "the parent's code is not 12 digits")
    return None


def grid_fault(code: str, community: str, kind: str, parent: str | None) -> T | None:
    """Why a grid of a plan is refused, or None. The code is the community's 12 digits and three more."""
    if len(code) != GRID_DIGITS or not is_grid_code(code):
        return T(f"网格代码 {code} 不是 15 位数字", f"the grid code {code!r} is not 15 digits")
    if code[:12] != community:
        return T(f"网格 {code} 不属于社区 {community}", f"grid {code} is not of community {community}")
    if kind not in ("basic", "dedicated", "micro"):
        return T(f"网格 {code} 的类别无效", f"grid {code} has an unknown kind")
    if (kind == "micro") != (parent is not None):
        return T(f"网格 {code}：微网格必须有上级网格，其他网格不能有", f"grid {code}: a micro grid has a parent grid, others have none")
    return None


def successors(ended: Iterable[str], lineage: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The grids of a plan that name each ended one as their predecessor. `lineage`: the plan's basic and dedicated grids with the grids that they
    come from."""
    return {old: sorted(new for new, before in lineage.items() if old in before) for old in ended}


METRES = 111_320  # of a degree of latitude


class Box(NamedTuple):
    """Between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def polygon(self) -> dict[str, Any]:
        """As GeoJSON."""
        west, south, east, north = self
        return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def squares(box: Box, metres: float) -> Iterator[tuple[int, int, Box]]:
    """A box cut into equal cells of at most `metres` a side: (row, column, cell), from north to south and from west to east (DB6101/T 3185-2024).
    Neighbours share their edge to the last digit."""
    west, south, east, north = box
    across = ceil((east - west) * METRES * cos(radians((south + north) / 2)) / metres)
    up = ceil((north - south) * METRES / metres)
    x = [round(west + (east - west) * n / across, 7) for n in range(across + 1)]
    y = [round(north - (north - south) * n / up, 7) for n in range(up + 1)]
    for row in range(up):
        for column in range(across):
            yield row + 1, column + 1, Box(x[column], y[row + 1], x[column + 1], y[row])
