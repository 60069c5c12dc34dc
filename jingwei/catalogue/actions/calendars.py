"""Work calendars come year by year, as the State Council's notices do."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.loading import LoadReport, Refusal, begin_edit, record_load, upsert
from jingwei.catalogue.models import CalendarDay, CalendarYear, WorkCalendar
from jingwei.catalogue.queries import year_tag
from jingwei.catalogue.rules.files import Fault, Sheet, choice, day, office_hours, word
from jingwei.events.actions import record
from jingwei.kit.errors import Conflict, FieldError, Invalid, NotFound, invalid
from jingwei.kit.text import T

LONGEST = 60  # days of one holiday


@transaction.atomic
def load_calendar(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """The years of a calendar: first_date, last_date, kind (holiday, makeup), name. Head: calendar, name, years,
    timezone, hours, source.

    The named years are replaced whole. When one row is refused nothing is taken: a year with a missing holiday would be
    a guess.
    """
    begin_edit(actor)
    report = LoadReport(read=len(sheet.rows) + len(sheet.broken), refused=[Refusal(*b) for b in sheet.broken])
    years, code, values = _head(sheet)
    wanted: dict[date, tuple[str, str]] = {}
    for line, row in sheet.rows:
        try:
            first, last = day(row, "first_date"), day(row, "last_date", day(row, "first_date"))
            kind, name = choice(row, "kind", ("holiday", "makeup")), word(row, "name", 60)
            if first is None or last is None or not timedelta(0) <= last - first < timedelta(LONGEST):
                raise Fault(f"起止日期应按先后，不超过 {LONGEST} 天", f"the dates must be in order and at most {LONGEST} days apart")
            for d in (first + timedelta(n) for n in range((last - first).days + 1)):
                if d.year not in years:
                    raise Fault(f"{d} 不在本文件的年份里", f"{d} is not in the years of this file")
                if d in wanted:
                    raise Fault(f"{d} 写了两次", f"{d} stands twice")
                if kind == "makeup" and d.weekday() < 5:
                    raise Fault(f"{d} 不是周末，不会是调休上班日", f"{d} is no weekend and can't be a make-up workday")
                wanted[d] = (kind, name)
        except Fault as fault:
            report.refused.append(Refusal(line, fault.message, row))
    if not report.refused:
        _replace(report, code, values, years, wanted, sheet.said("source")[:500])
        record_load("calendar.loaded", report, actor=actor, at=at, subject_type="calendar", subject_key=code)
    return report


def _head(sheet: Sheet) -> tuple[list[int], str, dict[str, Any]]:
    faults: list[FieldError] = []
    years = sheet.said("years").split()
    if not all(y.isascii() and y.isdigit() and 1950 <= int(y[:9]) <= 2200 for y in years):
        faults.append(FieldError("years", T("年份应写作 2025 2026", "write years as 2025 2026")))
    try:
        hours = office_hours(sheet.said("hours"))
    except Fault as fault:
        faults.append(FieldError("hours", fault.message))
    try:
        ZoneInfo(sheet.said("timezone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(FieldError("timezone", T("时区不存在", "unknown time zone")))
    if faults:
        raise Invalid(errors=faults)
    text = " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in hours)
    return [int(y) for y in years], sheet.said("calendar")[:40], {"name": sheet.said("name")[:100], "hours": text, "timezone": sheet.said("timezone")}


def _replace(
    report: LoadReport,
    code: str,
    values: dict[str, Any],
    years: list[int],
    wanted: dict[date, tuple[str, str]],
    source: str,
) -> None:
    calendar = upsert(WorkCalendar, report, values, code=code)
    rows = {y: upsert(CalendarYear, report, {"source": source}, calendar=calendar, year=y) for y in years}
    standing = {d.date: d for d in CalendarDay.objects.filter(year__in=rows.values())}
    gone = [d.pk for date_, d in standing.items() if (d.kind, d.name) != wanted.get(date_)]
    if gone:
        CalendarDay.objects.filter(pk__in=gone).delete()
        report.head_changed = True
    fresh = [d for d in wanted if d not in standing or standing[d].pk in gone]
    CalendarDay.objects.bulk_create(CalendarDay(year=rows[d.year], date=d, kind=wanted[d][0], name=wanted[d][1]) for d in fresh)
    # The rows of the file are ranges of days: they count together.
    if standing and (fresh or gone):
        report.changed = report.read
    elif fresh:
        report.added = report.read
    else:
        report.unchanged = report.read


@transaction.atomic
def set_day(*, actor: Actor, at: datetime, code: str, day_: date, kind: str, name: str, seen: str) -> None:
    """One day of a calendar becomes a holiday, a make-up workday, or ("plain") what its weekday says. Conflict when the year is no
    longer the one `seen`; Invalid for a make-up workday that is no weekend. Clocks that run keep the due time they have."""
    begin_edit(actor)
    year = CalendarYear.objects.filter(calendar__code=code, year=day_.year).first()
    if year is None:
        raise NotFound(T(f"日历“{code}”没有 {day_.year} 年", f'calendar "{code}" has no year {day_.year}'))
    days = list(year.days.order_by("date"))
    if seen != year_tag(days):
        raise Conflict(extra={"present": {"tag": year_tag(days)}})
    if kind == "makeup" and day_.weekday() < 5:
        raise invalid("kind", f"{day_} 不是周末，不会是调休上班日", f"{day_} is no weekend and can't be a make-up workday")
    if kind != "plain" and not name.strip():
        raise invalid("name", "请写节假日名称", "say which holiday it is")
    before = next(((d.kind, d.name) for d in days if d.date == day_), None)
    year.days.filter(date=day_).delete()
    if kind != "plain":
        CalendarDay.objects.create(year=year, date=day_, kind=kind, name=name.strip())
    data = {"date": day_, "kind": kind, "name": name.strip(), "before": before}
    record("calendar.day_set", actor=actor, at=at, subject_type="calendar", subject_key=code, data=data)
