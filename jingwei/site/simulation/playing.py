"""Plays reports and turns in the order of their moments, through the real actions, set by set."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from io import BytesIO
from typing import TypeVar
from uuid import UUID

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.actions import Command, NewCase, keep_file, open_cases, perform_many, run_clocks
from jingwei.cases.models import Case
from jingwei.catalogue.queries import Catalogue
from jingwei.kit.errors import Conflict, NotFound, Problem
from jingwei.site.simulation import words
from jingwei.site.simulation.choosing import ASIDE, Chooser, Life, Opening, Turn
from jingwei.site.simulation.people import Nobody, People
from jingwei.site.simulation.pictures import picture
from jingwei.site.simulation.places import Places, Spot
from jingwei.site.simulation.sampling import Report

SLICE = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
BESIDE = "数据之外"  # the channel of what the fit's data does not hold
SIMULATED = ("模拟大类", "模拟渠道")  # the facts of a simulated report: its class and channel in the fit
T = TypeVar("T")


class Stopped(RuntimeError):
    """The rules refused what the simulator took for possible."""


class Play:
    """The cases of one run. `agenda` holds what is to come; `play` carries out what lies before a moment."""

    def __init__(self, book: Catalogue, people: People, places: Places, *, seed: int | str, live: bool = False) -> None:
        self.book, self.people, self.places, self.seed, self.live = book, people, places, seed, live
        self.chooser = Chooser(book, people)
        self.habits = words.habits()
        self.lives: dict[UUID, Life] = {}
        self.recent: list[Life] = []
        self.made: Counter[str] = Counter()
        self._agenda: list[tuple[datetime, int, Report | Turn]] = []
        self._n = 0

    # -- what is to come ------------------------------------------------------------------------------------------

    def expect(self, coming: Iterable[Report]) -> None:
        for report in coming:
            self._push(report.at, report)

    def _push(self, at: datetime, item: Report | Turn) -> None:
        self._n += 1
        heappush(self._agenda, (at, self._n, item))

    def next_at(self) -> datetime | None:
        return self._agenda[0][0] if self._agenda else None

    def schedule(self, life: Life, without: frozenset[str] = frozenset()) -> None:
        """Draw the case's next turn; without one its story ends here."""
        try:
            turn = self.chooser.turn(life, without)
        except Nobody:
            if not self.live:
                raise
            turn = None  # a case of others, where the simulator has nobody: it is left to them
        if turn:
            self._push(turn.at, turn)

    def adopt(self, case: Case, now: datetime, *, late: bool) -> None:
        """Take up a case as it stands, whoever has brought it there; what was planned for it before is off."""
        lot = random.Random(f"adopted {self.seed} {case.number} {case.version}")  # noqa: S311
        life = Life(0, lot, late, case, max(now, case.entered_at), picture=words.about(self.book.matter_by_id(case.matter_id).code)["picture"])
        self.lives[case.id] = life
        self.schedule(life)

    # -- carrying out ---------------------------------------------------------------------------------------------

    def play(self, until: datetime, *, ring: bool = True) -> None:
        """Everything before `until`. Moments are cut where a clock says something, so that it is heard between what came before and after."""
        while (start := self.next_at()) is not None and start < until:
            end = min(start + SLICE, until)
            if ring and (alarm := self._alarm()):
                if alarm <= start:
                    run_clocks(at=alarm)
                    continue
                end = min(end, alarm)
            batch: list[Report | Turn] = []
            while self._agenda and self._agenda[0][0] < end:
                item = heappop(self._agenda)[2]
                if isinstance(item, Report) or self.lives.get(item.life.case.id) is item.life:
                    batch.append(item)
            self._open([r for r in batch if isinstance(r, Report)])
            self._move([t for t in batch if isinstance(t, Turn)])
        while ring and (alarm := self._alarm()) and alarm <= until:
            run_clocks(at=alarm)

    @staticmethod
    def _alarm() -> datetime | None:
        """The full minute, as the job's, at which the next clock is heard."""
        first = Case.objects.filter(alarm_at__isnull=False).order_by("alarm_at").values_list("alarm_at", flat=True).first()
        return first and first.replace(second=0, microsecond=0) + MINUTE

    def _open(self, coming: Sequence[Report]) -> None:
        for actor, group in _by((o.actor.id, o) for o in map(self._opening, coming)):
            who = group[0].actor
            wanted = [(o.report.at, self._new(o)) for o in group]
            for opening, answer in zip(group, open_cases(actor=who, wanted=wanted), strict=True):
                if answer.problem or answer.case is None:
                    raise Stopped(f"open, {who.name} {actor}: {answer.problem} {answer.problem and answer.problem.errors}")
                report = opening.report
                lot = random.Random(f"life {self.seed} {report.key}")  # noqa: S311
                life = Life(report.key, lot, report.late, answer.case, report.at, picture=opening.picture, twin=opening.twin)
                self.lives[answer.case.id] = life
                self.made["open"] += 1
                if opening.twin is None:
                    self.recent = [*self.recent[-199:], life]
                self.schedule(life)

    def _opening(self, report: Report) -> Opening:
        lot = random.Random(f"report {self.seed} {report.key}")  # noqa: S311
        shares, matter = self.habits["shares"], self.book.matter(report.matter)
        spot = self.places.somewhere(lot)
        mains = [m for m in self.recent if m.case.is_open and m.case.matter_id == matter.id] if report.process != "self_handled" else []
        twin = lot.choice(mains) if mains and lot.random() < shares["twin"] else None
        text = words.sentence(lot, matter.code, matter.name, spot.address, report.source)
        return Opening(
            report=report,
            # Where the first report of the same trouble was.
            spot=spot if twin is None else Spot(twin.case.address, twin.case.x or spot.lon, twin.case.y or spot.lat, twin.case.place),
            text=text if twin is None else words.again(lot, twin.case.text),
            urgent=bool(words.about(matter.code).get("urgent")) and lot.random() < shares["urgent"],
            actor=self._opener(lot, report, spot.grid if twin is None else twin.case.place),
            picture=words.about(matter.code)["picture"],
            reporter=words.reporter(lot, lot.randrange(10**8)) if report.source in ("hotline", "resident") else ("", ""),
            twin=twin,
        )

    def _opener(self, lot: random.Random, report: Report, grid: str) -> Actor:
        roles = {"worker": ["worker"], "inspection": ["grid_lead", "worker"]}.get(report.source, ["hotline_operator"])
        try:
            return self.people.who(lot, roles, grid)[0]
        except Nobody:
            if self.people.resting & set(roles):  # reports come in all the same: somebody else writes them down
                return SYSTEM
            return self.people.who(lot, ["worker", "grid_lead", "acceptor"], grid)[0]

    def _new(self, opening: Opening) -> NewCase:
        report, spot = opening.report, opening.spot
        photos = [False, True] if report.process == "self_handled" else [False] if report.source == "worker" and report.key % 8 == 0 else []
        return NewCase(
            process=report.process,
            matter=report.matter,
            text=opening.text,
            source=report.source,
            address=spot.address,
            crs="EPSG:4326",
            x=spot.lon,
            y=spot.lat,
            urgent=opening.urgent,
            reporter_name=opening.reporter[0],
            reporter_phone=opening.reporter[1],
            files=tuple(self._photo(opening.actor, opening.picture, report.key, mended, report.at) for mended in photos),
            facts=dict(zip(SIMULATED, (report.kind, report.channel or BESIDE), strict=True)),
        )

    def _photo(self, actor: Actor, kind: str, key: int, mended: bool, at: datetime) -> UUID:
        # A few scenes are enough: the same bytes are kept once.
        name = f"{'after' if mended else 'before'}-{key}.png"
        return keep_file(actor=actor, at=at, name=name, stream=BytesIO(picture(kind, key % 4, mended=mended))).id

    def _move(self, turns: Sequence[Turn]) -> None:
        for _, group in _by((t.actor.id, t) for t in turns):
            actor = group[0].actor
            commands = [
                Command(
                    case_id=t.life.case.id,
                    move=t.move.action,
                    seen_version=t.life.case.version,
                    at=t.at,
                    form=t.form | ({"files": [str(self._photo(actor, t.life.picture, t.life.key, True, t.at))]} if t.photo else {}),
                )
                for t in group
            ]
            for turn, outcome in zip(group, perform_many(actor=actor, commands=commands), strict=True):
                if outcome.problem or outcome.case is None:
                    self._refused(turn, outcome.problem)
                else:
                    self._moved(turn, outcome.case)

    def _moved(self, turn: Turn, case: Case) -> None:
        life, action = turn.life, turn.move.action
        stayed = life.case.state == case.state and turn.move.target == "="
        life.case, life.last_at = case, turn.at
        self.made[action] += 1
        if action == "feed_back" and life.late:
            life.late = False  # once is enough: what comes back for rework is done in time
        if action == "assist":
            life.assisting = int(turn.form["unit"])
        elif not stayed or action == "assist_done":
            life.assisting = None
        life.seen = {*life.seen, action} if stayed else {action} if action == "return" else set()
        self.schedule(life)

    def _refused(self, turn: Turn, problem: Problem | None) -> None:
        life, action = turn.life, turn.move.action
        if self.live and isinstance(problem, Conflict | NotFound):
            self.lives.pop(life.case.id, None)  # somebody has moved it since: it is taken up again as it is then
        elif action in ASIDE or self.live:
            life.seen.add(action)
            self.schedule(life, frozenset({action}))
        else:
            raise Stopped(f"{life.case.number} {action}, {turn.actor.name}: {problem} {problem and problem.errors}")


def _by(pairs: Iterable[tuple[Hashable, T]]) -> list[tuple[Hashable, list[T]]]:
    groups: dict[Hashable, list[T]] = {}
    for key, one in pairs:
        groups.setdefault(key, []).append(one)
    return list(groups.items())
