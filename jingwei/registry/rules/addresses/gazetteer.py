"""The names of divisions, found at a position of a text. Built from rows of the division tree; empty it finds nothing, and only suffixes speak."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})  # 直辖市 (GB/T 2260): their first level is a city
_GENERIC = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "城区", "郊区", "矿区", "新区", "开发区"})
_ZONE = re.compile(r"(?:区|园|场|中心|公司)$")  # units of statistics, no towns (GB/T 10114 has 街道, 镇 and 乡): they are told by their own words
# What is left out in speech: 浙江(省), 余杭(区), 柳市(镇). Nationalities go too: 新疆(维吾尔自治区), 恩施(土家族苗族自治州).
_SHORT = {
    1: re.compile(r"(?:维吾尔|壮族|回族)?(?:省|市|自治区|特别行政区)$"),
    2: re.compile(r"(?:[^族]{1,4}族|蒙古|哈萨克|柯尔克孜){0,4}(?:市|地区|盟|自治州)$"),
    3: re.compile(r"(?:[^族]{1,4}族){0,4}(?:自治县|自治旗|市|区|县|旗|林区|特区)$"),
    4: re.compile(r"(?:街道办事处|街道|地区办事处|民族乡|[^族]{1,3}族乡|镇|乡|苏木)$"),
    5: re.compile(r"(?:社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|社区|村)$"),
}


class Named(NamedTuple):
    """A division by one of its names; `short` without its suffix."""

    level: int
    place: str
    short: bool


@dataclass
class Gazetteer:
    """Names of divisions. `longest`: characters of the longest name."""

    names: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, divisions: Iterable[tuple[str, int, str]]) -> Gazetteer:
        """`divisions`: (place, level, name) with `place` the significant digits of the code."""
        names: dict[str, list[Named]] = {}
        for place, level, name in divisions:
            if name in _GENERIC or level not in _SHORT or (level == 4 and _ZONE.search(name)):
                continue
            names.setdefault(name, []).append(Named(level, place, False))
            short = _SHORT[level].sub("", name)
            if level == 5:
                for full in (short + "村", short + "社区"):
                    if full != name and len(short) > 1:
                        names.setdefault(full, []).append(Named(level, place, False))
            if 2 <= len(short) < len(name):
                names.setdefault(short, []).append(Named(level, place, True))
        return cls({name: tuple(found) for name, found in names.items()}, max(map(len, names), default=0))

    def at(self, text: str, start: int, within: str, above: int) -> tuple[int, Named] | None:
        """The longest name beginning at `start` that fits below `within` (a place) and under level `above`: (its end, who it is). A name that fits
        nowhere below is answered only in full, as people write old or wrong parents (中山北路 in Shanghai is no city)."""
        names, other = self.names, None
        for end in range(min(len(text), start + self.longest), start + 1, -1):
            found = names.get(text[start:end])
            if found is None:
                continue
            for one in found:
                if one.level > above and one.place.startswith(within) and (within or not one.short or one.level <= 2):
                    return end, one
            if other is None:
                whole = [one for one in found if not one.short or (not within and (one.level <= 2 or (one.level == 3 and len(found) == 1)))]
                if whole:
                    other = (end, whole[0])
        return other


EMPTY = Gazetteer()
