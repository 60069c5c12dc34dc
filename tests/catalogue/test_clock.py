"""The four clocks, on real dates and as laws."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jingwei.catalogue.rules.clock import UNITS, Limit, MissingYear, WorkCalendar, deadline, deadline_after, elapsed, warn_point

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # hours of the office: lunch, evening, weekend
        ("2026-11-18 09:00", Limit(2, "work_hour"), "2026-11-18 11:00"),
        ("2026-11-18 11:00", Limit(2, "work_hour"), "2026-11-18 15:00"),
        ("2026-11-18 11:00", Limit(1, "work_hour"), "2026-11-18 12:00"),
        ("2026-11-18 12:30", Limit(4, "work_hour"), "2026-11-18 18:00"),
        ("2026-11-20 17:00", Limit(2, "work_hour"), "2026-11-23 09:00"),
        ("2026-11-21 10:00", Limit(4, "work_hour"), "2026-11-23 12:00"),
        ("2026-11-18 23:59", Limit(8, "work_hour"), "2026-11-19 18:00"),
        ("2026-11-18 06:00", Limit(1, "work_hour"), "2026-11-18 09:00"),
        # workdays run all 24 hours and stand still on days off
        ("2026-11-18 09:30", Limit(1, "work_day"), "2026-11-19 09:30"),
        ("2026-11-20 10:00", Limit(1, "work_day"), "2026-11-23 10:00"),
        ("2026-11-21 10:00", Limit(1, "work_day"), "2026-11-24 00:00"),
        ("2026-11-19 22:00", Limit(5, "work_day"), "2026-11-26 22:00"),
        # Spring Festival 2026: 15–23 February off, Saturdays 14 and 28 worked
        ("2026-02-13 17:00", Limit(2, "work_hour"), "2026-02-14 09:00"),
        ("2026-02-14 17:00", Limit(2, "work_hour"), "2026-02-24 09:00"),
        ("2026-02-13 10:00", Limit(2, "work_day"), "2026-02-24 10:00"),
        ("2026-02-27 10:00", Limit(1, "work_day"), "2026-02-28 10:00"),
        ("2026-02-28 10:00", Limit(1, "work_day"), "2026-03-02 10:00"),
        # Spring Festival 2025: 28 January – 4 February off, Sunday 26 January and Saturday 8 February worked
        ("2025-01-24 16:00", Limit(3, "work_hour"), "2025-01-26 09:00"),
        ("2025-01-27 16:00", Limit(1, "work_day"), "2025-02-05 16:00"),
        # National Day 2026: 1–7 October off, Sunday 20 September and Saturday 10 October worked
        ("2026-09-30 17:30", Limit(1, "work_hour"), "2026-10-08 08:30"),
        ("2026-10-09 12:00", Limit(1, "work_day"), "2026-10-10 12:00"),
        ("2026-09-19 12:00", Limit(4, "work_hour"), "2026-09-20 12:00"),
        # over the turn of the year, both years known
        ("2025-12-31 17:00", Limit(2, "work_hour"), "2026-01-04 09:00"),
        # what runs through the night and the holidays
        ("2026-02-15 23:00", Limit(2, "urgent_hour"), "2026-02-16 01:00"),
        ("2026-02-15 23:00", Limit(3, "natural_day"), "2026-02-18 23:00"),
        # a limit may end with the last workday of the last year
        ("2026-12-30 00:00", Limit(2, "work_day"), "2027-01-01 00:00"),
    ],
)
def test_deadlines_on_real_dates(china: WorkCalendar, start: str, limit: Limit, due: str) -> None:
    assert deadline(at(start), limit, china) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "unit", "hours"),
    [
        ("2026-11-18 11:00", "2026-11-18 15:00", "work_hour", 2),
        ("2026-11-20 17:00", "2026-11-23 09:00", "work_hour", 2),
        ("2026-02-14 00:00", "2026-02-24 00:00", "work_hour", 8),
        ("2026-02-14 00:00", "2026-02-24 00:00", "work_day", 24),
        ("2026-02-14 00:00", "2026-02-24 00:00", "natural_day", 240),
        ("2026-11-18 15:00", "2026-11-18 11:00", "work_hour", -2),
        ("2025-12-31 12:00", "2026-01-05 00:00", "work_day", 36),
    ],
)
def test_elapsed_on_real_dates(china: WorkCalendar, start: str, end: str, unit: str, hours: int) -> None:
    assert elapsed(at(start), at(end), unit, china) == timedelta(hours=hours)


def test_the_light_turns_yellow_at_three_quarters(china: WorkCalendar) -> None:
    assert warn_point(at("2026-11-20 16:00"), Limit(4, "work_hour"), china) == at("2026-11-23 09:00")
    assert warn_point(at("2026-11-20 10:00"), Limit(4, "work_day"), china) == at("2026-11-25 10:00")


def test_a_missing_year_is_named(china: WorkCalendar) -> None:
    with pytest.raises(MissingYear) as error:
        deadline(at("2026-12-31 17:00"), Limit(2, "work_hour"), china)
    assert (error.value.calendar, error.value.year) == ("default", 2027)
    assert "2027" in error.value.message.zh and "2027" in error.value.message.en
    with pytest.raises(MissingYear) as error:
        deadline(at("2024-12-31 17:00"), Limit(2, "work_day"), china)
    assert error.value.year == 2024
    with pytest.raises(MissingYear) as error:
        elapsed(at("2026-06-01 00:00"), at("2027-02-01 00:00"), "work_hour", china)
    assert error.value.year == 2027
    with pytest.raises(MissingYear):
        china.is_workday(date(2027, 1, 4))
    # What runs through holidays needs no calendar.
    assert deadline(at("2029-12-31 17:00"), Limit(2, "urgent_hour"), china) == at("2029-12-31 19:00")


def test_a_gap_between_the_years_is_an_error() -> None:
    gap = WorkCalendar("gap", "", ((time(8), time(12)),), frozenset({2023, 2025}), frozenset(), frozenset())
    for call in (
        lambda: deadline(at("2023-12-29 10:00"), Limit(10, "work_day"), gap),
        lambda: elapsed(at("2023-12-29 10:00"), at("2025-01-02 10:00"), "work_day", gap),
        lambda: elapsed(at("2025-01-02 10:00"), at("2023-12-29 10:00"), "work_day", gap),
    ):
        with pytest.raises(MissingYear) as error:
            call()
        assert error.value.year == 2024


@pytest.mark.parametrize("unit", UNITS)
def test_the_end_of_time_is_a_refusal_and_no_crash(china: WorkCalendar, unit: str) -> None:
    with pytest.raises(MissingYear):
        deadline(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), Limit(1, unit), china)


def test_any_time_zone_means_the_same_moment(china: WorkCalendar) -> None:
    due = deadline(at("2026-11-18 11:00"), Limit(2, "work_hour"), china)
    for zone in (UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")):
        assert deadline(at("2026-11-18 11:00").astimezone(zone), Limit(2, "work_hour"), china) == due


def test_a_wall_clock_with_summer_time() -> None:
    """Office hours are wall-clock hours on both sides of the change."""
    zone = ZoneInfo("America/New_York")
    office = WorkCalendar("dc", "", ((time(9), time(17)),), frozenset({2026}), frozenset(), frozenset(), "America/New_York")
    start = datetime(2026, 3, 6, 16, 0, tzinfo=zone)  # Friday before the change of 8 March
    assert deadline(start, Limit(2, "work_hour"), office) == datetime(2026, 3, 9, 10, 0, tzinfo=zone)
    assert deadline(start, Limit(3, "urgent_hour"), office) - start == timedelta(hours=3)


@pytest.mark.parametrize(("value", "unit"), [(0, "work_day"), (-1, "work_hour"), (1, "week")])
def test_no_such_limit(value: int, unit: str) -> None:
    with pytest.raises(ValueError, match="no limit"):
        Limit(value, unit)


# Laws. Moments lie in 2025 and the first half of 2026, so that every deadline is within the calendar.
moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 6, 30)).map(lambda d: d.replace(tzinfo=SHANGHAI))
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(UNITS))
spans = st.integers(0, 40 * 86_400_000_000).map(lambda n: timedelta(microseconds=n))
units = st.sampled_from(UNITS)


@given(moments, limits)
def test_the_limit_has_run_at_its_deadline(china: WorkCalendar, start: datetime, limit: Limit) -> None:
    assert elapsed(start, deadline(start, limit, china), limit.unit, china) == limit.length


@given(moments, spans, units)
def test_the_deadline_is_the_first_such_moment(china: WorkCalendar, start: datetime, left: timedelta, unit: str) -> None:
    assume(left and not (unit == "work_hour" and left > timedelta(days=30)))
    due = deadline_after(start, left, unit, china)
    assert elapsed(start, due - timedelta(microseconds=1), unit, china) == left - timedelta(microseconds=1)


@given(moments, spans, spans, units)
def test_a_clock_can_be_stopped_and_go_on(china: WorkCalendar, start: datetime, a: timedelta, b: timedelta, unit: str) -> None:
    a, b = a / 8, b / 8
    assert deadline_after(deadline_after(start, a, unit, china), b, unit, china) == deadline_after(start, a + b, unit, china)


@given(moments, moments, limits)
def test_who_starts_later_is_not_due_earlier(china: WorkCalendar, one: datetime, other: datetime, limit: Limit) -> None:
    first, second = sorted((one, other))
    assert deadline(first, limit, china) <= deadline(second, limit, china)


@given(moments, moments, moments, units)
def test_elapsed_adds_up(china: WorkCalendar, a: datetime, b: datetime, c: datetime, unit: str) -> None:
    assert elapsed(a, b, unit, china) + elapsed(b, c, unit, china) == elapsed(a, c, unit, china)


@given(moments, limits)
def test_warned_before_due(china: WorkCalendar, start: datetime, limit: Limit) -> None:
    assert start < warn_point(start, limit, china) <= deadline(start, limit, china)


@given(moments, st.sampled_from(("work_hour", "work_day")), st.integers(1, 400))
def test_against_a_count_minute_by_minute(china: WorkCalendar, start: datetime, unit: str, minutes: int) -> None:
    """The slow and obvious way."""
    start = start.replace(second=0, microsecond=0)

    def runs(moment: datetime) -> bool:
        return china.is_workday(moment.date()) and (unit == "work_day" or 8 <= moment.hour < 12 or 14 <= moment.hour < 18)

    end = start + timedelta(minutes=minutes)
    counted = sum(runs(start + timedelta(minutes=n)) for n in range(minutes))
    assert elapsed(start, end, unit, china) == timedelta(minutes=counted)
