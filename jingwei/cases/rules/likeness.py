"""How likely an earlier case is the same thing as a report: what is offered first when somebody asks "do we have this already?".

A case scores by its distance, its age, its class, its words and its address; and less where a still earlier one beside it says the same,
because that one is then the original, and it a repetition. Words are compared by the runs of two and three characters that they share,
each run counting the more the rarer it is among the candidates themselves: that needs no word list, and serves Chinese as well as English.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, exp, log, radians, sin, sqrt
from typing import NamedTuple

from jingwei.kit.text import T

METRES, DAYS = 500, 60  # how far and how long ago a case may lie: the field in which the weights were fitted
READ = 300  # characters of a text that are compared
WORDED, EARLIER = 40, 15  # candidates whose words are compared; among which an earlier one is looked for
BESIDE = 50.0  # metres at which "beside" has faded to a third


class Sighting(NamedTuple):
    """A report or a case as it is compared. `matter`, `text` and `address` are empty while nobody has said them yet."""

    lon: float
    lat: float
    at: datetime
    matter: str = ""
    text: str = ""
    address: str = ""


class Traits(NamedTuple):
    """What speaks for or against a candidate, as numbers: the columns of the fit."""

    near: float  # -log(10 + metres)
    far: float  # -metres / 100
    fresh: float  # -log(0.1 + hours)
    old: float  # -days / 60
    matter: float  # 1: the same class
    text: float  # 0…1: how alike the words are
    address: float  # 0…1: how alike the addresses are
    first: float  # -1…0: how surely an earlier candidate beside it says the same


# Fitted (multinomial logit) on the 458 pairs of January to June of Boston's Open311 records of 2017 that officers called duplicates
# (City of Boston, PDDL), at `make bench ARGS=likeness`, which fits them anew and prints what these and those reach on July to December.
WEIGHTS = Traits(near=0.92, far=0.73, fresh=0.29, old=3.33, matter=2.69, text=1.36, address=2.06, first=1.81)


@dataclass(frozen=True, slots=True)
class Likeness:
    """One candidate (by its place in what was given), how it scores, and in words what besides distance and age speaks for it."""

    index: int
    metres: float
    score: float
    traits: Traits

    @property
    def why(self) -> list[T]:
        says = ((self.traits.matter, 1, _SAME), (self.traits.text, 0.6, _WORDS), (self.traits.address, 0.75, _ADDRESS))
        return [t for value, least, t in says if value >= least]


_SAME = T("同类事项", "same matter")
_WORDS = T("描述相近", "similar words")
_ADDRESS = T("地址相近", "similar address")


def ranked(report: Sighting, candidates: Sequence[Sighting], weights: Traits = WEIGHTS) -> list[Likeness]:
    """The candidates, the likeliest first. Words are compared for the WORDED that distance, age and class alone put first; the others follow those."""
    bare = [_bare(report, one) for one in candidates]
    order = sorted(range(len(candidates)), key=lambda i: (-score(bare[i], weights), candidates[i].at, i))
    close = order[:WORDED]
    texts = _Words([report.text, *(candidates[i].text for i in close)])
    addresses = _Words([report.address, *(candidates[i].address for i in close)])
    full = []
    for n, i in enumerate(close, start=1):
        first = -_told_before(n, close, candidates, texts) if n <= EARLIER else 0.0
        full.append((i, bare[i]._replace(text=texts.alike(0, n), address=addresses.alike(0, n), first=first)))
    full.sort(key=lambda found: (-score(found[1], weights), candidates[found[0]].at, found[0]))
    return [Likeness(i, metres(report, candidates[i]), score(t, weights), t) for i, t in full + [(i, bare[i]) for i in order[WORDED:]]]


def score(traits: Traits, weights: Traits = WEIGHTS) -> float:
    """The traits, weighed. Every weight is positive: nearer, fresher, or more alike never scores lower, all else being equal."""
    return sum(w * t for w, t in zip(weights, traits, strict=True))


def metres(a: Sighting, b: Sighting) -> float:
    """Along the great circle of a sphere (within 0.5 % of the ellipsoid's)."""
    south, north = radians(a.lat), radians(b.lat)
    h = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6_371_008.8 * asin(min(1.0, sqrt(h)))


def _bare(report: Sighting, one: Sighting) -> Traits:
    """The traits that need no words. A case dated after the report (clocks differ) is as fresh as can be."""
    away, hours = metres(report, one), max(0.0, (report.at - one.at).total_seconds() / 3600)
    same = 1.0 if report.matter and report.matter == one.matter else 0.0
    return Traits(-log(10 + away), -away / 100, -log(0.1 + hours), -hours / 24 / DAYS, same, 0.0, 0.0, 0.0)


def _told_before(n: int, close: Sequence[int], candidates: Sequence[Sighting], texts: "_Words") -> float:
    """How surely one of the first EARLIER that came before the n-th says the same beside it (0…1)."""
    this = candidates[close[n - 1]]
    others = ((m, candidates[i]) for m, i in enumerate(close[:EARLIER], start=1) if candidates[i].at < this.at)
    return max((exp(-metres(this, one) / BESIDE) * texts.alike(n, m) for m, one in others), default=0.0)


class _Words:
    """Texts as sets of runs of characters, each run weighed by its rarity among them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.sets = [runs(text) for text in texts]
        among = Counter(run for found in self.sets for run in found)
        self.rarity = {run: log(1 + len(self.sets) / n) ** 2 for run, n in among.items()}
        self.sizes = [_weight(found, self.rarity) for found in self.sets]

    def alike(self, a: int, b: int) -> float:
        """0 where they share nothing or one is empty, 1 where they say the same: the root of their cosine."""
        if not self.sets[a] or not self.sets[b]:
            return 0.0
        return min(1.0, sqrt(_weight(self.sets[a] & self.sets[b], self.rarity) / sqrt(self.sizes[a] * self.sizes[b])))


def _weight(found: Iterable[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity[run] for run in found)


_NO_LETTER = re.compile(r"[\W_]+")


def runs(text: str) -> frozenset[str]:
    """Every run of two and three characters of a text's beginning, without case and punctuation."""
    plain = _NO_LETTER.sub(" ", text[:READ].lower()).strip()
    plain = f" {plain} " if plain else ""
    return frozenset(plain[i : i + n] for n in (2, 3) for i in range(len(plain) - n + 1))
