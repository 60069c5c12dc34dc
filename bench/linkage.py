"""How well the rules of likely the same person do on public sets with known duplicates: FEBRL 1 to 3 (invented Australians with slips of the pen) and
Splink's fake_1000 (invented Britons, labelled pairs). Skipped where the sets are not at hand.

An e-mail stands for a number here. Every pair that shares a number, a birth date or a word of the name is compared; all others count as missed.
"""

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

from jingwei.registry.rules.likely import LIKELY, Told, likeness

SETS = Path(__file__).resolve().parents[2] / "shared" / "data" / "linkage"
Pair = frozenset[str]


def run(_url: str = "") -> None:
    """Prints precision, recall and F1 of each set at the score from which a pair is shown."""
    if not SETS.exists():
        print("linkage           skipped: the sets are not at hand")
        return
    for name in ("febrl1", "febrl2", "febrl3"):
        _say(name, *_febrl(SETS / f"{name}.csv.gz"))
    people, true, labelled = _fake(SETS)
    _say("fake_1000", people, true)
    _say("… labelled pairs", people, {pair for pair, same in labelled.items() if same}, set(labelled))


def _say(name: str, people: dict[str, Told], true: set[Pair], only: set[Pair] | None = None) -> None:
    found = {pair for pair in (only or _near(people)) if likeness(*(people[one] for one in pair)).score >= LIKELY}
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    print(
        f"linkage {name:17} {len(people):>6,} records, {len(true):>6,} true pairs: precision {precision:.3f}  recall {recall:.3f}  "
        f"F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}",
        flush=True,
    )


def _near(people: dict[str, Told]) -> set[Pair]:
    """The pairs that share something, where not everybody shares it."""
    blocks = defaultdict[tuple[str, object], set[str]](set)
    for id, one in people.items():
        for key in _keys(one):
            blocks[key].add(id)
    return {frozenset(pair) for ids in blocks.values() if len(ids) <= 100 for pair in combinations(ids, 2)}


def _keys(one: Told) -> Iterator[tuple[str, object]]:
    if one.number:
        yield "number", one.number
    if one.born:
        yield "born", one.born
    for word in one.name.split():
        yield "word", word


def _febrl(path: Path) -> tuple[dict[str, Told], set[Pair]]:
    people, same = dict[str, Told](), defaultdict[str, list[str]](list)
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for raw in csv.DictReader(stream, skipinitialspace=True):
            row = {key.strip(): (value or "").strip() for key, value in raw.items()}
            room = {f"{row['street_number']} {row['address_1']} {row['postcode']}"} if row["address_1"] else ()
            people[row["rec_id"]] = Told(
                f"{row['given_name']} {row['surname']}".strip(),
                _day(row["date_of_birth"], "%Y%m%d"),
                exact=True,
                kind="other",
                number=row["soc_sec_id"],
                rooms=frozenset(room),
            )
            same[row["rec_id"].split("-")[1]].append(row["rec_id"])
    return people, set(_pairs(same.values()))


def _fake(folder: Path) -> tuple[dict[str, Told], set[Pair], dict[Pair, bool]]:
    people, same = dict[str, Told](), defaultdict[str, list[str]](list)
    with (folder / "splink_fake_1000.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = f"{row['first_name']} {row['surname']}".strip()
            people[row["unique_id"]] = Told(name, _day(row["dob"], "%Y-%m-%d"), exact=True, kind="other", number=row["email"])
            same[row["cluster"]].append(row["unique_id"])
    with (folder / "splink_fake_1000_labels.csv").open(encoding="utf-8") as stream:
        labelled = {frozenset((row["unique_id_l"], row["unique_id_r"])): float(row["clerical_match_score"]) > 0.5 for row in csv.DictReader(stream)}
    return people, set(_pairs(same.values())), labelled


def _pairs(groups: Iterable[list[str]]) -> Iterator[Pair]:
    return (frozenset(pair) for group in groups for pair in combinations(group, 2))


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


if __name__ == "__main__":
    sys.exit(run())
