"""What somebody typed into the search, on plain values: which codes and numbers it may be, and why a thing was found."""

import re
import unicodedata
from dataclasses import dataclass

from jingwei.kit.text import T

LONGEST = 100
KINDS = ("resident", "case", "room", "building", "address", "organisation", "component", "plate", "grid")
# Why something was found, the best first: an order across kinds.
REASONS: dict[str, T] = {
    "number": T("号码相同", "the number itself"),
    "code": T("编码相同", "the code itself"),
    "whole": T("名称相同", "the name itself"),
    "address": T("地址相符", "the address fits"),
    "beginning": T("名称开头", "the name begins so"),
    "part": T("名称的一部分", "a part of the name"),
    "letters": T("含这些字", "holds these letters"),
    "like": T("相近", "much alike"),
}
RANK = {code: n for n, code in enumerate(REASONS)}
_CASE = re.compile(r"[0-9]{6}-[0-9]{7}")


@dataclass(frozen=True)
class Asked:
    """The text in one form: `code` where it can be a code or number (letters, digits and dashes, four or more), in capitals; `words` where it can be
    a name or an address."""

    text: str
    code: str
    is_case: bool
    words: bool


def asked(text: str) -> Asked | None:
    """None for what holds no letter or digit."""
    said = " ".join("".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFKC", text)).split())[:LONGEST]
    if not any(c.isalnum() for c in said):
        return None
    plain = re.sub(r"[\s·.]", "", said).upper()
    is_code = plain.isascii() and len(plain) >= 4 and re.fullmatch(r"[0-9A-Z-]+", plain) is not None and any(c.isdigit() for c in plain)
    has_words = len(said) >= 2 and any(c.isalpha() for c in said)
    return Asked(said, plain if is_code else "", bool(_CASE.fullmatch(plain)), has_words)


def fit(name: str, text: str) -> str:
    """How a name fits what was typed: whole, beginning or part (which is all that was asked of it)."""
    here, there = name.lower(), text.lower()
    return "whole" if here == there else "beginning" if here.startswith(there) else "part"
