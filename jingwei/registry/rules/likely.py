"""Whether two records are likely one person: signs for and against, each with its weight, and the sum as a score (Fellegi and Sunter, 1969).

A weight is in bits: how many times likelier a sign is in two records of one person than in those of two, as a power of two. They are set by hand from what
the signs mean in a register where the birth date is kept to the month and a number tells the day; `bench linkage` says how well they do on public sets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from jingwei.kit.text import T
from jingwei.registry.rules.residents import folded

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORDS = re.compile(r"\w+")

# What is said of each sign that speaks for one person.
REASONS = {
    "number_same": T("证件号码相同", "The same identity number"),
    "number_typo": T("姓名相同，证件号码只差一位", "The same name, and numbers that differ in one digit"),
    "name_same": T("姓名相同", "The same name"),
    "name_near": T("姓名只差一个字", "Names that differ in one letter"),
    "born_day": T("出生日期相同", "Born on the same day"),
    "born_month": T("出生年月相同", "Born in the same month"),
    "phone_same": T("电话相同", "The same telephone"),
    "room_same": T("同住一间房", "Living in the same room"),
}
# One pair among 2^PRIOR that are compared at all is one person.
PRIOR = -16.0
LIKELY = 50  # of a hundred: from here on a pair is worth a look


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says of a person, opened for the comparison. `born` is the day where a number tells it (`exact`), else the first of the month;
    `phone` is its keyed hash or any other token of it."""

    name: str
    born: date | None = None
    exact: bool = False
    sex: str = "0"
    kind: str = ""
    number: str = ""
    phone: bytes | str = b""
    rooms: frozenset[object] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: of a hundred such pairs, about how many are one person. `reasons`: the signs for it, the strongest first."""

    score: int
    reasons: tuple[str, ...]


def likeness(one: Told, other: Told) -> Likeness:
    """How likely two records are one person, and why."""
    signs = dict(_signs(one, other))
    odds = 2.0 ** (PRIOR + sum(signs.values()))
    reasons = sorted((sign for sign, weight in signs.items() if weight > 0 and sign in REASONS), key=lambda sign: -signs[sign])
    return Likeness(round(100 * odds / (1 + odds)), tuple(reasons))


def _signs(one: Told, other: Told) -> list[tuple[str, float]]:
    """Every sign in the pair with its weight. What one of the two doesn't say, speaks neither way."""
    names, numbers, born = names_alike(one.name, other.name), numbers_alike(one, other), _born_alike(one, other)
    same = names == "same"
    found: list[tuple[str, float]] = []
    if names:
        # A name of three letters is rarer than one of two.
        letters = min(len(folded(one.name)), len(folded(other.name)))
        weights = {"same": 9.0 if letters > 2 else 7.0, "near": 5.0 if letters > 2 else 2.0, "other": -8.0}
        found.append((f"name_{names}", weights[names]))
    if numbers == "typo":
        # Twins have numbers side by side, and other names.
        found.append(("number_typo", 11.0) if same else ("number_other", -20.0 if one.kind == "identity_card" else 0.0))
    elif numbers:
        found.append((f"number_{numbers}", 24.0 if numbers == "same" else -20.0 if one.kind == "identity_card" else -9.0))
    if born:
        found.append((f"born_{born}", {"day": 13.0, "month": 8.0, "near": 5.0, "other": -7.0}[born]))
    if "0" not in (one.sex, other.sex) and "9" not in (one.sex, other.sex) and one.sex != other.sex:
        found.append(("sex_other", -4.0))
    # A family shares its telephone and its rooms: with other names these say little.
    if one.phone and one.phone == other.phone:
        found.append(("phone_same", 10.0 if same else 4.0))
    if one.rooms & other.rooms:
        found.append(("room_same", 3.0))
    return found


def names_alike(one: str, other: str) -> str:
    """ "same" (also with the words in another order), "near" (one letter of a Chinese name more, less, other or exchanged; a slip or a left out word of
    another), "other"; "" where one of the two is empty."""
    a, b = folded(one), folded(other)
    if not a or not b:
        return ""
    ours, theirs = _words(one), _words(other)
    if a == b or ours == theirs:
        return "same"
    if _HAN.match(a) or _HAN.match(b):
        return "near" if slips(a, b) == 1 else "other"
    if (len(ours) <= len(theirs) and _among(ours, theirs)) or (len(theirs) <= len(ours) and _among(theirs, ours)):
        return "near"
    return "near" if slips("".join(ours), "".join(theirs)) <= (1 if max(len(a), len(b)) < 8 else 2) else "other"


def _among(few: list[str], many: list[str]) -> bool:
    """Whether each of a few words is, but for a slip, one of many."""
    return bool(few) and all(any(slips(word, each) <= (1 if max(len(word), len(each)) < 6 else 2) for each in many) for word in few)


def _words(name: str) -> list[str]:
    return sorted(_WORDS.findall(unicodedata.normalize("NFKC", name).casefold()))


def numbers_alike(one: Told, other: Told) -> str:
    """ "same", "typo" (one digit other, or two neighbours exchanged; the last digit of a card is counted from the others), "other"; "" where one has
    none, or one of another kind."""
    a, b = one.number, other.number
    if not a or not b or one.kind != other.kind:
        return ""
    if a == b:
        return "same"
    if len(a) == len(b) == 18:
        a, b = a[:17], b[:17]
    return "typo" if slips(a, b) == 1 else "other"


def _born_alike(one: Told, other: Told) -> str:
    if one.born is None or other.born is None:
        return ""
    if one.exact and other.exact:
        return "day" if one.born == other.born else "near" if slips(f"{one.born:%Y%m%d}", f"{other.born:%Y%m%d}") == 1 else "other"
    return "month" if (one.born.year, one.born.month) == (other.born.year, other.born.month) else "other"


def slips(one: str, other: str) -> int:
    """How many slips of the pen lie between two texts: a letter other, more, less, or exchanged with its neighbour (optimal string alignment)."""
    if abs(len(one) - len(other)) > 2:
        return 3  # more than anybody asks for
    before, line = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, before, line = before, line, [i]
        for j, b in enumerate(other, 1):
            cost = min(line[-1] + 1, before[j] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            line.append(cost)
    return line[-1]
