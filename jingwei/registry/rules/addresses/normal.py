"""One form for the many ways in which people write the same address."""

from __future__ import annotations

import re
import unicodedata

# Same length, so that a place in the folded text is a place in what was written.
FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {ord("　"): " ", ord("—"): "-", ord("–"): "-", ord("―"): "-", ord("‐"): "-", ord("－"): "-"}
FOLD |= {
    ord("~"): "-",
    ord("～"): "-",
    ord("﹟"): "#",
    ord("〇"): "零",
    ord("○"): "零",
    ord("號"): "号",
    ord("樓"): "楼",
    ord("棟"): "栋",
    ord("層"): "层",
    ord("單"): "单",
}
FOLD |= {c: c - 32 for c in range(ord("a"), ord("z") + 1)} | {c: c - 0xFEE0 - 32 for c in range(0xFF41, 0xFF5B)}
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = "号楼|号院|号|幢|栋|座|单元|楼|层|室|弄|支弄|组|排|户"
_CHINESE = re.compile(rf"[零一二三四五六七八九十百两]+(?=(?:{UNITS}))")
_NOISE = re.compile(r"[\s,，.。;；:：、_/|·'\"“”‘’!！?？*]+")
_ASIDE = re.compile(r"[(（【\[](?:近|靠近|原|临近)[^)）】\]]*[)）】\]]")
_BRACKETS = re.compile(r"[()（）【】\[\]{}<>《》]")
# How the same unit is written; the first is the form that is kept.
_VARIANTS = (
    (re.compile(r"(?<=[0-9A-Z])(?:号楼|栋|幢楼)"), "幢"),
    (re.compile(r"(?<=[0-9A-Z])#楼?(?=[0-9A-Z一-鿿]|$)"), "号"),
    (re.compile(r"(?<=[0-9])(?:楼|F层|F)(?![0-9A-Z])"), "层"),
    (re.compile(r"(?<=[0-9])(?:号房间|号房|号室|房间|房|室)$"), ""),
    (re.compile(r"街道办事处"), "街道"),
    (re.compile(r"(?:社区居民委员会|社区居委会|居委会)"), "社区"),
    (re.compile(r"(?:村民委员会|村委会)"), "村"),
    (re.compile(r"-{2,}"), "-"),
)


def fold(text: str) -> str:
    """One width, upper case and one kind of dash, character by character."""
    return text.translate(FOLD)


def number(numeral: str) -> int | None:
    """十二 → 12, 一〇二 → 102, 一百零三 → 103; None when it is no number."""
    if not numeral or any(c not in _DIGITS and c not in "十百" for c in numeral):
        return None
    if "十" not in numeral and "百" not in numeral:
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for i, c in enumerate(numeral):
        if c == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif c == "十":
            total, digit = total + (digit if i and numeral[i - 1] in _DIGITS and digit else 1) * 10, 0
        else:
            digit = _DIGITS[c]
    return total + digit


def _arabic(found: re.Match[str]) -> str:
    value = number(found[0])
    return found[0] if value is None else str(value)


def normal(text: str) -> str:
    """The normal form of a written address: NFKC, one width and case, no blanks or marks, Chinese numerals before a unit in digits, one word for each
    unit (号楼, 栋 → 幢; 楼, F → 层; # → 号), no 室 at the end, no asides ("(近长乐路)"). Taken twice it changes nothing."""
    plain = unicodedata.normalize("NFKC", text)
    while True:  # what is taken out may bring together what is to be written otherwise
        before = plain
        plain = fold(unicodedata.normalize("NFKC", plain))
        plain = _BRACKETS.sub("", _ASIDE.sub("", plain))
        plain = _CHINESE.sub(_arabic, _NOISE.sub("", plain))
        for pattern, one in _VARIANTS:
            plain = pattern.sub(one, plain)
        if plain == before:
            return plain
