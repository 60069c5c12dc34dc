"""The dispatch table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.editing import first_day, refuse
from jingwei.catalogue.actions.loading import Key, LoadReport, begin_edit, read_rows, record_load, refuse_overlaps, standing_rows, write_rows
from jingwei.catalogue.models import DispatchRule, Matter
from jingwei.catalogue.queries import standing_rules, table_tag
from jingwei.catalogue.rules.dispatch import DAYS
from jingwei.catalogue.rules.files import Fault, Sheet, choice, hours, number, period, word
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.rules.table import DraftRule, Held, faults_of_draft, positions
from jingwei.catalogue.rules.values import beginnings
from jingwei.events.actions import record
from jingwei.kit.codes import is_place
from jingwei.kit.errors import Conflict
from jingwei.kit.text import T
from jingwei.kit.times import localdate


@transaction.atomic
def load_dispatch_rules(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """Rules: position, matter (a code or its beginning), area (a place's code), source, days (any, workday, day_off), hours
    ("18:00-08:00"), unit (its code), note and, where they differ from the head's date, valid_from and valid_to. Empty means any.
    Head: valid_from. A rule keeps its position; to end one, give it a valid_to."""
    begin_edit(actor)
    report = LoadReport()
    start = sheet.said_date("valid_from")
    units = {u.code: u for u in Unit.objects.all()}
    matters = beginnings(Matter.objects.values_list("code", flat=True))

    def read(row: Mapping[str, str]) -> tuple[Key, dict[str, Any]]:
        position = number(row, "position", 1, 1_000_000)
        matter, area = word(row, "matter", 20, empty=True), word(row, "area", 15, empty=True)
        if matter and matter not in matters:
            raise Fault(f"事项 {matter} 不存在", f"matter {matter} is unknown")
        if area and not is_place(area):
            raise Fault(f"区域 {area} 不是区划或网格代码", f"area {area} is no code of a place")
        unit = units.get(word(row, "unit", 30))
        if unit is None:
            raise Fault(f"单位 {row['unit']} 不存在", f"unit {row['unit']} is unknown")
        from_time, to_time = hours(row["hours"]) if row.get("hours") else (None, None)
        valid_from, valid_to = period(row, start)
        if unit.closed_date and (valid_to is None or valid_to > unit.closed_date):
            raise Fault(f"单位 {unit.name} 已撤销", f"unit {unit.name} is closed")
        return (position, valid_from), {
            "position": position,
            "matter": matter,
            "area": area,
            "source": choice(row, "source", SOURCES, default="") if row.get("source") else "",
            "days": choice(row, "days", DAYS, default="any"),
            "from_time": from_time,
            "to_time": to_time,
            "unit_id": unit.pk,
            "note": word(row, "note", 200, empty=True),
            "valid_from": valid_from,
            "valid_to": valid_to,
        }

    taken = read_rows(sheet, report, read)
    standing = standing_rows(DispatchRule.objects.all(), lambda r: (r.position, r.valid_from))
    refuse_overlaps(taken, standing, lambda key: key[0], sheet, report)  # type: ignore[index]
    write_rows(DispatchRule, taken, standing, report)
    record_load("dispatch_rules.loaded", report, actor=actor, at=at, subject_type="catalogue", subject_key="dispatch_rules")
    return report


@transaction.atomic
def revise_dispatch_rules(*, actor: Actor, at: datetime, seen: str, drafts: Sequence[DraftRule], valid_from: date | None = None) -> None:
    """The whole table as drafted, from a day on (by default today): rules that are missing end there, changed ones end and begin
    anew, the rest stay as they are. Conflict when the table is no longer the one `seen`; Invalid names the line and what is wrong
    with it. A broken rule that nobody touched does not stand in the way."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    standing = standing_rules(localdate(at))
    if seen != table_tag(standing):
        raise Conflict(T("派遣规则已被他人更改", "somebody else changed the dispatch table"), extra={"present": {"tag": table_tag(standing)}})
    by_id = {r.pk: r for r in standing}
    old = [by_id.get(d.id) if d.id else None for d in drafts]
    _refuse_drafts(drafts, old, day)
    places = positions([Held(r.position, r.valid_from, r.valid_to) if r else None for r in old])
    fresh: list[DispatchRule] = []
    stays: set[int] = set()
    for draft, row, position in zip(drafts, old, places, strict=True):
        values = _drafted(draft, row, position, day)
        if row and all(getattr(row, name) == value for name, value in values.items()):
            stays.add(row.pk)
        else:
            fresh.append(DispatchRule(**values | {"valid_from": max(values["valid_from"], day)}))
    over = [r for r in standing if r.pk not in stays]
    if not over and not fresh:
        return
    DispatchRule.objects.filter(pk__in=[r.pk for r in over if r.valid_from >= day]).delete()  # never in force
    DispatchRule.objects.filter(pk__in=[r.pk for r in over if r.valid_from < day]).update(valid_to=day)
    DispatchRule.objects.bulk_create(fresh)
    data = {"from": day, "ended": [told(r) for r in over], "begun": [told(r) for r in fresh], "unchanged": len(stays)}
    record("dispatch_rules.revised", actor=actor, at=at, subject_type="catalogue", subject_key="dispatch_rules", data=data)


def told(rule: DispatchRule) -> dict[str, Any]:
    """A rule as the record tells it."""
    return {f.attname: getattr(rule, f.attname) for f in DispatchRule._meta.concrete_fields if not f.primary_key}


def _drafted(draft: DraftRule, row: DispatchRule | None, position: int, day: date) -> dict[str, Any]:
    return {
        "position": position,
        "matter": draft.matter,
        "area": draft.area,
        "source": draft.source,
        "days": draft.days,
        "from_time": draft.from_time,
        "to_time": draft.to_time,
        "unit_id": draft.unit_id,
        "note": draft.note,
        "valid_from": draft.valid_from or (row.valid_from if row else day),
        "valid_to": draft.valid_to,
    }


def _refuse_drafts(drafts: Sequence[DraftRule], old: Sequence[DispatchRule | None], day: date) -> None:
    matters = beginnings(Matter.objects.values_list("code", flat=True))
    units = dict(Unit.objects.filter(pk__in={d.unit_id for d in drafts}).values_list("pk", "closed_date"))
    faults: list[tuple[str, T]] = []
    named: set[int] = set()
    for n, (draft, row) in enumerate(zip(drafts, old, strict=True)):
        if draft.id and (row is None or draft.id in named):
            faults.append((f"rules.{n}.id", T("表里没有这条规则，或写了两次", "the table has no such rule, or it stands twice")))
        named.add(draft.id or 0)
        if row is None or _drafted(draft, row, row.position, day) != {name: getattr(row, name) for name in _drafted(draft, row, 0, day)}:
            faults += [(f"rules.{n}.{field}", fault) for field, fault in faults_of_draft(draft, matters=matters, units=units, day=day)]
    refuse(faults)
