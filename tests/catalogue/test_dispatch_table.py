"""The dispatch table edited as a whole: what changed ends and begins anew, the rest is left alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.catalogue.actions import revise_dispatch_rules
from jingwei.catalogue.models import DispatchRule
from jingwei.catalogue.queries import catalogue, standing_rules, table_tag
from jingwei.catalogue.rules.clock import WorkCalendar
from jingwei.catalogue.rules.dispatch import Question, decide, examine
from jingwei.catalogue.rules.table import DraftRule, Table, positions
from jingwei.catalogue.rules.table import Held as Place
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid

AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 16), date(2026, 12, 1)
FOREVER = (date(2020, 1, 1), None)


@given(st.lists(st.none() | st.integers(1, 400), max_size=30))
def test_positions_rise_and_a_line_in_order_keeps_its_own(held: list[int | None]) -> None:
    found = positions([None if p is None else Place(p, *FOREVER) for p in held])
    assert all(a < b for a, b in pairwise(found)) and len(found) == len(held) and all(p >= 1 for p in found)
    if None not in held and all(a < b for a, b in pairwise(held)):  # type: ignore[operator]
        assert found == held


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([10, None, 20, 30], [10, 15, 20, 30]),
        ([20, 10, 30], [10, 20, 30]),  # which of two keeps its place is open; their order is not
        ([None, 10], [5, 10]),
        ([10, 20, None, None], [10, 20, 30, 40]),
        ([10, None, 11], [10, 20, 30]),
        ([1, None], [1, 11]),
    ],
)
def test_where_lines_go(held: list[int | None], found: list[int]) -> None:
    places = positions([None if p is None else Place(p, *FOREVER) for p in held])
    assert places == found or (held == [20, 10, 30] and places in ([5, 10, 30], [20, 25, 30]))


def test_a_rule_and_the_one_after_it_in_time_share_a_position() -> None:
    assert positions([Place(10, date(2026, 1, 1), LATER), Place(10, LATER, None), Place(20, *FOREVER)]) == [10, 10, 20]


RULES = st.builds(
    DraftRule,
    unit_id=st.integers(1, 4),
    matter=st.sampled_from(["", "06", "06001", "07", "99"]),
    area=st.sampled_from(["", "310101", "310101013001"]),
    source=st.sampled_from(["", "hotline", "nowhere"]),
    days=st.sampled_from(["any", "workday", "day_off"]),
    from_time=st.just(time(8)),
    to_time=st.sampled_from([time(8), time(18), None]),
)


@given(st.lists(RULES, max_size=12), st.lists(st.tuples(st.sampled_from(["06001", "07002"]), st.sampled_from(["hotline", "worker"])), max_size=6))
def test_a_table_asked_often_answers_as_asked_once(china: WorkCalendar, drafts: list[DraftRule], asked: list[tuple[str, str]]) -> None:
    rules = examine((d.rule(n + 1, f"单位{d.unit_id}", None) for n, d in enumerate(drafts)), matters={"06", "06001", "07", "07002"})
    table = Table(rules, china)
    for matter, source in asked:
        question = Question(matter, "310101013001001", AT, source)
        assert table.decide(question) == decide(rules, question, china)


@pytest.fixture
def units(loaded: None) -> tuple[Unit, Unit]:
    return (
        Unit.objects.create(code="CG", name="城管局", kind="department", path="/1/", area="310101"),
        Unit.objects.create(code="LH", name="绿化局", kind="department", path="/2/", area="310101"),
    )


@pytest.fixture
def table(units: tuple[Unit, Unit]) -> list[DraftRule]:
    """Two rules in force since last year, as the editor has them before them."""
    start = date(2025, 1, 1)
    rows = [
        DispatchRule.objects.create(position=10, matter="06", unit=units[0], valid_from=start),
        DispatchRule.objects.create(position=20, matter="07", unit=units[1], valid_from=start),
    ]
    return [DraftRule(r.unit_id, r.pk, r.matter, valid_from=start) for r in rows]


def seen() -> str:
    return table_tag(standing_rules(TODAY))


def revise(drafts: list[DraftRule], **more: object) -> None:
    revise_dispatch_rules(**{"actor": SYSTEM, "at": AT, "seen": seen(), "drafts": drafts} | more)  # type: ignore[arg-type]


def test_a_table_saved_as_it_stands_changes_nothing(table: list[DraftRule]) -> None:
    before = list(DispatchRule.objects.order_by("pk").values())
    revise(table)
    assert list(DispatchRule.objects.order_by("pk").values()) == before and not Event.objects.filter(type="dispatch_rules.revised").exists()


def test_a_changed_rule_ends_and_begins_anew_on_its_day(table: list[DraftRule], units: tuple[Unit, Unit]) -> None:
    revise([replace(table[0], unit_id=units[1].pk), table[1]], valid_from=LATER)
    old, new = DispatchRule.objects.filter(position=10).order_by("valid_from")
    assert (old.unit_id, old.valid_to, new.unit_id, new.valid_from, new.valid_to) == (units[0].pk, LATER, units[1].pk, LATER, None)
    calendar = catalogue().calendar()
    for day, unit in ((LATER - timedelta(days=1), units[0]), (LATER, units[1])):
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        assert decide(catalogue().dispatch_rules, Question("06001", "310101", at, "worker"), calendar).unit_id == unit.pk
    (event,) = Event.objects.filter(type="dispatch_rules.revised")
    assert event.data["unchanged"] == 1 and event.data["ended"][0]["unit_id"] == units[0].pk


def test_added_between_moved_and_ended(table: list[DraftRule], units: tuple[Unit, Unit]) -> None:
    revise([table[0], DraftRule(units[1].pk, matter="06001", note="绿化带内"), table[1]])
    assert [(r.position, r.matter) for r in standing_rules(TODAY)] == [(10, "06"), (15, "06001"), (20, "07")]
    rows = standing_rules(TODAY)
    drafts = [DraftRule(r.unit_id, r.pk, r.matter, note=r.note, valid_from=r.valid_from) for r in rows]
    revise([drafts[1], drafts[0]])
    assert [r.matter for r in standing_rules(TODAY)] == ["06001", "06"]
    assert DispatchRule.objects.get(pk=rows[2].pk).valid_to == TODAY


def test_what_began_today_is_corrected_today(table: list[DraftRule], units: tuple[Unit, Unit]) -> None:
    revise([*table, DraftRule(units[0].pk, matter="08")])
    added = standing_rules(TODAY)[-1]
    revise([*table, DraftRule(units[1].pk, added.pk, "08")])
    assert DispatchRule.objects.filter(matter="08").count() == 1 and DispatchRule.objects.get(matter="08").unit_id == units[1].pk


def test_two_editors(table: list[DraftRule]) -> None:
    before = seen()
    revise(table[:1])
    with pytest.raises(Conflict) as slower:
        revise(table[1:], seen=before)
    assert slower.value.extra["present"] == {"tag": seen()}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"matter": "nope"}, "rule"),
        ({"source": "nope"}, "rule"),
        ({"area": "31010"}, "rule"),
        ({"unit_id": 10**9}, "unit_id"),
        ({"from_time": time(8)}, "from_time"),
        ({"from_time": time(8), "to_time": time(8)}, "rule"),
        ({"valid_to": TODAY}, "valid_to"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(table: list[DraftRule], wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        revise([table[0], replace(DraftRule(table[0].unit_id), **wrong), table[1]])  # type: ignore[arg-type]
    assert [e.field for e in refused.value.errors] == [f"rules.1.{field}"] and DispatchRule.objects.count() == 2


def test_a_line_of_another_table(table: list[DraftRule]) -> None:
    for drafts in ([*table, table[0]], [replace(table[0], id=10**9), table[1]]):
        with pytest.raises(Invalid):
            revise(drafts)


def test_a_broken_rule_that_nobody_touched_stands_in_nobodys_way(table: list[DraftRule], units: tuple[Unit, Unit]) -> None:
    units[0].closed_date = date(2026, 1, 1)
    units[0].save()
    revise([table[0], table[1], DraftRule(units[1].pk)])
    assert len(standing_rules(TODAY)) == 3
    with pytest.raises(Invalid):
        revise([replace(table[0], matter="08"), table[1]], seen=seen())


def test_only_the_administrator(table: list[DraftRule]) -> None:
    with pytest.raises(Forbidden):
        revise([], actor=Actor(1, "甲", (Held("dispatcher", "310101"),)))
    with pytest.raises(Invalid):
        revise([], valid_from=TODAY - timedelta(days=1))
