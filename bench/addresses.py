"""Addresses: elements of labelled addresses, and texts with mistakes matched to a city's own list.

Elements: the labelled set (scheme in its anno-cn.md) has the text cut into stretches, each with one label. Counted are all its elements of all labels,
also `redundant` and `assist`; one is found when a stretch of ours has the same first and last letter and the same label. F1 is over all elements together
(micro). Our finer labels count as the set's: group is its road, distance its assist. Rules and names of divisions only: nothing was learnt from the set.

Matching: Shanghai's points have a district, an address and a name. Each address goes into the tree of standard addresses by the action that a city would
use (`enter_addresses`); right is the node that its own words name, down to the building. Then one mistake is made in the written address (which, stands in
`NOISES`; drawn with a seed), and the node that `address_match` puts first is compared. Beside it PostgreSQL's trigram similarity (pg_trgm) picks the likest
of the same written addresses, on the same texts: its answer is right when that address belongs to the right node.
"""

import csv
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.ground import NOW
from jingwei.registry.rules import addresses as rules

# Real data lies beside a developer's checkout; a user's machine has none.
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
THEIRS = {"devzone": "devZone", "subroad": "subRoad", "group": "road", "distance": "assist"}
SEED, EACH, PEER = 20261122, 3000, 300  # texts of each mistake for us, and how many of them for pg_trgm, which is slower


def run(_url: str) -> None:
    """Prints the elements of the dev set, and the first place of matching by mistake."""
    if not (DATA / "addresses").exists():
        print("addresses         skipped: the labelled addresses and Shanghai's points are not here")
        return
    from jingwei.registry.queries import shipped_divisions

    gazetteers = {
        "suffixes alone": rules.EMPTY,
        "shipped: provinces to districts": rules.Gazetteer.of(shipped_divisions()),
        "with towns, as a city loads them": rules.Gazetteer.of(divisions(4)),
    }
    with gzip.open(DATA / "addresses" / "dev.jsonl.gz", "rt", encoding="utf-8") as stream:
        labelled = [json.loads(line) for line in stream]
    print(f"addresses         elements of {len(labelled):,} labelled addresses (dev); wanted F1 ≥ 0.80 by rules and gazetteer")
    for name, gazetteer in gazetteers.items():
        right, wrong, missed, microseconds = elements(labelled, gazetteer)
        p, r, f = _prf(sum(right.values()), sum(wrong.values()), sum(missed.values()))
        print(f"  {name:34} precision {p:.3f}   recall {r:.3f}   F1 {f:.3f}   {len(gazetteer.names):6,} names   {microseconds:4.0f} µs an address")
    print("  by element, with towns:")
    for label in sorted(right | missed, key=lambda one: -(right[one] + missed[one])):
        p, r, f = _prf(right[label], wrong[label], missed[label])
        print(f"    {label:10} {right[label] + missed[label]:5,} in the set   precision {p:.3f}   recall {r:.3f}   F1 {f:.3f}")
    matching()


