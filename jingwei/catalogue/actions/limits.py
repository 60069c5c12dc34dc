"""How long each state of a process may last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.loading import Key, LoadReport, begin_edit, read_rows, record_load, refuse_overlaps, standing_rows, write_rows
from jingwei.catalogue.models import LIMIT_RANGE, Process, TimeLimit
from jingwei.catalogue.rules.clock import UNITS
from jingwei.catalogue.rules.files import Fault, Sheet, choice, number, period, word, yes
from jingwei.catalogue.rules.registry import SUMMONS_CLOCKS


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
