"""Dispatch: an ordered table of matter × area × time × source → unit; the first match wins and says why.

A rule that can't work (its unit is closed, its matter or source unknown, its hours impossible) is named in the answers
that it might have changed, and is never skipped in silence.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from jingwei.catalogue.rules.clock import MissingYear, WorkCalendar
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.kit.codes import is_place
from jingwei.kit.text import T

Days = Literal["any", "workday", "day_off"]
DAYS: dict[str, T] = {"any": T("每天", "any day"), "workday": T("工作日", "workdays"), "day_off": T("休息日", "days off")}


@dataclass(frozen=True, slots=True)
class DispatchRule:
    """One line of the table. Empty `matter`, `area`, `source` mean any; `hours` may run over midnight.
    `matter` is a matter's code or its beginning (two digits: a major class)."""

    id: int
    position: int
    matter: str
    area: str
    source: str
    days: Days
    hours: tuple[time, time] | None
    unit_id: int
    unit_name: str
    unit_closed: date | None = None
    valid_from: date = date.min
    valid_to: date | None = None
    faults: tuple[T, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Which unit? `at` in any time zone; the calendar says which day and hour it is."""

    matter: str
    place: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class DispatchAnswer:
    """The unit of the first rule that matched, and why; the rules that could have matched but are broken."""

    unit_id: int | None
    rule_id: int | None
    why: T
    broken: tuple[T, ...] = ()


def faults_of(rule: DispatchRule, *, matters: Collection[str]) -> tuple[T, ...]:
    """What is wrong with a rule by itself. `matters` are the known codes and their beginnings."""
    faults: list[T] = []
    if rule.matter and rule.matter not in matters:
        faults.append(T(f"事项 {rule.matter} 不存在", f"matter {rule.matter} is unknown"))
    if rule.source and rule.source not in SOURCES:
        faults.append(T(f"来源 {rule.source} 不存在", f"source {rule.source} is unknown"))
    if rule.area and not is_place(rule.area):
        faults.append(T(f"区域 {rule.area} 不是区划或网格代码", f"area {rule.area} is no code of a place"))
    if rule.days not in DAYS:
        faults.append(T(f"日子的种类 {rule.days} 不存在", f"kind of days {rule.days} is unknown"))
    if rule.hours and rule.hours[0] == rule.hours[1]:
        faults.append(T("起止时间相同", "its hours start when they end"))
    if rule.valid_to and rule.valid_to <= rule.valid_from:
        faults.append(T("有效期倒置", "its period ends before it begins"))
    return tuple(faults)


def examine(rules: Iterable[DispatchRule], *, matters: Collection[str]) -> tuple[DispatchRule, ...]:
    """The table in order, each rule with its faults written on it."""
    return tuple(replace(rule, faults=faults_of(rule, matters=matters)) for rule in sorted(rules, key=lambda r: (r.position, r.id)))


def timeless(rule: DispatchRule) -> DispatchRule:
    """The rule as if it had always held."""
    return replace(rule, valid_from=date.min, valid_to=None)


def report(rule: DispatchRule, on: date) -> T | None:
    """ "rule 7 is broken: …" for a rule that can't work on that day; None for a sound one."""
    faults = list(rule.faults)
    if rule.unit_closed and rule.unit_closed <= on:
        faults.append(T(f"单位“{rule.unit_name}”已于 {rule.unit_closed} 撤销", f'unit "{rule.unit_name}" was closed on {rule.unit_closed}'))
    if not faults:
        return None
    zh, en = "；".join(f.zh for f in faults), "; ".join(f.en for f in faults)
    return T(f"规则 {rule.position} 失效：{zh}", f"rule {rule.position} is broken: {en}")


def decide(rules: Iterable[DispatchRule], question: Question, calendar: WorkCalendar) -> DispatchAnswer:
    """The first rule of the examined table that fits the question. A rule with faults of its own is reported whatever
    was asked, for nobody knows what it meant to fit; one with a closed unit, where it fits."""
    local = calendar.local(question.at)
    day, now = local.date(), local.time()
    broken: list[T] = []
    for rule in rules:
        if day < rule.valid_from or (rule.valid_to and rule.valid_from < rule.valid_to <= day):
            continue
        fault: T | None
        try:
            if not rule.faults and not _fits(rule, question, day, now, calendar):
                continue
            fault = report(rule, day)
        except MissingYear as missing:
            fault = T(f"规则 {rule.position} 失效：{missing.message.zh}", f"rule {rule.position} is broken: {missing.message.en}")
        if fault:
            broken.append(fault)
            continue
        terms = _terms(rule)
        why = T(f"规则 {rule.position} 匹配：{terms.zh} → {rule.unit_name}", f"rule {rule.position} matched: {terms.en} → {rule.unit_name}")
        return DispatchAnswer(rule.unit_id, rule.id, _joined(broken, why), tuple(broken))
    return DispatchAnswer(None, None, _joined(broken, T("没有匹配的派遣规则", "no dispatch rule matched")), tuple(broken))


def _fits(rule: DispatchRule, question: Question, day: date, now: time, calendar: WorkCalendar) -> bool:
    return (
        question.matter.startswith(rule.matter)
        and question.place.startswith(rule.area)
        and (not rule.source or rule.source == question.source)
        and (rule.hours is None or _within(now, *rule.hours))
        and (rule.days == "any" or calendar.is_workday(day) == (rule.days == "workday"))
    )


def _within(now: time, start: time, end: time) -> bool:
    return start <= now < end if start < end else now >= start or now < end


def _terms(rule: DispatchRule) -> T:
    terms: list[T] = []
    if rule.matter:
        terms.append(T(f"事项 {rule.matter}", f"matter {rule.matter}"))
    if rule.area:
        terms.append(T(f"区域 {rule.area}", f"area {rule.area}"))
    if rule.days != "any":
        terms.append(DAYS[rule.days])
    if rule.hours:
        terms.append(T(*[f"{rule.hours[0]:%H:%M}–{rule.hours[1]:%H:%M}"] * 2))
    if rule.source:
        source = SOURCES[rule.source]
        terms.append(T(f"来源 {source.zh}", f"source {source.en}"))
    return T(" × ".join(t.zh for t in terms) or "所有案件", " × ".join(t.en for t in terms) or "every case")


def _joined(broken: list[T], last: T) -> T:
    return T("；".join([*(b.zh for b in broken), last.zh]), "; ".join([*(b.en for b in broken), last.en]))
