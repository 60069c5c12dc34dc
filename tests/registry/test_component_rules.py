"""Codes, states and dates of components; terms of pledges; on plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules import components as rules
from jingwei.registry.rules import organisations, pledges
from jingwei.registry.rules.components import Code, CodeFault, code_of_2026, dates_fault, given_code, read_code, state_fault

DISTRICT = st.integers(110000, 829999).map(str)
NUMBER = st.integers(1, 999_999)


@given(DISTRICT, st.sampled_from(["01037", "90001", "0137"]), NUMBER)
def test_a_code_says_its_parts(district: str, klass: str, number: int) -> None:
    code = given_code(district, klass, number)
    assert len(code) == (17 if len(klass) == 5 else 16)
    assert read_code(code) == Code(district, klass, number) and str(read_code(code)) == code


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "310101",
        "31010101037000000",
        "00010101037000001",
        "3.1010101037E+16",
        "3101010103700000Ａ",
        "３１０１０１０１０３７００００１１",
    ],
)
def test_what_is_no_code(wrong: str) -> None:
    with pytest.raises(CodeFault):
        read_code(wrong)


def test_sixteen_digits_are_a_code_of_2013() -> None:
    assert read_code("3101010103700001") == Code("310101", "0103", 700001)


def test_the_millionth_thing_of_a_class_has_no_number() -> None:
    with pytest.raises(CodeFault):
        given_code("310101", "01037", 1_000_000)


@given(DISTRICT, NUMBER)
def test_a_code_of_2013_keeps_its_number_in_2026(district: str, number: int) -> None:
    old = given_code(district, "0137", number)
    assert code_of_2026(old, {"0137": "01037"}) == given_code(district, "01037", number)
    assert code_of_2026(old, {}) is None
    assert code_of_2026(given_code(district, "01037", number), {}) == given_code(district, "01037", number)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("intact", "damaged", True), ("damaged", "intact", True), ("missing", "intact", True), ("abandoned", "intact", True), ("intact", "removed", True),
        ("removed", "intact", False), ("removed", "damaged", False), ("intact", "intact", False), ("intact", "lost", False),
    ],
)  # fmt: skip
def test_which_state_follows_which(before: str, after: str, allowed: bool) -> None:
    assert (state_fault(before, after) is None) is allowed


@given(st.sampled_from(list(rules.STATES)), st.sampled_from(list(rules.STATES)))
def test_nothing_follows_removed_and_everything_may_be_removed(before: str, after: str) -> None:
    if before == "removed":
        assert state_fault(before, after)
    elif after == "removed":
        assert not state_fault(before, after)


def test_dates_of_a_component() -> None:
    today = date(2026, 11, 22)
    assert dates_fault(date(2020, 1, 1), date(2021, 1, 1), today) is None
    assert dates_fault(date(2021, 1, 1), date(2020, 1, 1), today) and dates_fault(date(2027, 1, 1), None, today)


def test_the_standards_fields_are_all_there() -> None:
    assert {f.abbreviation for f in rules.FACTS.values()} >= {"GLBJBSM", "GLBJMC", "ZGBMDM", "SZDYWGBSM", "GLBJZT", "CSRQ"}


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("signed", "first", "last", "field"),
    [
        (TODAY, TODAY, TODAY, None), (TODAY, TODAY, TODAY - timedelta(1), "last_date"), (TODAY + timedelta(1), TODAY, TODAY, "signed_date"),
        (TODAY, TODAY, TODAY + timedelta(4000), "last_date"),
    ],
)  # fmt: skip
def test_terms_of_pledges(signed: date, first: date, last: date, field: str | None) -> None:
    fault = pledges.term_fault(signed, first, last, TODAY)
    assert (fault[0] if fault else None) == field


@pytest.mark.parametrize(
    ("first", "last", "ended", "state"),
    [
        (TODAY, TODAY, None, "in_force"), (TODAY + timedelta(1), TODAY + timedelta(2), None, "coming"),
        (TODAY - timedelta(9), TODAY - timedelta(1), None, "expired"),
        (TODAY, TODAY, TODAY, "ended"), (TODAY, TODAY, TODAY + timedelta(1), "in_force"),
    ],
)  # fmt: skip
def test_how_a_pledge_stands(first: date, last: date, ended: date | None, state: str) -> None:
    assert pledges.state(first, last, ended, TODAY) == state


def test_industries() -> None:
    assert all(organisations.industry_fault(code) is None for code in ("", "F", "F5211"))
    assert all(organisations.industry_fault(code) for code in ("Z", "52", "F52111", "f52"))
