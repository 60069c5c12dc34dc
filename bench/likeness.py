"""Which earlier case is the same thing: the rule `cases.rules.likeness` on Boston's Open311 records of 2017, whose officers said of 873 pairs
that one repeats the other.

The query is the later of the two; its candidates are all cases of the 60 days before it within 500 m, whatever their class or state; right is
the other one of the pair. What is used of a case is what stood in the report itself: the time it was requested, its point, service name,
description and address. Its status, its officers' notes, when it was updated and the flag of duplicates are not read at all, as they were
written later. The weights are fitted on the queries of January to June and measured on those of July to December; the choice of traits
was made by cross-validation within January to June. A pair whose elder lies farther or longer ago than the candidates counts as a miss.
"""

import csv
import gzip
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from jingwei.cases.rules.likeness import DAYS, METRES, WEIGHTS, WORDED, Likeness, Sighting, Traits, metres, ranked, score

# Real data lies beside a developer's checkout; a user's machine has none.
FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "boston_open311"


class Asked(NamedTuple):
    """A query, its candidates as the rule ranks them, and the place of the right one among the candidates (None: out of reach)."""

    query: Sighting
    candidates: list[Sighting]
    found: list[Likeness]
    right: int | None


def run(_url: str) -> None:
    """Prints, for July to December: class, then distance; the weights in the code; weights fitted anew on January to June."""
    if not FOLDER.exists():
        print("likeness          skipped: the Open311 records of Boston are not here")
        return
    asked = pairs()
    early, late = ([a for a in asked if (a.query.at.month <= 6) is half] for half in (True, False))
    reach = sum(a.right is not None for a in late) / len(late)
    fitted = fit(early)
    print(f"likeness          {len(asked)} pairs; {len(late)} of July to December, {reach:.3f} of them within reach")
    for name, among, order in (
        ("class, then distance, the whole year", asked, _baseline),
        ("class, then distance", late, _baseline),
        ("the weights in the code", late, _by(WEIGHTS)),
        ("fitted anew on January to June", late, _by(fitted)),
    ):
        first, five = reached(among, order)
        print(f"  {name:38} first {first:.3f}   among five {five:.3f}" + ("   (wanted ≥ 0.68 and ≥ 0.92)" if among is late and order is not _baseline else ""))
    print("  fitted:", ", ".join(f"{k}={v:.2f}" for k, v in fitted._asdict().items()))


def pairs() -> list[Asked]:
    """The pairs that have both members in the data, with the candidates of the later one."""
    cases: dict[str, Sighting] = {}
    with gzip.open(FOLDER / "open311_2017.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        for r in csv.DictReader(stream):
            at = datetime.fromisoformat(r["requested_datetime"])
            cases[r["service_request_id"]] = Sighting(float(r["long"]), float(r["lat"]), at, r["service_name"], r["description"], r["address"])
    order = sorted(cases, key=lambda id: (cases[id].at, id))
    times = [cases[id].at for id in order]
    asked = []
    with (FOLDER / "duplicate_pairs_2017.csv").open(encoding="utf-8", newline="") as stream:
        for r in csv.DictReader(stream):
            members = [id for id in (r["duplicate_id"], r["original_id"]) if id in cases]
            if len(members) < 2:
                continue
            elder, later = sorted(members, key=lambda id: (cases[id].at, id))
            query = cases[later]
            near = []
            for id in order[bisect_left(times, query.at - timedelta(days=DAYS)) :]:
                if cases[id].at > query.at:
                    break
                if id != later and abs(cases[id].lat - query.lat) < 0.005 and metres(query, cases[id]) <= METRES:
                    near.append(id)
            candidates = [cases[id] for id in near]
            asked.append(Asked(query, candidates, ranked(query, candidates), near.index(elder) if elder in near else None))
    return asked


def _baseline(a: Asked) -> list[int]:
    return sorted(range(len(a.candidates)), key=lambda i: (a.candidates[i].matter != a.query.matter, metres(a.query, a.candidates[i])))


def _by(weights: Traits) -> Callable[[Asked], list[int]]:
    """In the rule's order, its traits weighed by `weights`; candidates whose words the rule doesn't compare stay last."""
    return lambda a: [one.index for one in sorted(a.found[:WORDED], key=lambda one: -score(one.traits, weights))]


def reached(asked: Sequence[Asked], order: Callable[[Asked], list[int]]) -> tuple[float, float]:
    """How often the right one is first, and among the first five."""
    places = [order(a).index(a.right) if a.right is not None and a.right in order(a) else 999 for a in asked]
    return sum(p == 0 for p in places) / len(places), sum(p < 5 for p in places) / len(places)


def fit(asked: Sequence[Asked]) -> Traits:
    """Weights that make the right ones likeliest (a multinomial logit over each query's candidates, with a little ridge)."""
    import numpy as np
    from scipy.optimize import minimize

    choices = []
    for a in asked:
        of = [one.index for one in a.found[:WORDED]]
        if a.right in of:
            choices.append((np.array([one.traits for one in a.found[:WORDED]]), of.index(a.right)))
    spread = np.vstack([traits for traits, _ in choices]).std(axis=0)

    def loss(weights):  # type: ignore[no-untyped-def]
        total, slope = 0.0, np.zeros(len(weights))
        for traits, right in choices:
            scaled = traits / spread
            scores = scaled @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            total -= np.log(chances[right])
            slope += chances @ scaled - scaled[right]
        return total / len(choices) + 0.01 * weights @ weights, slope / len(choices) + 0.02 * weights

    return Traits(*(minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x / spread).tolist())