def divisions(deepest: int) -> list[tuple[str, int, str]]:
    """(place, level, name) of the division tree of 2021."""
    digits = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
    with gzip.open(DATA / "divisions" / "divisions_2021_full.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return [(r["code"][: digits[int(r["level"])]], int(r["level"]), r["name"]) for r in csv.DictReader(stream) if int(r["level"]) <= deepest]


def elements(labelled: list[Any], gazetteer: rules.Gazetteer) -> tuple[Counter[str], Counter[str], Counter[str], float]:
    """Right, wrong and missed elements by label, and microseconds an address."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    start = time.perf_counter()
    parsed = [rules.parse(one["text"], gazetteer) for one in labelled]
    seconds = time.perf_counter() - start
    for one, found in zip(labelled, parsed, strict=True):
        gold, at = set(), 0
        for label, text in one["elements"]:
            gold.add(("subRoad" if label == "subroad" else label, at, at + len(text)))
            at += len(text)
        ours = {(THEIRS.get(e.label, e.label), e.start, e.end) for e in found}
        right.update(label for label, _, _ in ours & gold)
        wrong.update(label for label, _, _ in ours - gold)
        missed.update(label for label, _, _ in gold - ours)
    return right, wrong, missed, seconds / len(labelled) * 1e6


def _prf(right: int, wrong: int, missed: int) -> tuple[float, float, float]:
    return right / max(1, right + wrong), right / max(1, right + missed), 2 * right / max(1, 2 * right + wrong + missed)


# -- mistakes --------------------------------------------------------------------------------------------------------------------------------

_CHINESE = "零一二三四五六七八九"
_LETTERS = "安宝昌城春大德东丰福光海和恒华黄江金景康乐林龙明宁平清泉仁荣山盛泰天通万文西祥新兴阳永元云泽长振中"


def _numeral(n: int) -> str:
    if n > 99:
        return "".join(_CHINESE[int(c)] for c in str(n))
    tens, ones = divmod(n, 10)
    return ("" if not tens else "十" if tens == 1 else _CHINESE[tens] + "十") + (_CHINESE[ones] if ones or not tens else "")


def _slip(text: str, luck: random.Random) -> str:
    """One Chinese letter before the first figure, not the last of it, becomes another."""
    figure = re.search(r"[0-9]", text)
    places = [i for i in range(max(1, (figure.start() if figure else len(text)) - 1)) if "一" <= text[i] <= "鿿"]
    if not places:
        return text
    i = luck.choice(places)
    return text[:i] + luck.choice([c for c in _LETTERS if c != text[i]]) + text[i + 1 :]


# What is done to (district, address, name of another point): the text that is asked.
NOISES: dict[str, Callable[[str, str, str, random.Random], str]] = {
    "as written, with city and district": lambda d, a, n, luck: f"上海市{d}{a}",
    "city and district dropped": lambda d, a, n, luck: a,
    "full width": lambda d, a, n, luck: f"上海市{d}" + "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in a),
    "号 written #": lambda d, a, n, luck: f"上海市{d}" + re.sub(r"(?<=[0-9])号(?!线)", "#", a),
    "号 left out": lambda d, a, n, luck: f"上海市{d}" + re.sub(r"(?<=[0-9])号(?![线0-9A-Za-z])", "", a, count=1),
    "numbers in Chinese": lambda d, a, n, luck: f"上海市{d}" + re.sub(r"(?<![0-9A-Za-z])[0-9]{1,4}(?=号|弄|层|楼|室)", lambda m: _numeral(int(m[0])), a),
    "路 or 街 left out": lambda d, a, n, luck: f"上海市{d}" + re.sub(r"(?<=[一-鿿]{2})[路街](?=[0-9])", "", a, count=1),
    "one letter wrong": lambda d, a, n, luck: f"上海市{d}" + _slip(a, luck),
    "marks and blanks between": lambda d, a, n, luck: f"上海市 - {d}, " + re.sub(r"(?<=[号弄])(?=[0-9])", " ", a),
    "another point's name behind": lambda d, a, n, luck: f"上海市{d}{a}{n}",
    "another district": lambda d, a, n, luck: f"上海市{luck.choice([x for x in ('黄浦区', '静安区', '闵行区', '宝山区') if x != d])}{a}",
}


def matching() -> None:
    """The tree from the list, then each mistake in `EACH` texts."""
    from jingwei.accounts.rules import SYSTEM
    from jingwei.kit import db
    from jingwei.registry.actions import Written, enter_addresses
    from jingwei.registry.queries import address_match, forget_gazetteer, gazetteer, shipped_divisions

    with gzip.open(DATA / "addresses" / "shanghai_poi_addresses.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        points = list(csv.DictReader(stream))
    districts = {name: place for place, level, name in shipped_divisions() if level == 3 and place.startswith("31")}
    stops = [p for p in points if p["name"].endswith(("(公交站)", "(地铁站)"))]  # their "address" is a list of lines
    with_address = [p for p in points if p["address"].strip("[] ") and p["adname"] in districts and not p["name"].endswith(("(公交站)", "(地铁站)"))]
    forget_gazetteer()
    start = time.perf_counter()
    written = [Written(districts[p["adname"]], p["address"], float(p["lon"]), float(p["lat"])) for p in with_address]
    nodes = enter_addresses(actor=SYSTEM, at=NOW, written=written, source="bench", gazetteer=gazetteer())
    seconds = time.perf_counter() - start
    db.run("analyze registry_address")
    asked = [(p, node) for p, node in zip(with_address, nodes, strict=True) if node is not None]
    print(
        f"  Shanghai: {len(points):,} points, {len(stops):,} of them stops with a list of lines, {len(with_address):,} with an address, "
        f"{len(asked):,} of them name a node; {len(set(nodes) - {None}):,} nodes, the tree built in {seconds:.1f} s"
    )
    db.run("create temp table listed (text text, node bigint)")
    lines = {(f"上海市{p['adname']}{p['address']}", node) for p, node in asked}
    db.copy_in("copy listed from stdin", sorted(lines))
    db.run("create index on listed using gist (text gist_trgm_ops(siglen=64))")
    db.run("analyze listed")
    luck = random.Random(SEED)
    print(f"  first place of {EACH:,} texts a mistake (seed {SEED}), and of {PEER} of them by pg_trgm on the same list:")
    totals = Counter[str]()
    for noise, spoil in NOISES.items():
        sample = luck.sample(asked, EACH)
        texts = [(spoil(p["adname"], p["address"], luck.choice(points)["name"], luck), node) for p, node in sample]
        start = time.perf_counter()
        found = [address_match(actor=SYSTEM, text=text, limit=1, with_rooms=False).candidates for text, _ in texts]
        ours = (time.perf_counter() - start) / EACH * 1000
        right = sum(bool(c) and c[0].id == node for c, (_, node) in zip(found, texts, strict=True))
        start = time.perf_counter()
        peers = [db.row("select node from listed order by text <-> %s limit 1", [text]) for text, _ in texts[:PEER]]
        theirs = (time.perf_counter() - start) / PEER * 1000
        peer = sum(bool(row) and row[0] == node for row, (_, node) in zip(peers, texts, strict=False))
        totals.update(right=right, peer=peer)
        print(f"    {noise:36} {right / EACH:.3f}  ({ours:5.1f} ms)     pg_trgm {peer / PEER:.3f}  ({theirs:5.1f} ms)")
    many = len(NOISES)
    print(f"    {'all':36} {totals['right'] / EACH / many:.3f}                 pg_trgm {totals['peer'] / PEER / many:.3f}")
