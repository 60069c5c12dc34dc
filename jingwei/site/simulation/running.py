"""One run: look whether everything that is needed is there, play the days, say what came out. Or go on, live."""

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from jingwei.accounts.rules import ROLES, SYSTEM
from jingwei.areas.models import Grid
from jingwei.cases.actions import run_clocks
from jingwei.cases.models import Case
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.clock import MissingYear
from jingwei.events.actions import record
from jingwei.events.models import Event
from jingwei.kit import db
from jingwei.kit.errors import Problem
from jingwei.kit.times import localdate
from jingwei.site.simulation import sampling
from jingwei.site.simulation.fit import Fit
from jingwei.site.simulation.people import Nobody, People
from jingwei.site.simulation.places import Places, grids_served
from jingwei.site.simulation.playing import Play
from jingwei.site.simulation.sampling import Unfit, reports
from jingwei.site.simulation.words import habits

BEGUN, DONE = "simulation.begun", "simulation.done"
PROCESSES = ("standard", "hotline", "self_handled")
# The straight way: each of these must find somebody, wherever something is reported.
NEEDED = {
    "standard": ("accept", "file", "dispatch", "acknowledge", "handle", "feed_back", "verify", "close"),
    "hotline": ("accept", "confirm", "dispatch", "acknowledge", "handle", "feed_back", "rate", "close"),
    "self_handled": ("close",),
}
HANDLING = ("acknowledge", "handle", "feed_back")


class Unready(Exception):
    """What is missing, all of it, a sentence each."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = list(missing)
        super().__init__("\n".join(self.missing))


class Repeated(Exception):
    """Those days were simulated before."""


@dataclass
class City:
    """What a run needs: the catalogue, people, places, and the matters and processes of the fit that this catalogue has."""

    book: Catalogue
    people: People
    grids: list[Grid]
    matters: frozenset[str]
    left_out: list[str] = field(default_factory=list)  # classes without a matter here
    unserved: dict[str, int] = field(default_factory=dict)  # what nobody does → in how many grids

    def is_workday(self, day: date) -> bool:
        return self.book.calendar().is_workday(day)


def look(fit: Fit, since: datetime, until: datetime, *, resting: Collection[str] = ()) -> City:
    """Raises Unready with everything that is missing."""
    book, missing = catalogue(), list[str]()
    first, last = localdate(since), localdate(until)
    if not book.editions:
        raise Unready(["没有目录：jingwei load catalogue · there is no catalogue"])
    for code in PROCESSES:
        try:
            book.process(code, first)
        except Problem:
            missing.append(f"{first} 没有已发布的流程 {code} · no process {code} is in force on that day")
    matters = frozenset(m for k in fit.kinds for m in k.matters if _in_force(book, m, first) and _in_force(book, m, last))
    if not matters:
        missing.append(f"{first} 至 {last} 目录里没有拟合用到的事项 · the catalogue has no matter of the fit in those days: jingwei load matters")
    try:
        calendar = book.calendar()
        for day in (first, last + timedelta(days=30)):  # deadlines reach beyond the end
            calendar.is_workday(day)
    except MissingYear as year:
        missing.append(f"{year.message.zh} · {year.message.en}: jingwei load calendar")
    except Problem as problem:
        missing.append(f"{problem.message.zh} · {problem.message.en}")
    grids = grids_served(first, last)
    if not grids:
        missing.append(f"{first} 至 {last} 没有网格：jingwei load grids · there are no grids in those days")
    if missing:
        raise Unready(missing)
    people = People(first, last, resting)
    served, unserved = _served(book, people, grids, first)
    if not served:
        raise Unready(f"{what}（{count} 个网格 grids, {first} – {last}）" for what, count in sorted(unserved.items()))
    left_out = [k.name for k in fit.kinds if not matters & set(k.matters)]
    return City(book, people, served, matters, left_out, unserved)


def _in_force(book: Catalogue, code: str, day: date) -> bool:
    try:
        return bool(book.matter(code, on=day))
    except Problem:
        return False


def _served(book: Catalogue, people: People, grids: list[Grid], day: date) -> tuple[list[Grid], dict[str, int]]:
    """The grids in which every step of the straight way finds somebody; and who is missing in how many of the others."""
    lot, lacking = random.Random(0), Counter[str]()  # noqa: S311
    served = []
    for grid in grids:
        faults = set()
        if not people.handlers(grid.code):
            faults.add(_nobody(["department_clerk"]))
        for process, moves in NEEDED.items():
            for move in book.process(process, day).transitions:
                if move.action in moves and move.action not in HANDLING:
                    try:
                        people.mover(lot, move, grid.code, None)
                    except Nobody:
                        if not people.resting & set(move.roles):
                            faults.add(_nobody(move.roles))
        lacking.update(faults)
        if not faults:
            served.append(grid)
    return served, dict(lacking)


def _nobody(roles: Iterable[str]) -> str:
    roles = list(roles)
    return f"没有人是{'或'.join(ROLES[r].name.zh for r in roles)} · nobody is {' or '.join(roles)}"


def earlier(since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The runs before that share days with this one; `cut`: it was stopped in between."""
    ended = {e.data["run"] for e in Event.objects.filter(type=DONE)}
    runs = [e.data | {"cut": e.data["run"] not in ended} for e in Event.objects.filter(type=BEGUN).order_by("at")]
    return [r for r in runs if datetime.fromisoformat(r["since"]) < until and datetime.fromisoformat(r["until"]) > since]


