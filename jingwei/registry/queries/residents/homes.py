"""Registered homes (户籍地): every province, city and district of the country by its name, as they ship with the program."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from jingwei.registry.queries.address_match import shipped_divisions

_NO_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})  # levels that only the code knows
_ENDS = "省市区县旗"
MOST = 20


@dataclass(frozen=True, slots=True)
class Home:
    """A division and what it is called from its province on: 330106, 浙江省杭州市西湖区."""

    code: str
    name: str


@cache
def _homes() -> dict[str, str]:
    own = {place: "" if name in _NO_NAMES else name for place, _, name in shipped_divisions()}
    return {place: own.get(place[:-4], "") * (len(place) > 4) + own.get(place[:-2], "") + name for place, name in own.items() if name}


def home_name(code: str) -> str:
    """What the district of a registered home is called, "" for one that does not ship (an old code, or none)."""
    return next((name for end in (6, 4, 2) if len(code) >= end and (name := _homes().get(code[:end]))), "")


def homes_found(words: str) -> list[Home]:
    """Divisions whose name holds the letters of `words` in their order (杭州西湖 finds 浙江省杭州市西湖区), or whose code begins with them; a name that
    ends so first, then wider ones."""
    said = "".join(unicodedata.normalize("NFKC", words).split())
    if not said:
        return []
    found = [(code, name) for code, name in _homes().items() if (code.startswith(said) if said.isdigit() else _in_order(said, name))]
    found.sort(key=lambda home: (not home[1].rstrip(_ENDS).endswith(said.rstrip(_ENDS)), said not in home[1], len(home[0]), home[0]))
    return [Home(code, name) for code, name in found[:MOST]]


def _in_order(said: str, name: str) -> bool:
    at = -1
    return all((at := name.find(letter, at + 1)) >= 0 for letter in said)
