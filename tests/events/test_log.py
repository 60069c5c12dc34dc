"""Nothing that happened is changed or taken away."""

import pytest
from django.db import DatabaseError, connection, transaction

from jingwei.accounts.rules import SYSTEM
from jingwei.events.actions import record
from jingwei.events.models import Event
from jingwei.kit.ids import district_of
from tests.world import MONDAY


@pytest.fixture
def event(db: None) -> Event:
    id = record("case.opened", actor=SYSTEM, at=MONDAY, subject_type="case", place="310101013001", data={"number": "1"}, command="0:k")
    return Event.objects.get(id=id)


def test_an_event_lives_where_its_place_lies(event: Event) -> None:
    assert event.district == "310101" == district_of(event.id) and event.recorded_at


@pytest.mark.parametrize("sql", [
    "update events_event set type = 'case.closed'", "update events_event set at = now() where false", "delete from events_event",
    "delete from events_event where id = %s",
    "with gone as (delete from events_event returning id) select * from gone", "update events_event set data = '{}' where id = %s",
])  # fmt: skip
def test_the_database_refuses_to_change_the_log(event: Event, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [event.id] if "%s" in sql else None)
    assert Event.objects.get(id=event.id).type == "case.opened"


@pytest.mark.parametrize("type", ["Case.opened", "case", "case.", "case.opened.twice", "case opened"])
def test_a_type_is_two_words(db: None, type: str) -> None:
    with pytest.raises(DatabaseError, match="event_type_shape"), transaction.atomic():
        record(type, actor=SYSTEM, at=MONDAY, subject_type="case")


def test_a_command_is_recorded_once_in_a_district(event: Event) -> None:
    with pytest.raises(DatabaseError, match="event_command_once"), transaction.atomic():
        record("case.opened", actor=SYSTEM, at=MONDAY, subject_type="case", place="310101", command="0:k")
    record("case.opened", actor=SYSTEM, at=MONDAY, subject_type="case", place="310109", command="0:k")
