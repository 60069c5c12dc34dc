"""Limits and calendars as they are edited."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from jingwei.catalogue.actions import LimitDraft, LoadReport
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import LIMIT_RANGE, TimeLimit
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.clock import Limit, Unit, WorkCalendar
from jingwei.kit.schemas import In, Name

Value = Annotated[int, Field(ge=LIMIT_RANGE[0], le=LIMIT_RANGE[1])]
Code = Annotated[str, Field(max_length=40)]


class LimitRow(BaseModel):
    """How long a state may last. `by_condition`: a filing condition's own limit replaces it."""

    id: int
    process: str
    state: str
    matter: str
    matter_name: str
    urgent: bool
    value: int
    unit: str
    text: Name
    by_condition: bool
    valid_from: date
    valid_to: date | None
    tag: str


class LimitWritten(In):
    value: Value
    unit: Unit
    by_condition: bool = False
    valid_from: date | None = None

    def draft(self) -> LimitDraft:
        return LimitDraft(self.value, self.unit, self.by_condition)


class LimitIn(LimitWritten):
    """A limit for a state that has none for this matter and urgency."""

    process: Code
    state: Code
    matter: Annotated[str, Field(max_length=20)] = ""
    urgent: bool = False


class LimitChange(LimitWritten):
    """The limit from `valid_from` on (today when left out). `seen`: the tag of the limit that was looked at."""

    seen: Code


class DueOut(BaseModel):
    """When a limit that starts then is warned and due, by the work calendar."""

    start: AwareDatetime
    warn_at: AwareDatetime
    due_at: AwareDatetime


class CalendarRow(BaseModel):
    """A work calendar. `wanted`: the year that somebody should enter now."""

    code: str
    name: str
    years: list[int]
    wanted: int | None


class DayIn(In):
    """What a day is: a holiday, a make-up workday, or what its weekday says. `seen`: the tag of the year that was looked at."""

    kind: Literal["holiday", "makeup", "plain"]
    name: Annotated[str, Field(max_length=60)] = ""
    seen: Code


class YearIn(In):
    """A year's holidays as CSV lines: first_date, last_date, kind (放假 or 调休上班), name; the header may be left out. With `dry_run`
    nothing is kept."""

    text: Annotated[str, Field(max_length=20_000)]
    source: Annotated[str, Field(min_length=1, max_length=500)]
    dry_run: bool = False


class RefusedLine(BaseModel):
    """A line that was not taken, and why."""

    line: int
    reason: Name
    row: dict[str, str]


class LoadOut(BaseModel):
    """What a load did, or would do. read = added + changed + unchanged + refused."""

    dry_run: bool
    read: int
    added: int
    changed: int
    unchanged: int
    refused: list[RefusedLine]


def limit_row(row: TimeLimit) -> LimitRow:
    limit = Limit(row.limit_value, row.limit_unit)  # type: ignore[arg-type]
    return LimitRow(
        id=row.pk,
        process=row.process,
        state=row.state,
        matter=row.matter,
        matter_name=catalogue().matter_title(row.matter) if row.matter else "",
        urgent=row.urgent,
        value=row.limit_value,
        unit=row.limit_unit,
        text=Name.of(limit.text),
        by_condition=row.by_condition,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        tag=mark(row),
    )


def calendar_row(calendar: WorkCalendar, today: date) -> CalendarRow:
    return CalendarRow(code=calendar.code, name=calendar.name, years=sorted(calendar.years), wanted=calendar.year_wanted(today))


def load_out(report: LoadReport, dry_run: bool) -> LoadOut:
    refused = [RefusedLine(line=r.line, reason=Name.of(r.reason), row=dict(r.row)) for r in sorted(report.refused, key=lambda r: r.line)]
    return LoadOut(dry_run=dry_run, read=report.read, added=report.added, changed=report.changed, unchanged=report.unchanged, refused=refused)
