"""Plays reports and turns in the order of their moments, through the real actions, set by set."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from io import BytesIO
from typing import TypeVar
from uuid import UUID

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.actions import Command, NewCase, keep_file, open_cases, perform_many, perform_together, run_clocks
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
        self._heard = datetime(2000, 1, 1, tzinfo=UTC)  # all clocks before that moment have been heard

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
        """Everything before `until`. The clocks are heard at their minute: a case of which one is heard between two of its steps has
        the batch cut there."""
        while (start := self.next_at()) is not None and start < until:
            end = min(start + SLICE, until)
            alarms = self._alarms(end) if ring else {}
            batch = self._due(end)
            if cut := min((alarms[b.life.case.id] for b in batch if isinstance(b, Turn) and alarms.get(b.life.case.id, end) <= b.at), default=None):
                for item in batch:
                    self._push(item.at, item) if item.at >= cut else None
                batch, end = [b for b in batch if b.at < cut], cut
            self._open([r for r in batch if isinstance(r, Report)])
            self._move([t for t in batch if isinstance(t, Turn)])
            if ring and ((n := self.next_at()) is None or n >= end):
                self._ring(end)
        if ring:
            self._ring(until)

    def _due(self, end: datetime) -> list[Report | Turn]:
        """What lies before `end`, one turn of a case; what was planned for cases that others have moved since is off."""
        batch: list[Report | Turn] = []
        while self._agenda and self._agenda[0][0] < end:
            item = heappop(self._agenda)[2]
            if isinstance(item, Report) or self.lives.get(item.life.case.id) is item.life:
                batch.append(item)
        return batch

    def _ring(self, until: datetime) -> None:
        """Hear the clocks, each at its full minute, as the job does."""
        # A clock that was heard may have more to say before `until`.
        while minutes := sorted({minute for minute in self._alarms(until).values() if minute <= until}):
            run_clocks(at=minutes[0])
        self._heard = max(self._heard, until - MINUTE)

    def _alarms(self, until: datetime) -> dict[UUID, datetime]:
        """The full minute at which each case's next clock is heard."""
        rows = Case.objects.filter(alarm_at__gte=self._heard, alarm_at__lt=until).values_list("id", "alarm_at")
        return {id: at.replace(second=0, microsecond=0) + MINUTE for id, at in rows if at}

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
        if roles == ["hotline_operator"]:  # one at a time sits at the telephone
            lot = random.Random(f"telephone {self.seed} {report.at:%Y%m%d%H}")  # noqa: S311
        try:
            return self.people.who(lot, roles, grid)[0]
        except Nobody:
            if self.people.resting & set(roles):  # reports come in all the same: somebody else writes them down
                return SYSTEM
            return self.people.who(lot, ["worker", "grid_lead", "acceptor"], grid)[0]

    def _new(self, opening: Opening) -> NewCase:
        report, spot = opening.report, opening.spot
        photos: list[bool] = [False] if report.source == "worker" and report.key % 8 == 0 else []
        if report.process == "self_handled":  # before and after; some show only what they did
            photos = [False, True] if report.key % 3 == 0 else [True]
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
        # What a unit assists with is plain from its assignment only: that goes the ordinary way.
        together = [t for t in turns if t.move.action != "assist_done"]
        outcomes = perform_together(hands=[(t.actor, self._command(t)) for t in together]) if together else []
        apart = [t for t in turns if t.move.action == "assist_done"]
        outcomes += [perform_many(actor=t.actor, commands=[self._command(t)])[0] for t in apart]
        for turn, outcome in zip([*together, *apart], outcomes, strict=True):
            if outcome.problem or outcome.case is None:
                self._refused(turn, outcome.problem)
            else:
                self._moved(turn, outcome.case)

    def _command(self, turn: Turn) -> Command:
        life = turn.life
        photo = {"files": [str(self._photo(turn.actor, life.picture, life.key, True, turn.at))]} if turn.photo else {}
        return Command(life.case.id, turn.move.action, life.case.version, turn.at, turn.form | photo)

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
