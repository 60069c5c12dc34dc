"""How long each state of a process may last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.editing import amend, check_seen, end, first_day, refuse
from jingwei.catalogue.actions.loading import Key, LoadReport, begin_edit, read_rows, record_load, refuse_overlaps, standing_rows, write_rows
from jingwei.catalogue.models import LIMIT_RANGE, Matter, Process, TimeLimit
from jingwei.catalogue.rules.clock import UNITS
from jingwei.catalogue.rules.files import Fault, Sheet, choice, number, period, word, yes
from jingwei.catalogue.rules.registry import SUMMONS_CLOCKS
from jingwei.catalogue.rules.values import beginnings
from jingwei.events.actions import record
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T


@transaction.atomic
def load_limits(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """Limits: process, state, matter (a code or its beginning, empty: all), urgent, value, unit, by_condition and, where
    they differ from the head's date, valid_from and valid_to. Head: valid_from."""
    begin_edit(actor)
    report = LoadReport()
    start = sheet.said_date("valid_from")
    processes = list(Process.objects.order_by("version"))
    states = {(p.code, s["code"]): s["kind"] for p in processes for s in p.definition["state"]}
    states |= {(p.code, clock): "open" for p in processes if any(m["action"] == "summon" for m in p.definition["move"]) for clock in SUMMONS_CLOCKS}

    def read(row: Mapping[str, str]) -> tuple[Key, dict[str, Any]]:
        process, state = word(row, "process", 40), word(row, "state", 40)
        if (process, state) not in states:
            raise Fault(f"流程 {process} 没有状态 {state}", f"the process {process} has no state {state}")
        if states[process, state] != "open":
            raise Fault(f"状态 {state} 不计时", f"no clock runs in the state {state}")
        matter, urgent = word(row, "matter", 20, empty=True), yes(row, "urgent")
        valid_from, valid_to = period(row, start)
        return (process, state, matter, urgent, valid_from), {
            "process": process,
            "state": state,
            "matter": matter,
            "urgent": urgent,
            "limit_value": number(row, "value", *LIMIT_RANGE),
            "limit_unit": choice(row, "unit", UNITS),
            "by_condition": yes(row, "by_condition"),
            "valid_from": valid_from,
            "valid_to": valid_to,
        }

    taken = read_rows(sheet, report, read)
    standing = standing_rows(TimeLimit.objects.all(), lambda t: (t.process, t.state, t.matter, t.urgent, t.valid_from))
    refuse_overlaps(taken, standing, lambda key: key[:4], sheet, report)  # type: ignore[index]
    write_rows(TimeLimit, taken, standing, report)
    record_load("limits.loaded", report, actor=actor, at=at, subject_type="catalogue", subject_key="limits")
    return report


@dataclass(frozen=True, slots=True)
class LimitDraft:
    """How long a state may last, as somebody writes it."""

    value: int
    unit: str
    by_condition: bool = False


@transaction.atomic
def add_limit(
    *, actor: Actor, at: datetime, process: str, state: str, matter: str = "", urgent: bool = False, draft: LimitDraft, valid_from: date | None = None
) -> TimeLimit:
    """A limit for a state that has none for this matter and urgency, from a day on (by default today)."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    states = {(p.code, s["code"]): s["kind"] for p in Process.objects.order_by("version") for s in p.definition["state"]}
    faults: list[tuple[str, T]] = []
    if states.get((process, state)) != "open":
        faults.append(("state", T("只有办理中的状态可以定时限", "only an open state of a process has a limit")))
    if matter and matter not in beginnings(Matter.objects.values_list("code", flat=True)):
        faults.append(("matter", T(f"事项 {matter} 不存在", f"matter {matter} is unknown")))
    same = TimeLimit.objects.filter(process=process, state=state, matter=matter, urgent=urgent)
    if same.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).exists():
        faults.append(("matter", T("这种情况已有时限，请修改那一条", "there is a limit for this already: change that one")))
    refuse(faults)
    row = TimeLimit.objects.create(process=process, state=state, matter=matter, urgent=urgent, **_written(draft), valid_from=day)
    _record("limit.added", row, actor, at)
    return row


@transaction.atomic
def change_limit(*, actor: Actor, at: datetime, limit_id: int, seen: str, draft: LimitDraft, valid_from: date | None = None) -> TimeLimit:
    """The limit as drafted, from a day on; clocks that run keep the limit that they started with. Conflict when it was changed since."""
    begin_edit(actor)
    row = _limit(limit_id, seen)
    changed = amend(row, _written(draft), first_day(at, valid_from))
    _record("limit.changed", changed, actor, at)
    return changed


@transaction.atomic
def end_limit(*, actor: Actor, at: datetime, limit_id: int, seen: str, valid_to: date | None = None) -> None:
    """The limit holds no longer from a day on (by default today)."""
    begin_edit(actor)
    row = _limit(limit_id, seen)
    _record("limit.ended", row, actor, at)
    end(row, first_day(at, valid_to, "valid_to"))


def _limit(limit_id: int, seen: str) -> TimeLimit:
    row = TimeLimit.objects.filter(pk=limit_id).first()
    if row is None:
        raise NotFound(T("没有这条时限，或刚被替换", "there is no such limit, or it has just been replaced"))
    check_seen(row, seen, _told(row))
    return row


def _written(draft: LimitDraft) -> dict[str, Any]:
    return {"limit_value": draft.value, "limit_unit": draft.unit, "by_condition": draft.by_condition}


def _told(row: TimeLimit) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in TimeLimit._meta.concrete_fields}


def _record(type: str, row: TimeLimit, actor: Actor, at: datetime) -> None:
    record(type, actor=actor, at=at, subject_type="time_limit", subject_key=row.pk, data=_told(row))