def simulate(
    city: City, fit: Fit, *, seed: int, since: datetime, until: datetime, per_day: int, again: bool = False, say: Callable[[str], None] = lambda line: None
) -> Play:
    """The days from `since` to `until` with `per_day` reports on average, a transaction each: rows that were written over in one
    transaction can't be passed over before its end, and every look at the clocks would grow longer. Raises Repeated, Unfit, Stopped."""
    before = earlier(since, until)
    if before and not again:
        cut = {False: "", True: "（中途停止 stopped in between）"}
        raise Repeated("；".join(f"{r['since'][:16]} – {r['until'][:16]}，seed {r['seed']}，{r['per_day']} 件/天{cut[r['cut']]}" for r in before))
    key = f"{seed}" if not before else f"{seed}+{len(before)}"  # another batch is another one, under the same seed too
    days = (until - since) / timedelta(days=1)
    coming = reports(
        fit,
        habits()["beside"],
        seed=key,
        since=since,
        until=until,
        number=round(days * per_day),
        is_workday=city.is_workday,
        matters=city.matters,
    )
    places = Places(random.Random(f"places {seed}"), city.grids, localdate(until), fit.places)  # noqa: S311
    play = Play(city.book, city.people, places, seed=key)
    play.expect(coming)
    began = time.monotonic()
    data = {"run": str(uuid4()), "seed": seed, "since": since.isoformat(), "until": until.isoformat(), "per_day": per_day}
    record(BEGUN, actor=SYSTEM, at=timezone.now(), subject_type="simulation", data=data)
    while run_clocks(at=since):  # where no worker has run: as the job would make up for it, not minute by minute
        pass
    at = since
    while at < until:
        at = min(at + timedelta(days=1), until)
        with transaction.atomic():
            play.play(at)
            db.look_again("cases_case", "cases_step", "cases_assignment", "cases_file", "cases_reporter", "events_event")
        spent = time.monotonic() - began
        say(f"{at:%m-%d}  {play.made['open']:6} 件 cases {sum(play.made.values()):7} 步 steps  {play.made['open'] / spent:6.0f} 件/秒 cases/s")
    record(DONE, actor=SYSTEM, at=timezone.now(), subject_type="simulation", data=data | {"cases": play.made["open"]})
    return play


class Live:
    """Goes on from now in real time: reports arrive, the simulated people work; what `resting` roles would do is left to the trainees."""

    def __init__(self, fit: Fit, *, seed: int, per_day: int, resting: Collection[str] = (), say: Callable[[str], None] = lambda line: None) -> None:
        self.fit, self.seed, self.per_day, self.resting, self.say = fit, seed, per_day, resting, say
        self.drawn_to = self.day = None  # type: datetime | None
        self.play: Play | None = None

    def tick(self, now: datetime) -> int:
        """Carry out what has come due by `now`, and take up what others have moved. Answers how many steps were made. Raises Unready."""
        if self.play is None or self.day is None or localdate(now) != localdate(self.day):
            city = look(self.fit, now, now, resting=self.resting)
            places = Places(random.Random(f"places {self.seed}"), city.grids, localdate(now), self.fit.places)  # noqa: S311
            self.play = Play(city.book, city.people, places, seed=f"{self.seed} {now.isoformat()}", live=True)
            self.city, self.day, self.drawn_to = city, now, now
        assert self.drawn_to
        if self.drawn_to <= now + timedelta(minutes=5):
            self._expect(self.drawn_to, self.drawn_to + timedelta(hours=1))
        self._take_up(now)
        before = sum(self.play.made.values())
        self.play.play(now, ring=False)
        return sum(self.play.made.values()) - before

    def _expect(self, since: datetime, until: datetime) -> None:
        assert self.play
        # What a day has on average, and of it what falls into this hour.
        noon = since - timedelta(hours=12)
        day = sampling.hour_slots(self.fit, noon, noon + timedelta(days=1), self.city.is_workday)
        hour = sampling.hour_slots(self.fit, since, until, self.city.is_workday)
        expected = self.per_day * sum(s[2] for s in hour) / (sum(s[2] for s in day) or 1)
        lot = random.Random(f"live {self.seed} {since.isoformat()}")  # noqa: S311
        number = int(expected) + (lot.random() < expected % 1)
        if number:
            self.play.expect(
                reports(
                    self.fit,
                    habits()["beside"],
                    seed=f"{self.seed} {since.isoformat()}",
                    since=since,
                    until=until,
                    number=number,
                    is_workday=self.city.is_workday,
                    matters=self.city.matters,
                    first=int(since.timestamp()) * 1000,
                )
            )
        self.drawn_to = until

    def _take_up(self, now: datetime) -> None:
        """Cases that nobody plays yet, and those that a trainee has moved."""
        assert self.play
        shares = {code: kind.late / max(kind.ended, 1) for kind in self.fit.kinds for code in kind.matters}
        versions = {id: life.case.version for id, life in self.play.lives.items()}
        for id, version in Case.objects.filter(is_open=True).values_list("id", "version"):
            if versions.get(id) != version:
                case = Case.objects.filter(id=id).first()
                if case:
                    kind = shares.get(self.city.book.matter_by_id(case.matter_id).code, 0.1)
                    self.play.adopt(case, now, late=random.Random(case.number).random() < kind)  # noqa: S311

    def go_on(self, pause: float = 2.0) -> None:
        """Until Ctrl-C."""
        while True:
            try:
                if made := self.tick(timezone.now()):
                    self.say(f"{timezone.localtime():%H:%M:%S}  {made} 步 steps")
            except Unfit as why:
                raise Unready([str(why)]) from None
            time.sleep(pause)
