"""A proposed dispatch table: what is wrong with it, which positions its rules take, and how the table in force compares."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar, NamedTuple

from annotated_types import Ge, Lt, MaxLen

from jingwei.catalogue.rules.clock import WorkCalendar
from jingwei.catalogue.rules.dispatch import Days, DispatchAnswer, DispatchRule, Question, decide, faults_of
from jingwei.kit.text import T

MOST_RULES = 1000
STEP = 10  # between the positions of a table numbered anew


@dataclass(frozen=True, slots=True)
class DraftRule:
    """One line of a proposed table; its place in the list is its place in the table. `id` names the rule that it stands for, none
    for a new one. Empty terms mean any. Without `valid_from` it holds as long as the rule did, or from the day of the change."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    unit_id: Annotated[int, Ge(1), Lt(2**63)]
    id: Annotated[int, Ge(1), Lt(2**63)] | None = None
    matter: Annotated[str, MaxLen(20)] = ""
    area: Annotated[str, MaxLen(15)] = ""
    source: Annotated[str, MaxLen(20)] = ""
    days: Days = "any"
    from_time: time | None = None
    to_time: time | None = None
    note: Annotated[str, MaxLen(200)] = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def rule(self, position: int, unit_name: str, unit_closed: date | None) -> DispatchRule:
        """The rule as `decide` reads it, in force on every day."""
        hours = (self.from_time, self.to_time) if self.from_time is not None and self.to_time is not None else None
        return DispatchRule(
            self.id or -position, position, self.matter, self.area, self.source, self.days, hours, self.unit_id, unit_name, unit_closed, note=self.note
        )


def faults_of_draft(draft: DraftRule, *, matters: Collection[str], units: Mapping[int, date | None], day: date) -> list[tuple[str, T]]:
    """What forbids saving a line, each with its field. `units` tells when a unit was closed; `day`: from when it shall hold."""
    faults = [("rule", fault) for fault in faults_of(draft.rule(1, "", None), matters=matters)]
    if (draft.from_time is None) != (draft.to_time is None):
        faults.append(("from_time", T("时段要有起有止", "hours have a start and an end")))
    if draft.unit_id not in units:
        faults.append(("unit_id", T("没有这个单位", "there is no such unit")))
    elif (closed := units[draft.unit_id]) and closed <= day:
        faults.append(("unit_id", T(f"单位已于 {closed} 撤销", f"the unit was closed on {closed}")))
    if draft.valid_to and draft.valid_to <= max(day, draft.valid_from or day):
        faults.append(("valid_to", T("失效日期应晚于生效日期", "valid_to must be later than valid_from")))
    return faults


class Held(NamedTuple):
    """The position that a line holds already, and for how long."""

    position: int
    valid_from: date
    valid_to: date | None


def positions(held: Sequence[Held | None]) -> list[int]:
    """A position for every line, in order; None: a new line. As many as can keep theirs; the others go between, evenly; where
    there is no room the whole table is numbered anew in steps of ten."""
    kept = _longest_run(held)
    found: list[int] = []
    for first, last in zip((-1, *kept), (*kept, len(held)), strict=True):
        between = last - first - 1
        low = held[first].position if first >= 0 else 0  # type: ignore[union-attr]
        high = held[last].position if last < len(held) else low + STEP * (between + 1)  # type: ignore[union-attr]
        if between and high - low <= between:
            return [STEP * (n + 1) for n in range(len(held))]
        found += [low + (high - low) * (n + 1) // (between + 1) for n in range(between)]
        if last < len(held):
            found.append(high)
    return found


def _longest_run(held: Sequence[Held | None]) -> list[int]:
    """The longest selection of lines whose positions rise (or repeat, one line following the other in time)."""
    best: list[tuple[int, int]] = []  # for each line: length of the longest run that ends there, the line before it
    for i, one in enumerate(held):
        length, before = 1, -1
        for j in range(i) if one else ():
            other = held[j]
            if other and best[j][0] >= length and _before(other, one):  # type: ignore[arg-type]
                length, before = best[j][0] + 1, j
        best.append((length if one else 0, before))
    run: list[int] = []
    at = max(range(len(held)), key=lambda i: best[i][0], default=-1)
    while at >= 0 and held[at]:
        run.append(at)
        at = best[at][1]
    return run[::-1]


def _before(a: Held, b: Held) -> bool:
    return a.position < b.position or (a.position == b.position and a.valid_to is not None and a.valid_to <= b.valid_from)


class Table:
    """The rules of one table, asked many times: those that can't fit a matter and a source are left out of the asking once."""

    def __init__(self, rules: Iterable[DispatchRule], calendar: WorkCalendar) -> None:
        self.rules, self.calendar = tuple(rules), calendar
        self._few: dict[tuple[str, str], tuple[DispatchRule, ...]] = {}

    def decide(self, question: Question) -> DispatchAnswer:
        """What `dispatch.decide` answers."""
        key = question.matter, question.source
        few = self._few.get(key)
        if few is None:
            few = tuple(r for r in self.rules if r.faults or (question.matter.startswith(r.matter) and r.source in ("", question.source)))
            self._few[key] = few
        return decide(few, question, self.calendar)
