"""The dispatch table: first match wins, and nothing is skipped in silence."""

from datetime import UTC, date, datetime, time

import pytest

from jingwei.catalogue.rules.clock import WorkCalendar
from jingwei.catalogue.rules.dispatch import DispatchRule, Question, decide, examine
from jingwei.catalogue.rules.values import beginnings

MATTERS = beginnings(["06010", "06011", "01001"])
WEDNESDAY = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def rule(position: int, **terms: object) -> DispatchRule:
    return DispatchRule(
        **{
            "id": 100 + position,
            "position": position,
            "matter": "",
            "area": "",
            "source": "",
            "days": "any",
            "hours": None,
            "unit_id": position,
            "unit_name": f"单位{position}",
            **terms,
        }
    )


def ask(china: WorkCalendar, *rules: DispatchRule, matter: str = "06010", place: str = "310101002001", at: datetime = WEDNESDAY, source: str = "worker"):
    return decide(examine(rules, matters=MATTERS), Question(matter, place, at, source), china)


@pytest.mark.parametrize(
    ("terms", "fits"),
    [
        ({}, True),
        ({"matter": "06"}, True),
        ({"matter": "06010"}, True),
        ({"matter": "06011"}, False),
        ({"matter": "01"}, False),
        ({"area": "310101"}, True),
        ({"area": "310101002001"}, True),
        ({"area": "310104"}, False),
        ({"source": "worker"}, True),
        ({"source": "hotline"}, False),
        ({"days": "workday"}, True),
        ({"days": "day_off"}, False),
        ({"hours": (time(8), time(12))}, True),
        ({"hours": (time(10), time(11))}, True),
        ({"hours": (time(8), time(10))}, False),
        ({"hours": (time(18), time(8))}, False),
        ({"hours": (time(22), time(11))}, True),
        ({"valid_from": date(2026, 11, 18)}, True),
        ({"valid_from": date(2026, 11, 19)}, False),
        ({"valid_to": date(2026, 11, 18)}, False),
        ({"matter": "06", "area": "310101", "source": "worker", "days": "workday", "hours": (time(8), time(18))}, True),
    ],
)
def test_what_fits(china: WorkCalendar, terms: dict[str, object], fits: bool) -> None:
    answer = ask(china, rule(1, **terms))
    assert (answer.unit_id, answer.rule_id) == ((1, 101) if fits else (None, None))
    assert not answer.broken


def test_the_first_match_wins_whatever_the_order_of_rows(china: WorkCalendar) -> None:
    answer = ask(china, rule(3), rule(2, matter="06"), rule(1, matter="01"))
    assert answer.unit_id == 2
    assert answer.why.zh == "规则 2 匹配：事项 06 → 单位2" and answer.why.en == "rule 2 matched: matter 06 → 单位2"


def test_a_make_up_saturday_is_a_workday(china: WorkCalendar) -> None:
    saturday = datetime(2026, 10, 10, 2, tzinfo=UTC)
    assert ask(china, rule(1, days="workday"), at=saturday).unit_id == 1
    assert ask(china, rule(1, days="day_off"), at=datetime(2026, 10, 7, 2, tzinfo=UTC)).unit_id == 1


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"unit_closed": date(2026, 1, 1)}, "was closed on 2026-01-01"),
        ({"matter": "99"}, "matter 99 is unknown"),
        ({"source": "rumour"}, "source rumour is unknown"),
        ({"area": "3101010"}, "area 3101010 is no code"),
        ({"days": "sunny"}, "kind of days sunny is unknown"),
        ({"hours": (time(8), time(8))}, "start when they end"),
        ({"valid_from": date(2026, 5, 1), "valid_to": date(2026, 4, 1)}, "ends before it begins"),
    ],
)
def test_a_broken_rule_is_named_and_the_next_one_answers(china: WorkCalendar, terms: dict[str, object], said: str) -> None:
    answer = ask(china, rule(7, **terms), rule(9))
    assert answer.unit_id == 9
    assert len(answer.broken) == 1 and answer.broken[0].en.startswith("rule 7 is broken: ") and said in answer.broken[0].en
    assert answer.why.en == f"{answer.broken[0].en}; rule 9 matched: every case → 单位9"
    assert answer.why.zh.startswith("规则 7 失效：") and answer.why.zh.endswith("规则 9 匹配：所有案件 → 单位9")


def test_a_closed_unit_elsewhere_is_not_this_cases_trouble(china: WorkCalendar) -> None:
    assert not ask(china, rule(7, area="4403", unit_closed=date(2026, 1, 1)), rule(9)).broken


def test_a_year_that_the_calendar_lacks_is_reported(china: WorkCalendar) -> None:
    answer = ask(china, rule(1, days="workday"), rule(2), at=datetime(2027, 1, 6, tzinfo=UTC))
    assert answer.unit_id == 2 and "2027" in answer.broken[0].en


def test_no_match_says_so(china: WorkCalendar) -> None:
    answer = ask(china, rule(1, matter="01"))
    assert answer.unit_id is None and answer.why.zh == "没有匹配的派遣规则"
