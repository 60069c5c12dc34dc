"""When a limit runs out: arithmetic on four clocks and a work calendar.

urgent_hour and natural_day run through nights and holidays; work_hour runs in the calendar's office hours on workdays;
work_day runs the whole 24 hours of workdays and stands still on every other day (practice of GB/T 30428.8). Make-up
workdays (调休上班) are workdays. A year that the calendar does not hold is an error that names it, never a guess.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from jingwei.kit.errors import Refused
from jingwei.kit.text import T

Unit = Literal["urgent_hour", "work_hour", "work_day", "natural_day"]
UNITS: tuple[Unit, ...] = get_args(Unit)
UNIT_NAMES: dict[str, T] = {
    "urgent_hour": T("紧急工作时", "urgent hours"),
    "work_hour": T("工作时", "work hours"),
    "work_day": T("工作日", "work days"),
    "natural_day": T("自然日", "natural days"),
}
NOTICE = timedelta(days=120)  # the State Council announces a year's holidays in the November before; long limits reach there earlier
_CONTINUOUS = ("urgent_hour", "natural_day")
_DAY = 86_400_000_000  # microseconds
_MICROSECOND = timedelta(microseconds=1)


class MissingYear(Refused):
    """The work calendar does not reach that far: somebody has to enter the year's holidays first."""

    code = "missing_year"

    def __init__(self, calendar: str, year: int) -> None:
        self.calendar, self.year = calendar, year
        super().__init__(
            T(f"工作日历“{calendar}”没有 {year} 年，请先录入该年的节假日", f'work calendar "{calendar}" has no year {year}: load its holidays first'),
            extra={"calendar": calendar, "year": year},
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """So many units of one of the four clocks."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.value < 1:
            raise ValueError(f"no limit: {self.value} {self.unit}")

    @property
    def length(self) -> timedelta:
        """The limit as time on its unit's clock; a day is 24 hours of it."""
        return timedelta(hours=self.value) if self.unit.endswith("hour") else timedelta(days=self.value)

    @property
    def text(self) -> T:
        """ "5 个工作日", "5 work days"."""
        zh, en = UNIT_NAMES[self.unit]
        return T(f"{self.value} 个{zh}", f"{self.value} {en if self.value != 1 else en[:-1]}")


@dataclass(frozen=True)
class WorkCalendar:
    """Office hours and the years it knows: `holidays` are the days off besides plain weekends, `makeup` the Saturdays and
    Sundays that are worked."""

    code: str
    name: str
    hours: tuple[tuple[time, time], ...]
    years: frozenset[int]
    holidays: frozenset[date]
    makeup: frozenset[date]
    tz: str = "Asia/Shanghai"

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked. Raises MissingYear."""
        if day.year not in self.years:
            raise MissingYear(self.code, day.year)
        return day in self.makeup or (day.weekday() < 5 and day not in self.holidays)

    def year_wanted(self, today: date) -> int | None:
        """The year that somebody should enter now: this one, or from NOTICE days before it begins the next one."""
        for year in sorted({today.year, (today + NOTICE).year}):
            if year not in self.years:
                return year
        return None

    def local(self, at: datetime) -> datetime:
        """`at` on the calendar's own wall clock."""
        try:
            return at.astimezone(self.zone)
        except OverflowError:
            raise MissingYear(self.code, 10_000 if at.year > 1 else 0) from None

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @cached_property
    def office(self) -> tuple[tuple[int, int], ...]:
        """The office hours in microseconds since midnight, in order."""
        return tuple((_micros(a), _micros(b)) for a, b in sorted(self.hours))

    @cached_property
    def _runs(self) -> "dict[int, _Run]":
        """For each year the unbroken run of years it lies in."""
        runs: dict[int, _Run] = {}
        years = sorted(self.years)
        while years:
            last = 1
            while last < len(years) and years[last] == years[0] + last:
                last += 1
            run = _run(self, years[0], years[last - 1])
            runs.update(dict.fromkeys(years[:last], run))
            del years[:last]
        return runs


class _Run(NamedTuple):
    """Workdays of consecutive years: `days` their ordinals, `before[i]` how many lie before the i-th day of the run."""

    first: int
    end: int  # ordinal of the first day after the run
    next_year: int
    days: list[int]
    before: list[int]


def _micros(t: time) -> int:
    return ((t.hour * 60 + t.minute) * 60 + t.second) * 1_000_000 + t.microsecond


def _run(calendar: WorkCalendar, first_year: int, last_year: int) -> _Run:
    first, end = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal() + 1
    days: list[int] = []
    before: list[int] = []
    for ordinal in range(first, end):
        before.append(len(days))
        if calendar.is_workday(date.fromordinal(ordinal)):
            days.append(ordinal)
    before.append(len(days))
    return _Run(first, end, last_year + 1, days, before)


def _spans(calendar: WorkCalendar, unit: Unit) -> tuple[tuple[int, int], ...]:
    return calendar.office if unit == "work_hour" else ((0, _DAY),)


def _find_run(calendar: WorkCalendar, local: datetime) -> _Run:
    """The run that holds `local`; midnight after its last day still belongs to it (a limit may end there)."""
    run = calendar._runs.get(local.year)
    if run is None and local.month == local.day == 1 and local.time() == time(0):
        run = calendar._runs.get(local.year - 1)
    if run is None:
        raise MissingYear(calendar.code, local.year)
    return run


def _worked(run: _Run, spans: tuple[tuple[int, int], ...], local: datetime) -> int:
    """Microseconds of work between the start of the run and `local`."""
    ordinal = local.toordinal()
    before = run.before[ordinal - run.first]
    whole = before * sum(b - a for a, b in spans)
    if before == len(run.days) or run.days[before] != ordinal:
        return whole
    now = _micros(local.time())
    return whole + sum(min(now, b) - a for a, b in spans if now > a)


def elapsed(start: datetime, end: datetime, unit: Unit, calendar: WorkCalendar) -> timedelta:
    """The time of `unit`'s clock between two moments (negative when `end` is earlier). Raises MissingYear."""
    if unit in _CONTINUOUS:
        return end.astimezone(UTC) - start.astimezone(UTC)
    spans = _spans(calendar, unit)
    a, b = calendar.local(start), calendar.local(end)
    run = _find_run(calendar, a)
    if _find_run(calendar, b) is not run:
        early = min(run, _find_run(calendar, b), key=lambda r: r.first)
        raise MissingYear(calendar.code, early.next_year)
    return (_worked(run, spans, b) - _worked(run, spans, a)) * _MICROSECOND


def deadline_after(start: datetime, left: timedelta, unit: Unit, calendar: WorkCalendar) -> datetime:
    """The first moment at which `left` more of `unit`'s clock has run since `start`, on the calendar's wall clock.
    Raises MissingYear when the calendar does not reach that far."""
    if left < timedelta(0):
        raise ValueError("a clock does not run backwards")
    if unit in _CONTINUOUS:
        try:
            return calendar.local(start.astimezone(UTC) + left)
        except OverflowError:
            raise MissingYear(calendar.code, 10_000) from None
    local = calendar.local(start)
    if not left:
        return local
    spans = _spans(calendar, unit)
    per_day = sum(b - a for a, b in spans)
    run = _find_run(calendar, local)
    # "First moment" at the edge of a day is its end, not the next workday's start: hence the -1 and +1.
    day, rest = divmod(_worked(run, spans, local) + left // _MICROSECOND - 1, per_day)
    if day >= len(run.days):
        raise MissingYear(calendar.code, run.next_year)
    rest += 1
    for a, b in spans:
        if rest <= b - a:
            break
        rest -= b - a
    midnight = datetime.combine(date.fromordinal(run.days[day]), time(0), calendar.zone)
    return midnight + timedelta(microseconds=a + rest)


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When `limit` runs out."""
    return deadline_after(start, limit.length, limit.unit, calendar)


def warn_point(start: datetime, limit: Limit, calendar: WorkCalendar, share: float = 0.75) -> datetime:
    """When `share` of the limit has run: the light turns yellow."""
    return deadline_after(start, limit.length * share, limit.unit, calendar)
