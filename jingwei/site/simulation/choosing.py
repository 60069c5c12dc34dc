"""What happens to a case next, by whom and when: drawn from the habits, on the process that the case began with."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case
from jingwei.cases.rules.moves import BAD_RATING
from jingwei.catalogue.queries import Catalogue
from jingwei.catalogue.rules.clock import WorkCalendar
from jingwei.catalogue.rules.process import Transition
from jingwei.site.simulation import words
from jingwei.site.simulation.people import Nobody, People
from jingwei.site.simulation.places import Spot
from jingwei.site.simulation.sampling import Presence, Report, moment, pick

LONGEST = timedelta(days=10)  # of a filing condition's limit: what takes months is no use in some weeks
CHASING = ("supervise", "remind")
# What may happen besides the straight way; where one of these is refused, the case goes on without it.
ASIDE = frozenset({"merge", "suspend", "transfer", "assist", "delegate", "ask_extension", "supervise", "remind", "return", "rework", "void"})


@dataclass(slots=True)
class Life:
    """One case and what is still to come for it. `seen`: what was done already in this stay in a state, so that nothing is done twice."""

    key: int
    lot: random.Random
    late: bool
    case: Case
    last_at: datetime
    picture: str = ""
    twin: "Life | None" = None
    assisting: int | None = None
    seen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Opening:
    """A report that is about to be made."""

    report: Report
    spot: Spot
    text: str
    urgent: bool
    actor: Actor
    picture: str
    reporter: tuple[str, str]
    twin: Life | None


@dataclass(slots=True)
class Turn:
    """The next move of a case."""

    life: Life
    move: Transition
    at: datetime
    actor: Actor
    form: dict[str, Any]
    photo: bool


class Chooser:
    """Draws the turns. Rules of the process decide what is possible, the habits how likely it is, the clock how long it may take."""

    def __init__(self, book: Catalogue, people: People) -> None:
        self.book = book
        self.people = people
        self.habits = words.habits()
        calendar = book.calendar()
        self.presence = {role: _presence(said, calendar) for role, said in self.habits["presence"].items()}
        self.handling = frozenset(self.habits["late"]["handling"])

    def turn(self, life: Life, without: frozenset[str] = frozenset()) -> Turn | None:
        """What comes next; None where it ends here, or where those who would do it rest. Raises Nobody."""
        case, lot = life.case, life.lot
        process = self.book.process_version(case.process_id)
        ways = dict(self.habits["ways"].get(process.code, {}).get(case.state, {}))
        ways = {a: w for a, w in ways.items() if a == "" or ((move := process.move(case.state, a)) and self._open_to(life, move) and a not in without)}
        chosen = self._urged(life, without)
        if not chosen or process.move(case.state, chosen) is None:
            chosen = pick(lot, ways) if any(ways.values()) else ""
        move = process.move(case.state, chosen) if chosen else None
        if move is None:
            return None
        try:
            actor, role = self.people.mover(lot, move, case.place, case.unit_id, life.assisting)
        except Nobody:
            if self.people.resting & set(move.roles):
                return None
            if len(ways) > 1 and chosen in ways and chosen not in without:
                return self.turn(life, without | {chosen})
            raise
        # Only what ends the handling is late there; elsewhere somebody is slow now and then.
        ends = move.clock in ("start", "stop") and move.action not in ASIDE
        handled = case.state in self.handling
        late = ends and (life.late if handled else lot.random() < self.habits["late"]["slow"])
        at_work = _ALWAYS if case.urgent else self.presence.get(chosen) or self.presence.get(role, _ALWAYS)
        at = moment(
            lot,
            after=life.last_at,
            minutes=self.habits["minutes"].get(chosen, (20, 240)),
            presence=at_work,
            due=case.due_at,
            late=late,
            over=self.habits["late"]["over"],
        )
        if chosen in CHASING and life.late and handled and case.due_at and case.due_at > life.last_at:
            at = at_work.next(case.due_at + timedelta(minutes=lot.uniform(20, 200)), lot).replace(microsecond=0)
        form, photo = self._form(life, move, at)
        return Turn(life, move, at, actor, form, photo)

    def _urged(self, life: Life, without: frozenset[str]) -> str:
        """What the case itself asks for: an answer to who wanted more time, help that was asked for, its twin, and being chased when late."""
        case, lot = life.case, life.lot
        if case.extension and not {"grant_extension", "refuse_extension"} & life.seen:
            return "grant_extension" if lot.random() < 0.8 else "refuse_extension"
        if life.assisting:
            return "assist_done"
        if life.twin and "merge" not in without and "merge" not in life.seen and case.state not in ("reported", "received") and self._mergeable(life):
            return "merge"
        if case.state == "handling" and life.late and "chased" not in life.seen:
            life.seen.add("chased")
            return pick(lot, {str(a): w for a, w in self.habits["late"]["chased"].items() if a not in without})
        return ""

    @staticmethod
    def _mergeable(life: Life) -> bool:
        main = life.twin
        return main is not None and main.case.is_open and main.case.merged_into is None

    def _open_to(self, life: Life, move: Transition) -> bool:
        """Whether a choice is worth drawing: nothing twice in one stay, no answer to what nobody asked, no reopening of what pleased."""
        case, action = life.case, move.action
        if action in life.seen:
            return False
        if "bad_rating" in move.guards:
            return case.rating is not None and case.rating <= BAD_RATING
        if action == "delegate":
            return bool(self.people.below(case.unit_id, case.place))
        if action in ("assist", "transfer"):
            return bool(self._others(life))
        return True

    def _others(self, life: Life) -> list[Unit]:
        held = self.people.units.get(life.case.unit_id or 0)
        return [u for u in self.people.handlers(life.case.place) if held is None or not (u.path.startswith(held.path) or held.path.startswith(u.path))]

    def _unit(self, life: Life, move: Transition, at: datetime) -> int:
        case, lot = life.case, life.lot
        if move.action == "delegate":
            return lot.choice(self.people.below(case.unit_id, case.place)).pk
        if move.action in ("assist", "transfer"):
            return lot.choice(self._others(life)).pk
        answer = self.book.dispatch(self.book.matter_by_id(case.matter_id), case.place, at, case.source)
        if answer.unit_id and self.people.handles(answer.unit_id, case.place) and "return" not in life.seen:
            return answer.unit_id
        return lot.choice([u for u in self.people.handlers(case.place) if u.pk != answer.unit_id] or self.people.handlers(case.place)).pk

    def _form(self, life: Life, move: Transition, at: datetime) -> tuple[dict[str, Any], bool]:
        case, lot = life.case, life.lot
        matter = self.book.matter_by_id(case.matter_id)
        conditions = [c for c in self.book.conditions_of(matter) if c.limit.unit != "natural_day" and c.limit.length <= LONGEST]
        chosen = lot.choice(conditions).id if conditions and lot.random() < self.habits["shares"]["condition"] else None
        score = lot.choices((1, 2, 3, 4, 5), self.habits["shares"]["score"])[0]
        form, photo = words.form(
            lot,
            move,
            results=words.about(matter.code)["results"],
            condition=chosen,
            unit=lambda: self._unit(life, move, at),
            score=score,
            at=at,
            photo=self.habits["shares"]["photo"],
        )
        if move.action == "merge" and life.twin:
            form["case"] = str(life.twin.case.id)
        return form, photo


def _presence(said: Any, calendar: WorkCalendar) -> Presence:
    if said == "always":
        return _ALWAYS
    if said == "calendar":
        return Presence(tuple(calendar.hours), _once(calendar))
    return Presence(((time.fromisoformat(said[0]), time.fromisoformat(said[1])),))


def _once(calendar: WorkCalendar) -> Any:
    known: dict[date, bool] = {}

    def worked(day: date) -> bool:
        if day not in known:
            known[day] = calendar.is_workday(day)
        return known[day]

    return worked


_ALWAYS = Presence(())
