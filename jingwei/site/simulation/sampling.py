"""Draws: when reports come in and what they are, who is at work when, and how long a step takes. Plain values, seeded."""

import random
from bisect import bisect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from jingwei.site.simulation.fit import Fit, Kind

ZONE = ZoneInfo("Asia/Shanghai")
V = TypeVar("V")
Span = tuple[time, time]
LEAST = timedelta(seconds=20)  # between two steps of one case


@dataclass(frozen=True, slots=True)
class Report:
    """One report to come: when, what of, through which channel. `channel` is empty for what the data does not hold."""

    key: int
    at: datetime
    kind: str
    matter: str
    source: str
    process: str
    channel: str
    late: bool


class Unfit(ValueError):
    """Nothing can be drawn."""


def pick(lot: random.Random, weights: Mapping[V, float]) -> V:
    """One key, as often as its weight says."""
    keys = list(weights)
    bounds = list(accumulate(weights.values()))
    if not bounds or bounds[-1] <= 0:
        raise Unfit("no weight")
    return keys[min(bisect(bounds, lot.random() * bounds[-1]), len(keys) - 1)]


def reports(
    fit: Fit,
    beside: Mapping[str, Any],
    *,
    seed: int | str,
    since: datetime,
    until: datetime,
    number: int,
    is_workday: Callable[[date], bool],
    matters: Collection[str],
    first: int = 0,
) -> list[Report]:
    """`number` reports from `since` to `until`, in their order: classes, channels, hours and lateness as in the fit; and the share
    `beside` of workers' own. Only `matters` (those of the catalogue) are drawn; a class without any is left out. Raises Unfit."""
    lot = random.Random(f"reports {seed}")  # noqa: S311
    known = [(kind, {m: n for m, n in kind.matters.items() if m in matters}) for kind in fit.kinds]
    drawn = {i: float(kind.count) for i, (kind, here) in enumerate(known) if here}
    seen = {i: float(kind.count) for i, (kind, here) in enumerate(known) if any(m[:2] < "21" for m in here)}  # what a worker sees in the street
    if not drawn:
        raise Unfit("no matter of the fit is in the catalogue")
    slots = hour_slots(fit, since, until, is_workday)
    rounds = list(_slots(since, until, lambda day: tuple(beside["hours"]), lambda day: 1.0)) if beside["share"] and seen else []
    moments = _moments(slots), _moments(rounds) if any(weight for _, _, weight in rounds) else None
    found = []
    for _ in range(number):
        if moments[1] and lot.random() < beside["share"]:
            kind, here = known[pick(lot, seen)]
            code = pick(lot, {m: n for m, n in here.items() if m[:2] < "21"})
            by_hand = lot.random()
            source = "inspection" if by_hand < beside["inspection"] else "worker"
            process = "self_handled" if source == "worker" and by_hand > 1 - beside["self_handled"] else "standard"
            found.append((moments[1](lot), kind, code, source, process, "", _late(lot, kind)))
        else:
            kind, here = known[pick(lot, drawn)]
            channel = pick(lot, kind.channels)
            source = fit.channels[channel]
            process = "hotline" if source == "hotline" else "standard"
            found.append((moments[0](lot), kind, pick(lot, here), source, process, channel, _late(lot, kind)))
    found.sort(key=lambda f: f[0])
    return [Report(first + n, at, kind.name, code, source, process, channel, late) for n, (at, kind, code, source, process, channel, late) in enumerate(found)]


def _late(lot: random.Random, kind: Kind) -> bool:
    return lot.random() * max(kind.ended, 1) < kind.late


def hour_slots(fit: Fit, since: datetime, until: datetime, is_workday: Callable[[date], bool]) -> list[tuple[datetime, datetime, float]]:
    """The hours between two moments with what the fit expects in each: a day off has less, and other hours."""
    kinds = {True: (fit.hours["workday"], 1.0), False: (fit.hours["day_off"], fit.day_off_share)}
    return list(_slots(since, until, lambda day: kinds[is_workday(day)][0], lambda day: kinds[is_workday(day)][1]))


def _slots(
    since: datetime, until: datetime, hours: Callable[[date], Sequence[int]], weight: Callable[[date], float]
) -> Iterator[tuple[datetime, datetime, float]]:
    begin = since.astimezone(ZONE)
    while begin < until:
        end = min((begin + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0), until.astimezone(ZONE))
        counts = hours(begin.date())
        yield begin, end, weight(begin.date()) * counts[begin.hour] / (sum(counts) or 1) * ((end - begin) / timedelta(hours=1))
        begin = end


def _moments(slots: Sequence[tuple[datetime, datetime, float]]) -> Callable[[random.Random], datetime]:
    bounds = list(accumulate(s[2] for s in slots))
    if not bounds or bounds[-1] <= 0:
        raise Unfit("no time")

    def moment(lot: random.Random) -> datetime:
        begin, end, _ = slots[min(bisect(bounds, lot.random() * bounds[-1]), len(slots) - 1)]
        return (begin + (end - begin) * lot.random()).replace(microsecond=0)

    return moment


@dataclass(frozen=True)
class Presence:
    """When somebody is at work: `hours` of a day, on workdays only or on all; no hours = round the clock."""

    hours: tuple[Span, ...]
    workdays: Callable[[date], bool] | None = None

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.workdays and not self.workdays(day):
            return
        for begin, end in self.hours:
            yield datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE)

    def holds(self, at: datetime) -> bool:
        local = at.astimezone(ZONE)
        return not self.hours or any(begin <= local < end for begin, end in self.spans(local.date()))

    def next(self, at: datetime, lot: random.Random) -> datetime:
        """`at` itself, or some minutes after the next beginning of work."""
        if self.holds(at):
            return at
        day = at.astimezone(ZONE).date()
        for n in range(40):
            for begin, end in self.spans(day + timedelta(days=n)):
                if begin >= at:
                    return begin + min((end - begin) * 0.9, timedelta(minutes=lot.expovariate(1 / 40)))
        return at


def moment(
    lot: random.Random, *, after: datetime, minutes: Sequence[float], presence: Presence, due: datetime | None, late: bool, over: Sequence[float]
) -> datetime:
    """When a step that began at `after` ends: after some of the `minutes` that such work takes, at hours of work; before `due`, or,
    where it is `late`, behind it by a part of the time it had."""
    if due is not None and due <= after:  # nothing was left when it began
        late, due = False, None
    if late and due is not None:
        at = due + (due - after) * lot.uniform(*over) + timedelta(minutes=5)
        return _whole(presence.next(at, lot), due)
    at = presence.next(after + timedelta(minutes=lot.uniform(*minutes) * (lot.uniform(2, 4) if lot.random() < 0.08 else 1)), lot)
    if due is not None and at >= due:
        span = due - after
        tries = [after + span * lot.uniform(0.05, 0.95) for _ in range(24)]
        at = next((t for t in tries if presence.holds(t)), tries[0])  # no hour of work before it is due: somebody stays on
        return min(_whole(at, after), due - timedelta(seconds=1)) if span > 2 * LEAST else after + span / 2
    return _whole(at, after)


def _whole(at: datetime, after: datetime) -> datetime:
    return max(at, after + LEAST).replace(microsecond=0)
