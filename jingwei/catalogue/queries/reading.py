"""Reading the snapshot from the database, once for each revision."""

import threading
from datetime import date
from typing import cast

from jingwei.accounts.models import Unit
from jingwei.catalogue import models
from jingwei.catalogue.queries.snapshot import Catalogue
from jingwei.catalogue.rules import values
from jingwei.catalogue.rules.clock import Limit, WorkCalendar
from jingwei.catalogue.rules.clock import Unit as LimitUnit
from jingwei.catalogue.rules.dispatch import Days, DispatchRule
from jingwei.catalogue.rules.files import office_hours
from jingwei.catalogue.rules.process import Process, read_process
from jingwei.kit import db
from jingwei.kit.text import T

_held: Catalogue | None = None
_reading = threading.Lock()


def current_revision() -> int:
    """The number of the catalogue's last change; 0 before the first."""
    found = db.row("select number from catalogue_revision")
    return int(found[0]) if found else 0


def catalogue(revision: int | None = None) -> Catalogue:
    """The snapshot of this process, read again when it is older than `revision` (by default than what the database says).

    `revision` is for a caller that has read it along with something else. Numbers are never used again, not even after a
    rollback, so a snapshot can't be mistaken for another of the same number.
    """
    global _held
    wanted = current_revision() if revision is None else revision
    held = _held
    if held is not None and held.revision == wanted:
        return held
    with _reading:
        if _held is None or _held.revision != wanted:
            _held = _read()
        return _held


def _read() -> Catalogue:
    # Statements of one read may straddle somebody's commit: then it is read again.
    while True:
        revision = current_revision()
        snapshot = _read_at(revision)
        if current_revision() == revision:
            return snapshot


def _read_at(revision: int) -> Catalogue:
    modules = {m.pk: values.Module(m.code, T(m.name, m.name_en)) for m in models.Module.objects.all()}
    editions = {e.pk: values.Edition(e.pk, e.code, e.name, e.source, e.valid_from, e.valid_to) for e in models.Edition.objects.all()}
    matters = {
        m.pk: values.Matter(
            m.pk,
            editions[m.edition_id].code,
            cast(values.MatterKind, m.kind),
            m.code,
            m.name,
            m.major_code,
            m.major_name,
            modules[m.module_id],
            m.valid_from,
            m.valid_to,
        )
        for m in models.Matter.objects.all()
    }
    standards = dict(models.FilingStandard.objects.values_list("pk", "code"))
    return Catalogue(
        revision=revision,
        modules=modules.values(),
        editions=editions.values(),
        matters=matters.values(),
        conditions=[
            values.Condition(
                c.pk,
                standards[c.standard_id],
                c.number,
                c.matter_id,
                matters[c.matter_id].code,
                matters[c.matter_id].name,
                c.text,
                c.close_text,
                _limit(c),
                c.local,
                c.valid_from,
                c.valid_to,
            )
            for c in models.FilingCondition.objects.all()
        ],
        crosswalk=models.Crosswalk.objects.filter(new__isnull=False).values_list("old_id", "new_id"),
        processes=[_process(p) for p in models.Process.objects.all()],
        limits=[
            values.TimeLimit(
                t.process,
                t.state,
                t.matter,
                t.urgent,
                _limit(t),
                t.by_condition,
                t.valid_from,
                t.valid_to,
            )
            for t in models.TimeLimit.objects.all()
        ],
        calendars=_calendars(),
        rules=_rules(),
        texts=[
            values.StandardText(t.pk, t.code, t.title, t.process, t.move, t.matter, t.text, t.position, t.valid_from, t.valid_to)
            for t in models.StandardText.objects.all()
        ],
    )


def _limit(row: models.FilingCondition | models.TimeLimit) -> Limit:
    return Limit(row.limit_value, cast(LimitUnit, row.limit_unit))


def _process(row: models.Process) -> Process:
    return read_process(row.definition, id=row.pk, status=row.status, valid_from=row.valid_from, valid_to=row.valid_to)


def _calendars() -> list[WorkCalendar]:
    years: dict[int, set[int]] = {}
    for calendar_id, year in models.CalendarYear.objects.values_list("calendar_id", "year"):
        years.setdefault(calendar_id, set()).add(year)
    days: dict[tuple[int, str], set[date]] = {}
    for calendar_id, kind, day in models.CalendarDay.objects.values_list("year__calendar_id", "kind", "date"):
        days.setdefault((calendar_id, kind), set()).add(day)
    return [
        WorkCalendar(
            c.code,
            c.name,
            office_hours(c.hours),
            frozenset(years.get(c.pk, ())),
            frozenset(days.get((c.pk, "holiday"), ())),
            frozenset(days.get((c.pk, "makeup"), ())),
            c.timezone,
        )
        for c in models.WorkCalendar.objects.all()
    ]


def _rules() -> list[DispatchRule]:
    units = {u.pk: u for u in Unit.objects.filter(pk__in=models.DispatchRule.objects.values("unit_id"))}
    return [
        DispatchRule(
            r.pk,
            r.position,
            r.matter,
            r.area,
            r.source,
            cast(Days, r.days),
            None if r.from_time is None or r.to_time is None else (r.from_time, r.to_time),
            r.unit_id,
            units[r.unit_id].name,
            units[r.unit_id].closed_date,
            r.valid_from,
            r.valid_to,
            note=r.note,
        )
        for r in models.DispatchRule.objects.all()
    ]
