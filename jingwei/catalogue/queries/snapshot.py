"""The catalogue as one process sees it: plain values and dictionaries, nothing asks the database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from jingwei.catalogue.rules.clock import Limit, WorkCalendar
from jingwei.catalogue.rules.dispatch import DispatchAnswer, DispatchRule, Question, decide, examine, report
from jingwei.catalogue.rules.process import Process
from jingwei.catalogue.rules.texts import fits, specific
from jingwei.catalogue.rules.values import MATTER_KINDS, Condition, Edition, Matter, Module, StandardText, TimeLimit, beginnings, pick_limit
from jingwei.kit.errors import NotFound, Refused
from jingwei.kit.text import T

_HERE = ZoneInfo("Asia/Shanghai")


class Catalogue:
    """Every answer is a look-up. `revision` is the number of the change it was read at."""

    def __init__(
        self,
        *,
        revision: int,
        modules: Iterable[Module],
        editions: Iterable[Edition],
        matters: Iterable[Matter],
        conditions: Iterable[Condition],
        crosswalk: Iterable[tuple[int, int]],
        processes: Iterable[Process],
        limits: Iterable[TimeLimit],
        calendars: Iterable[WorkCalendar],
        rules: Iterable[DispatchRule],
        texts: Iterable[StandardText] = (),
    ) -> None:
        self.revision = revision
        self.modules = {m.code: m for m in modules}
        # Newest first: a code is looked up in the edition that came last.
        self.editions = {e.code: e for e in sorted(editions, key=lambda e: (e.valid_from, e.id), reverse=True)}
        self._matters = {m.id: m for m in matters}
        self._by_code: dict[tuple[str, str], list[Matter]] = {}
        rank = {code: n for n, code in enumerate(self.editions)}
        for m in sorted(self._matters.values(), key=lambda m: (rank[m.edition], -m.valid_from.toordinal())):
            if m.ever:
                self._by_code.setdefault((m.kind, m.code), []).append(m)
        self._majors: dict[str, str] = {}
        for found in self._by_code.values():
            self._majors.setdefault(found[0].major_code, found[0].major_name)
        self._conditions = {c.id: c for c in conditions}
        self._first_of = _first_of(self._matters.values())
        self._conditions_of = _conditions_of(self._conditions.values(), crosswalk, self._first_of)
        self._processes = {p.id: p for p in processes}
        self._versions: dict[str, list[Process]] = {}
        for p in sorted(self._processes.values(), key=lambda p: -p.version):
            if p.status != "concept":
                self._versions.setdefault(p.code, []).append(p)
        self._limits: dict[tuple[str, str], tuple[TimeLimit, ...]] = {}
        for limit in limits:
            key = (limit.process, limit.state)
            self._limits[key] = (*self._limits.get(key, ()), limit)
        self.calendars = {c.code: c for c in calendars}
        self.matter_beginnings = beginnings(m.code for m in self._matters.values())
        self.dispatch_rules = examine(rules, matters=self.matter_beginnings)

        self.texts = tuple(sorted(texts, key=lambda t: (t.position, t.code, t.valid_from)))

    # Processes

    def process(self, code: str, on: date) -> Process:
        """The version in which a case opened on that day starts. NotFound."""
        for p in self._versions.get(code, ()):
            assert p.valid_from
            if p.valid_from <= on and (p.valid_to is None or on < p.valid_to):
                return p
        raise NotFound(T(f"{on} 没有已发布的流程 {code}", f"no process {code} is published for {on}"))

    def process_version(self, id: int) -> Process:
        """The version that a case started with. NotFound."""
        try:
            return self._processes[id]
        except KeyError:
            raise NotFound(T("没有这个流程版本", "no such version of a process")) from None

    def processes(self) -> list[Process]:
        """Every version, the newest of each code first."""
        return sorted(self._processes.values(), key=lambda p: (p.code, -p.version))

    # Matters and filing

    def matter(self, code: str, edition: str | None = None, on: date | None = None, kind: str | None = None) -> Matter:
        """The class that `code` means. Without an edition the newest that has it; without a kind an event before a
        component (in 2026 a component's trouble is an event of the same code); without a day validity isn't asked, but what
        has begun goes before what is to come. NotFound."""
        today, coming = _today(), None
        for k in (kind,) if kind else MATTER_KINDS:
            for m in self._by_code.get((k, code), ()):
                if (edition is None or m.edition == edition) and (on is None or m.valid_on(on)):
                    if on or m.valid_from <= today:
                        return m
                    coming = coming or m
        if coming:
            return coming
        raise NotFound(T(f"没有事项 {code}", f"there is no matter {code}"))

    def matter_by_id(self, id: int) -> Matter:
        """NotFound for an id that no matter has."""
        try:
            return self._matters[id]
        except KeyError:
            raise NotFound(T("没有这个事项", "no such matter")) from None

    def matters(self, q: str = "", *, kind: str | None = None, edition: str | None = None, on: date | None = None) -> list[Matter]:
        """Matters whose name holds `q` or whose code begins with it, edition by edition (newest first), by code."""
        rank = {code: n for n, code in enumerate(self.editions)}
        found = [
            m
            for m in self._matters.values()
            if m.ever
            and (kind is None or m.kind == kind)
            and (edition is None or m.edition == edition)
            and (on is None or m.valid_on(on))
            and (not q or q in m.name or m.code.startswith(q))
        ]
        return sorted(found, key=lambda m: (rank[m.edition], m.kind, m.code, m.valid_from))

    def matter_title(self, beginning: str) -> str:
        """The name of the class of that code, or of the major class; "" for a code that means several things or nothing."""
        if beginning in self._majors:
            return self._majors[beginning]
        try:
            return self.matter(beginning).name
        except NotFound:
            return ""

    def conditions_of(self, matter: Matter, on: date | None = None) -> tuple[Condition, ...]:
        """The filing conditions of a matter on a day (today): written for it, whatever it was called then, or for a class of another
        edition that became it."""
        day = on or _today()
        return tuple(c for c in self.conditions_ever(matter) if c.valid_on(day))

    def conditions_ever(self, matter: Matter) -> tuple[Condition, ...]:
        """The same, of any day."""
        return self._conditions_of.get(self._first_of[matter.id], ())

    def condition(self, id: int) -> Condition:
        """NotFound for an id that no condition has."""
        try:
            return self._conditions[id]
        except KeyError:
            raise NotFound(T("没有这个立案条件", "no such filing condition")) from None

    # Clocks

    def limit(
        self,
        process: str,
        state: str,
        matter: Matter | None,
        condition: Condition | None = None,
        urgent: bool = False,
        on: date | None = None,
    ) -> Limit | None:
        """How long a case may stay in `state`; None where no clock runs. `on`: the day whose limits hold (default today)."""
        rows = self._limits.get((process, state))
        if not rows:
            return None
        day = on or _today()
        valid = tuple(r for r in rows if r.valid_from <= day and (r.valid_to is None or day < r.valid_to))
        return pick_limit(valid, matter.code if matter else "", condition, urgent)

    def calendar(self, code: str = "default") -> WorkCalendar:
        """Refused when the calendar was never loaded."""
        try:
            return self.calendars[code]
        except KeyError:
            raise Refused(T(f"没有工作日历“{code}”，请先载入", f'there is no work calendar "{code}": load it first'), code="missing_calendar") from None

    # Dispatch

    def dispatch(self, matter: Matter | None, place: str, at: datetime, source: str) -> DispatchAnswer:
        """Which unit the table names, and why."""
        return decide(self.dispatch_rules, Question(matter.code if matter else "", place, at, source), self.calendar())

    def broken_rules(self, on: date) -> list[tuple[DispatchRule, T]]:
        """The rules of the table that can't work on that day, and why."""
        reports = ((rule, report(rule, on)) for rule in self.dispatch_rules if rule.valid_to is None or on < rule.valid_to)
        return [(rule, why) for rule, why in reports if why]

    # Standard texts

    def texts_for(self, on: date, process: str = "", move: str = "", matter: str = "") -> list[StandardText]:
        """The texts in force that fit, the most specific first: those of the move, then by how much of the matter's code they
        name, then those of the process; an empty term isn't asked."""
        return sorted((t for t in self.texts if t.valid_on(on) and fits(t, process, move, matter)), key=specific)


def _today() -> date:
    return datetime.now(UTC).astimezone(_HERE).date()


def _first_of(matters: Iterable[Matter]) -> dict[int, int]:
    """Row → the first row of the same class: one that begins on the day on which another ends is that class under another name."""
    found: dict[int, int] = {}
    before: Matter | None = None
    for m in sorted(matters, key=lambda m: (m.edition, m.kind, m.code, m.valid_from, m.valid_to or date.max)):
        same = before and (before.edition, before.kind, before.code, before.valid_to) == (m.edition, m.kind, m.code, m.valid_from)
        found[m.id] = found[before.id] if before and same else m.id
        before = m
    return found


def _conditions_of(conditions: Iterable[Condition], crosswalk: Iterable[tuple[int, int]], first_of: Mapping[int, int]) -> Mapping[int, tuple[Condition, ...]]:
    """The conditions of each class, by its first row."""
    successors: dict[int, set[int]] = {}
    for old, new in crosswalk:
        successors.setdefault(first_of[old], set()).add(first_of[new])
    found: dict[int, list[Condition]] = {}
    for c in sorted(conditions, key=lambda c: (c.standard, c.number, c.valid_from, c.id)):
        first = first_of[c.matter_id]
        for matter_id in {first, *successors.get(first, ())}:
            found.setdefault(matter_id, []).append(c)
    return {matter_id: tuple(cs) for matter_id, cs in found.items()}
