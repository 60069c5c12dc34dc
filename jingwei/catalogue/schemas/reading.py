"""What the catalogue's doors take and answer."""

from datetime import date, time
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from jingwei.accounts.rules import ROLES
from jingwei.catalogue.models import CalendarDay, CalendarYear, Crosswalk
from jingwei.catalogue.models import Matter as MatterRow
from jingwei.catalogue.queries import year_tag
from jingwei.catalogue.rules.dispatch import DispatchAnswer, DispatchRule, report
from jingwei.catalogue.rules.files import office_hours
from jingwei.catalogue.rules.process import GUARDS, Process, State, Transition
from jingwei.catalogue.rules.values import Condition, Matter
from jingwei.kit.schemas import Coded, CodedName, Name, UnitRef


class MatterOut(Schema):
    """A class of business. `kind` component: the thing itself; event: what is to be done about it."""

    code: str
    name: str
    kind: str
    edition: str
    major: Coded
    module: CodedName
    valid_from: date
    valid_to: date | None


class LimitText(Schema):
    value: int
    unit: str
    text: Name


class ConditionOut(Schema):
    """When a case is filed and closed. `number` and `written_for` are the filing standard's own codes."""

    id: int
    text: str
    close_text: str
    limit: LimitText
    standard: str
    number: str
    written_for: Coded
    local: bool


class CounterpartOut(Schema):
    code: str
    name: str
    kind: str


class CrosswalkOut(Schema):
    """What a class became in another edition; `new` is null where it has no counterpart."""

    old: CounterpartOut
    new: CounterpartOut | None
    new_edition: str
    relation: str
    note: str


class ProcessRow(Schema):
    code: str
    version: int
    name: Name
    status: str
    valid_from: date
    valid_to: date | None


class ProcessStateOut(Schema):
    code: str
    name: Name
    kind: str
    start: bool
    order: int


class ProcessFieldOut(Schema):
    name: str
    kind: str
    required: bool
    label: Name


class ProcessMoveOut(Schema):
    """A transition. `to` is a state, "=" (stays) or "<" (back to the state before)."""

    move: str
    name: Name
    sources: list[str]
    to: str
    roles: list[CodedName]
    holder: bool
    form: list[ProcessFieldOut]
    guards: list[CodedName]
    clock: str
    event: str
    key: str
    style: str


class ProcessOut(ProcessRow):
    states: list[ProcessStateOut]
    transitions: list[ProcessMoveOut]


class HoursOut(Schema):
    start: time
    end: time


class CalendarDayOut(Schema):
    date: date
    kind: str
    name: str


class CalendarOut(Schema):
    """A year of a work calendar: what differs from plain weekdays and weekends."""

    code: str
    name: str
    timezone: str
    hours: list[HoursOut]
    year: int
    source: str
    days: list[CalendarDayOut]
    tag: str


class DispatchRuleOut(Schema):
    """A line of the dispatch table; empty terms mean any. `broken` says why it can't work."""

    id: int
    position: int
    matter: str
    area: str
    source: str
    days: str
    hours: HoursOut | None
    unit: UnitRef
    valid_from: date
    valid_to: date | None
    broken: Name | None


class DispatchTrial(Schema):
    """A case as the table would see it; `at` is now when left out."""

    model_config = ConfigDict(extra="forbid")

    matter: Annotated[str, Field(max_length=20)] = ""
    place: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$")]
    source: Annotated[str, Field(max_length=20)] = "worker"
    at: AwareDatetime | None = None


class DispatchTrialOut(Schema):
    unit: UnitRef | None
    position: int | None
    why: Name
    broken: list[Name]


def matter_out(m: Matter) -> MatterOut:
    return MatterOut(
        code=m.code,
        name=m.name,
        kind=m.kind,
        edition=m.edition,
        major=Coded(code=m.major_code, name=m.major_name),
        module=CodedName.of(m.module.code, m.module.name),
        valid_from=m.valid_from,
        valid_to=m.valid_to,
    )


def condition_out(c: Condition) -> ConditionOut:
    return ConditionOut(
        id=c.id,
        text=c.text,
        close_text=c.close_text,
        limit=LimitText(value=c.limit.value, unit=c.limit.unit, text=Name.of(c.limit.text)),
        standard=c.standard,
        number=c.number,
        written_for=Coded(code=c.matter_code, name=c.matter_name),
        local=c.local,
    )


def _counterpart(m: MatterRow) -> CounterpartOut:
    return CounterpartOut(code=m.code, name=m.name, kind=m.kind)


def crosswalk_out(c: Crosswalk) -> CrosswalkOut:
    return CrosswalkOut(
        old=_counterpart(c.old),
        new=_counterpart(c.new) if c.new else None,
        new_edition=c.new_edition.code,
        relation=c.relation,
        note=c.note,
    )


def process_row(p: Process) -> ProcessRow:
    assert p.valid_from
    return ProcessRow(code=p.code, version=p.version, name=Name.of(p.name), status=p.status, valid_from=p.valid_from, valid_to=p.valid_to)


def process_out(p: Process) -> ProcessOut:
    states, moves = [_state(s) for s in p.states.values()], [_move(t) for t in p.transitions]
    return ProcessOut(**process_row(p).model_dump(), states=states, transitions=moves)


def _state(s: State) -> ProcessStateOut:
    return ProcessStateOut(code=s.code, name=Name.of(s.name), kind=s.kind, start=s.start, order=s.order)


def _move(t: Transition) -> ProcessMoveOut:
    return ProcessMoveOut(
        move=t.action,
        name=Name.of(t.name),
        sources=list(t.sources),
        to=t.target,
        holder=t.holder,
        clock=t.clock,
        event=t.event,
        key=t.key,
        style=t.style,
        roles=[CodedName.of(r, ROLES[r].name) for r in t.roles],
        form=[ProcessFieldOut(name=f.name, kind=f.kind, required=f.required, label=Name.of(f.label)) for f in t.form],
        guards=[CodedName.of(g, GUARDS[g]) for g in t.guards],
    )


def calendar_out(year: CalendarYear, days: list[CalendarDay]) -> CalendarOut:
    c = year.calendar
    return CalendarOut(
        code=c.code,
        name=c.name,
        timezone=c.timezone,
        hours=[HoursOut(start=a, end=b) for a, b in office_hours(c.hours)],
        year=year.year,
        source=year.source,
        days=[CalendarDayOut(date=d.date, kind=d.kind, name=d.name) for d in days],
        tag=year_tag(days),
    )


def rule_out(r: DispatchRule, on: date) -> DispatchRuleOut:
    broken = report(r, on)
    return DispatchRuleOut(
        id=r.id,
        position=r.position,
        matter=r.matter,
        area=r.area,
        source=r.source,
        days=r.days,
        hours=HoursOut(start=r.hours[0], end=r.hours[1]) if r.hours else None,
        unit=UnitRef(id=r.unit_id, name=r.unit_name),
        valid_from=r.valid_from,
        valid_to=r.valid_to,
        broken=Name.of(broken) if broken else None,
    )


def trial_out(answer: DispatchAnswer, rules: tuple[DispatchRule, ...]) -> DispatchTrialOut:
    chosen = next((r for r in rules if r.id == answer.rule_id), None)
    return DispatchTrialOut(
        unit=UnitRef(id=chosen.unit_id, name=chosen.unit_name) if chosen else None,
        position=chosen.position if chosen else None,
        why=Name.of(answer.why),
        broken=[Name.of(b) for b in answer.broken],
    )
