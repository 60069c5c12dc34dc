"""One import while it is worked on: what it is about, and what comes of each line."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.rules.imports.rows import Plan, RowFault, reason_key

EXAMPLES = 5  # of each outcome that a check shows
MOST_REASONS = 50
WHAT = ("added", "changed", "unchanged", "refused")


class Said(NamedTuple):
    """A line as its columns say it; `more`: columns that may be many."""

    number: int
    said: Mapping[str, str]
    more: Mapping[str, str]


@dataclass
class Outcome:
    """What became of lines. read = added + changed + unchanged + refused; `made` counts the rows of each table that came of them."""

    counts: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    refused: dict[int, T] = field(default_factory=dict)
    reasons: dict[T, tuple[int, int]] = field(default_factory=dict)  # how often, and the first line
    examples: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def took(self, what: str, number: int, example: str = "") -> None:
        """`what`: added, changed, unchanged."""
        self.counts[what] += 1
        if example and what != "unchanged" and len(shown := self.examples.setdefault(what, [])) < EXAMPLES:
            shown.append((number, example))

    def refuse(self, number: int, why: T) -> None:
        self.counts["refused"] += 1
        self.refused[number] = why
        key = reason_key(why)
        count, first = self.reasons.get(key, (0, number))
        self.reasons[key] = (count + 1, min(first, number))

    def merge(self, other: "Outcome") -> None:
        self.counts.update(other.counts)
        self.made.update(other.made)
        self.refused |= other.refused
        for key, (count, first) in other.reasons.items():
            had, before = self.reasons.get(key, (0, first))
            self.reasons[key] = (had + count, min(before, first))
        for what, shown in other.examples.items():
            mine = self.examples.setdefault(what, [])
            mine += shown[: EXAMPLES - len(mine)]

    def json(self) -> dict[str, Any]:
        """As it is kept with the import."""
        reasons = sorted(self.reasons.items(), key=lambda item: (-item[1][0], item[1][1]))[:MOST_REASONS]
        return {
            "counts": {what: self.counts[what] for what in WHAT},
            "made": dict(self.made),
            "reasons": [{"zh": key.zh, "en": key.en, "count": count, "line": line} for key, (count, line) in reasons],
            "examples": {what: [{"line": line, "text": text} for line, text in shown] for what, shown in self.examples.items()},
        }

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Outcome":
        found = Outcome(Counter(kept.get("counts", {})), Counter(kept.get("made", {})))
        found.reasons = {T(r["zh"], r["en"]): (r["count"], r["line"]) for r in kept.get("reasons", [])}
        found.examples = {what: [(e["line"], e["text"]) for e in shown] for what, shown in kept.get("examples", {}).items()}
        return found


@dataclass
class Job:
    """An import being checked (`dry`) or run. `area`: the prefix of places within which it may write. `crs`: of the file; `moving`: what becomes of
    somebody who lives elsewhere already (refuse, or move); `repeats`: lines that name what a line before them names."""

    id: UUID
    kind: str
    plan: Plan
    at: datetime
    area: str = ""
    crs: str = ""
    source: str = ""
    moving: str = "refuse"
    dry: bool = False
    repeats: Mapping[int, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return localdate(self.at)

    def holds(self, place: str) -> bool:
        return place.startswith(self.area)

    # In a check nothing is written, so that what lines of earlier blocks would have written is noted here: whatever a later line is measured by in a run.

    def seen(self, keys: Iterable[str]) -> dict[str, str]:
        """What lines of earlier blocks have said of these keys; of a run, the tables themselves tell."""
        if not self.dry:
            return {}
        db.run("create temp table if not exists import_seen (key text primary key, detail text)")
        return dict(db.rows("select key, detail from import_seen where key = any(%s)", [list(keys)]))

    def see(self, said: Mapping[str, str]) -> None:
        if self.dry and said:
            sql = "insert into import_seen select * from unnest(%s::text[], %s::text[]) on conflict (key) do update set detail = excluded.detail"
            db.run(sql, [list(said), list(said.values())])

    def forget(self) -> None:
        db.run("drop table if exists pg_temp.import_seen")


def read_each(rows: Iterable[Said], read: Any, outcome: Outcome) -> list[Any]:
    """What `read` makes of each line; a line with a fault is refused."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except RowFault as wrong:
            outcome.refuse(row.number, wrong.why)
    return found
