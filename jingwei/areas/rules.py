"""What a row of the division tree must be, on plain values."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

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
