"""Limits and calendars edited in the browser: from a day on, never over somebody else's change, one event each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.catalogue import actions
from jingwei.catalogue.actions import LimitDraft
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import TimeLimit
from jingwei.catalogue.queries import calendar_year, catalogue, year_tag
from jingwei.catalogue.rules.clock import Limit, WorkCalendar
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound

AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 16), date(2026, 12, 1)
CLERK = Actor(1, "甲", (Held("shift_leader", "31"),))


def filed() -> TimeLimit:
    return TimeLimit.objects.filter(process="standard", state="filed", matter="", urgent=False).order_by("-valid_from")[0]


def limit_on(day: date, matter: str = "06001") -> Limit | None:
    return catalogue().limit("standard", "filed", catalogue().matter(matter), on=day)


def test_a_limit_changes_on_its_day(loaded: None) -> None:
    actions.change_limit(actor=SYSTEM, at=AT, limit_id=filed().pk, seen=mark(filed()), draft=LimitDraft(3, "work_hour"), valid_from=LATER)
    assert limit_on(LATER - timedelta(days=1)) == Limit(1, "work_hour") and limit_on(LATER) == Limit(3, "work_hour")
    assert Event.objects.get(type="limit.changed").data["limit_value"] == 3


def test_a_limit_of_a_class_goes_before_the_general_one(loaded: None) -> None:
    row = actions.add_limit(actor=SYSTEM, at=AT, process="standard", state="filed", matter="06", draft=LimitDraft(30, "urgent_hour"))
    assert limit_on(TODAY) == Limit(30, "urgent_hour") and limit_on(TODAY, "07001") == Limit(1, "work_hour")
    actions.end_limit(actor=SYSTEM, at=AT, limit_id=row.pk, seen=mark(row))
    assert limit_on(TODAY) == Limit(1, "work_hour")


def test_two_editors_of_a_limit(loaded: None) -> None:
    row = filed()
    seen = mark(row)
    actions.change_limit(actor=SYSTEM, at=AT, limit_id=row.pk, seen=seen, draft=LimitDraft(3, "work_hour"))
    with pytest.raises(Conflict):
        actions.change_limit(actor=SYSTEM, at=AT, limit_id=row.pk, seen=seen, draft=LimitDraft(4, "work_hour"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"state": "closed"}, "state"),
        ({"process": "x"}, "state"),
        ({"matter": "nope"}, "matter"),
        ({}, "matter"),
        ({"valid_from": date(2020, 1, 1)}, "valid_from"),
    ],
)
def test_a_wrong_limit_is_refused_at_its_field(loaded: None, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_limit(actor=SYSTEM, at=AT, **{"process": "standard", "state": "filed", "draft": LimitDraft(1, "work_day")} | wrong)  # type: ignore[arg-type]
    assert [e.field for e in refused.value.errors] == [field]


def seen(year: int = 2026) -> str:
    return year_tag(calendar_year("default", year)[1])


def set_day(day: date, kind: str, name: str = "", **more: object) -> None:
    actions.set_day(**{"actor": SYSTEM, "at": AT, "code": "default", "day_": day, "kind": kind, "name": name, "seen": seen()} | more)  # type: ignore[arg-type]


def test_a_day_becomes_a_holiday_and_plain_again(loaded: None) -> None:
    day = date(2026, 12, 25)
    set_day(day, "holiday", "停工日")
    assert not catalogue().calendar().is_workday(day)
    first = Event.objects.get(type="calendar.day_set")
    set_day(day, "plain")
    assert catalogue().calendar().is_workday(day)
    second = Event.objects.exclude(id=first.id).get(type="calendar.day_set")
    assert (first.data["before"], second.data["before"]) == (None, ["holiday", "停工日"])


def test_a_saturday_is_worked_and_a_friday_is_no_makeup(loaded: None) -> None:
    set_day(date(2026, 12, 26), "makeup", "调休")
    assert catalogue().calendar().is_workday(date(2026, 12, 26))
    for day, kind, name in ((date(2026, 12, 25), "makeup", "x"), (date(2026, 12, 25), "holiday", " ")):
        with pytest.raises(Invalid):
            set_day(day, kind, name)


def test_two_editors_of_a_year_and_a_year_that_is_not_there(loaded: None) -> None:
    before = seen()
    set_day(date(2026, 12, 25), "holiday", "停工日")
    with pytest.raises(Conflict):
        set_day(date(2026, 12, 24), "holiday", "停工日", seen=before)
    with pytest.raises(NotFound):
        set_day(date(2031, 1, 1), "holiday", "元旦")


def test_only_the_administrator_edits(loaded: None) -> None:
    for edit in (
        lambda: set_day(date(2026, 12, 25), "holiday", "x", actor=CLERK),
        lambda: actions.change_limit(actor=CLERK, at=AT, limit_id=filed().pk, seen=mark(filed()), draft=LimitDraft(3, "work_hour")),
        lambda: actions.end_limit(actor=CLERK, at=AT, limit_id=filed().pk, seen=mark(filed())),
    ):
        with pytest.raises(Forbidden):
            edit()


def test_the_year_that_is_wanted(china: WorkCalendar) -> None:
    """Four months before a year begins somebody is asked for it; a year that is missing now is asked for first."""
    assert china.year_wanted(date(2026, 8, 31)) is None and china.year_wanted(date(2026, 9, 3)) == 2027
    assert china.year_wanted(date(2027, 3, 1)) == 2027
