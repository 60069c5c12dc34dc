"""The dispatch table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.loading import Key, LoadReport, begin_edit, read_rows, record_load, refuse_overlaps, standing_rows, write_rows
from jingwei.catalogue.models import DispatchRule, Matter
from jingwei.catalogue.rules.dispatch import DAYS
from jingwei.catalogue.rules.files import Fault, Sheet, choice, hours, number, period, word
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.rules.values import beginnings
from jingwei.kit.codes import is_place


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
        if unit.closed_date:
            raise Fault(f"单位 {unit.name} 已撤销", f"unit {unit.name} is closed")
        from_time, to_time = hours(row["hours"]) if row.get("hours") else (None, None)
        valid_from, valid_to = period(row, start)
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
