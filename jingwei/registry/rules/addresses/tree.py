"""What a node of the address tree must be."""

from __future__ import annotations

import unicodedata

from jingwei.kit.text import T
from jingwei.registry.rules.addresses.normal import normal

KINDS: dict[str, T] = {
    "road": T("路街巷", "street"),
    "estate": T("小区", "estate"),
    "village": T("自然村", "village"),
    "number": T("门牌号", "number"),
    "building": T("楼栋", "building"),
}
# What may stand below what (GB/T 23705: street or estate, number, building). A lane's number has numbers of its own (12弄3号); an estate may lie on one.
BELOW: dict[str | None, frozenset[str]] = {
    None: frozenset({"road", "estate", "village"}),
    "road": frozenset({"road", "number", "building", "estate"}),
    "estate": frozenset({"estate", "number", "building"}),
    "village": frozenset({"road", "number", "building"}),
    "number": frozenset({"number", "estate", "building"}),
    "building": frozenset(),
}
# GB/T 37149-2018: whether what the register says holds on the spot.
STATUSES: dict[str, T] = {"OC": T("使用", "in use"), "AB": T("废弃", "abandoned"), "IN": T("不一致", "inconsistent"), "UN": T("无法确定", "unverified")}
ALIAS_KINDS: dict[str, T] = {"former": T("曾用名", "former name"), "popular": T("俗称", "popular name"), "other": T("其他", "other")}
NAME, WHOLE = 100, 200  # characters


def tidy(name: str) -> str:
    """A name as it is kept: NFKC, no blanks around or twice."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def name_fault(name: str, longest: int = NAME) -> T | None:
    """Why a name can't be one, or None."""
    if not name or not normal(name):
        return T("名称不能为空", "a name is wanted")
    if len(name) > longest:
        return T(f"至多 {longest} 字", f"at most {longest} characters")
    if not name.isprintable():
        return T("名称含有无法显示的字符", "the name has characters that can't be shown")
    return None


def kind_fault(kind: str, parent_kind: str | None) -> T | None:
    """Why a node of `kind` can't stand below one of `parent_kind` (None: at the top), or None."""
    if kind not in KINDS:
        return T("没有这种地址层级", "there is no such kind of address")
    if kind in BELOW[parent_kind]:
        return None
    if parent_kind is None:
        return T(f"{KINDS[kind].zh}须有上级", f"a {KINDS[kind].en} has something above it")
    return T(f"{KINDS[kind].zh}不能放在{KINDS[parent_kind].zh}下", f"a {KINDS[kind].en} does not stand below a {KINDS[parent_kind].en}")
