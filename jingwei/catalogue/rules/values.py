"""The catalogue's rows as plain, immutable values: what rules and the snapshot speak in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jingwei.catalogue.rules.clock import Limit
from jingwei.kit.text import T

MatterKind = Literal["component", "event"]
MATTER_KINDS: tuple[MatterKind, ...] = ("event", "component")  # in the order in which a bare code is looked up


@dataclass(frozen=True, slots=True)
class Module:
    """One of the six business modules (业务板块)."""

    code: str
    name: T


@dataclass(frozen=True, slots=True)
class Edition:
    """Who defined a list of matters. `valid_to` is the first day on which it is no longer used."""

    id: int
    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A class of business: of a thing's trouble or an event (`event`), or of the thing itself (`component`)."""

    id: int
    edition: str
    kind: MatterKind
    code: str
    name: str
    major_code: str
    major_name: str
    module: Module
    valid_from: date
    valid_to: date | None = None

    @property
    def ever(self) -> bool:
        """Whether it was in force on some day, or will be."""
        return self.valid_from != self.valid_to

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a city files a case of a matter, when it closes it, and how long handling may take.
    `number`, `matter_code` and `matter_name` are the city's own."""

    id: int
    standard: str
    number: str
    matter_id: int
    matter_code: str
    matter_name: str
    text: str
    close_text: str
    limit: Limit
    local: bool = False
    valid_from: date = date.min
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long a state may last, for matters whose code starts with `matter`."""

    process: str
    state: str
    matter: str
    urgent: bool
    limit: Limit
    by_condition: bool
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class StandardText:
    """What is often said in a move. Empty `process`, `move`, `matter` mean any; `matter` is a code or its beginning."""

    id: int
    code: str
    title: str
    process: str
    move: str
    matter: str
    text: str
    position: int
    valid_from: date
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def is_national(edition: str) -> bool:
    """Whether an edition's code is a national standard's (GB, GB/T, GB/Z and a number): what it lists is not a city's to change."""
    return re.match(r"GB(/[TZ])?\s*[0-9]", edition) is not None


def pick_limit(rows: tuple[TimeLimit, ...], matter_code: str, condition: Condition | None, urgent: bool) -> Limit | None:
    """The limit of one state, of its `rows`: the longest matter prefix wins; an urgent case takes urgent rows first.

    Where a row says so, the filing condition's own limit replaces it; an urgent case accepts it only in urgent hours,
    so that urgency never makes a case slower than the row.
    """
    fitting = [r for r in rows if matter_code.startswith(r.matter)]
    chosen = max(
        (r for r in fitting if r.urgent <= urgent),
        key=lambda r: (r.urgent, len(r.matter)),
        default=None,
    )
    if chosen is None:
        return None
    if condition and chosen.by_condition and (not chosen.urgent or condition.limit.unit == "urgent_hour"):
        return condition.limit
    return chosen.limit


def beginnings(codes: Iterable[str]) -> frozenset[str]:
    """The codes and everything that one of them begins with: what a rule may name."""
    return frozenset(code[:n] for code in codes for n in range(1, len(code) + 1))
