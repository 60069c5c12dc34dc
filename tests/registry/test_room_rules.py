"""Numbers on doors, codes by a rule that is data, and the rooms of a pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit.text import T
from jingwei.registry.rules.rooms import (
    SHIPPED,
    Door,
    Draft,
    Facts,
    Pattern,
    code_of,
    draft,
    example,
    floor_name,
    full_number,
    plan,
    read_door,
    rule_faults,
    state_of,
)


@pytest.mark.parametrize(
    ("text", "unit", "floor", "number"),
    [
        ("2单元501室", "2", 5, "501"),
        ("二单元三层301室", "2", 3, "301"),
        ("甲单元1203", "甲", 12, "1203"),
        ("1203", "", 12, "1203"),
        ("１２０３室", "", 12, "1203"),
        ("五〇一室", "", 5, "501"),
        ("1-501", "1", 5, "501"),
        ("301-1", "", 3, "301-1"),
        ("B1-03", "", -1, "B1-03"),
        ("地下1层12号", "", -1, "12"),
        ("负一层05", "", -1, "05"),
        ("A501", "", 5, "A501"),
        ("12A", "", 12, "12A"),
        ("12楼1203-2", "", 12, "1203-2"),
        ("3号", "", None, "3"),
        ("底层东间", "", 1, "东"),
        ("99901", "", None, "99901"),
    ],
)
def test_a_number_on_a_door_is_read(text, unit, floor, number):
    assert read_door(text) == Door(unit, floor, number)


@pytest.mark.parametrize("text", ["", "   ", "室", "2单元", "9" * 31])
def test_what_is_no_number_is_not_one(text):
    assert read_door(text) is None


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_and_never_floor_zero(text):
    door = read_door(text)
    assert door is None or (door.number and door.floor != 0)


patterns = st.builds(
    Pattern,
    units=st.sampled_from([("",), ("1", "2"), ("甲", "乙"), ("A",)]),
    first_floor=st.integers(-3, 5),
    last_floor=st.integers(5, 40),
    rooms=st.integers(1, 20),
    skip=st.frozensets(st.integers(1, 14), max_size=3),
    numbers=st.sampled_from(["floor_and_number", "stair_floor_number", "letters"]),
)


@given(patterns)
def test_a_pattern_gives_each_door_once_and_its_number_tells_its_floor(pattern):
    if pattern.fault():
        return
    doors = plan(pattern)
    assert len({(d.unit, d.number) for d in doors}) == len(doors) == len(pattern.units) * len(pattern.floors()) * pattern.rooms
    for door in doors:
        read = read_door(full_number(door.unit, door.number))
        assert read and read.floor == door.floor and read.floor not in pattern.skip


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Pattern(units=()), "units"),
        (Pattern(units=("1", "1")), "units"),
        (Pattern(first_floor=3, last_floor=2), "last_floor"),
        (Pattern(first_floor=0, last_floor=0), "last_floor"),
        (Pattern(last_floor=201), "last_floor"),
        (Pattern(rooms=0), "rooms"),
        (Pattern(rooms=27, numbers="letters"), "rooms"),
        (Pattern(first_floor=4, last_floor=4, skip=frozenset({4})), "skip"),
        (Pattern(units=tuple(map(str, range(30))), last_floor=100, rooms=2), "rooms"),
    ],
)
def test_a_pattern_that_makes_no_sense_names_the_field(pattern, field):
    fault = pattern.fault()
    assert fault and fault[0] == field


def test_floors_are_named_as_on_a_lift():
    assert [floor_name(f) for f in (5, -1, None)] == ["5", "B1", ""]


# -- codes ----------------------------------------------------------------------------------------------------------------------------------


def test_the_shipped_sets_hold_by_their_own_rules_and_have_the_lengths_they_promise():
    for each in SHIPPED:
        assert rule_faults("building", each.building) == rule_faults("room", each.room) == []
    first = example("building", SHIPPED[0].building)
    assert (len(first), len(example("room", SHIPPED[0].room, first))) == (19, 25)
    assert example("building", SHIPPED[1].building) == "31010100200100001"


BUILDING, ROOM = SHIPPED[1].building, SHIPPED[1].room


def test_a_code_is_its_parts_in_order_around_the_number_that_is_given():
    drafted = draft(ROOM, Facts("310101002001001", "31010100200100001", "2", -1, "B1-03"))
    assert drafted == Draft("3101010020010000102B01", 3, "")
    assert code_of(drafted, 7) == "3101010020010000102B01007"
    fixed = ({"part": "fixed", "text": "L"}, {"part": "place", "digits": 6}, {"part": "sequence", "digits": 2}, {"part": "fixed", "text": "X"})
    assert code_of(draft(fixed, Facts("310101002001001")), 12) == "L31010112X"


@pytest.mark.parametrize(
    ("parts", "facts", "why"),
    [
        (SHIPPED[0].building, Facts("310101002001"), "no grid"),
        (BUILDING, Facts("310101"), "no community"),
        (ROOM, Facts("310101002001001", "", "1", 5), "no code"),
        (ROOM, Facts("310101002001001", "31010100200100001", "甲", 5), "not a number"),
        (ROOM, Facts("310101002001001", "31010100200100001", "123", 5), "more than 2 digits"),
        (ROOM, Facts("310101002001001", "31010100200100001", "1", None), "floor isn't known"),
    ],
)
def test_what_cannot_be_coded_is_refused_with_the_reason(parts, facts, why):
    said = draft(parts, facts)
    assert isinstance(said, T) and why in said.en


def test_numbers_run_out_and_are_not_given_wider_than_the_rule():
    assert code_of(Draft("31", 2, ""), 99) == "3199"
    assert isinstance(code_of(Draft("31", 2, ""), 100), T)


@pytest.mark.parametrize(
    ("kind", "parts", "at"),
    [
        ("building", [{"part": "place", "digits": 12}], 0),
        ("building", [{"part": "sequence", "digits": 4}], 0),
        ("building", [{"part": "place", "digits": 7}, {"part": "sequence", "digits": 4}], 0),
        ("building", [{"part": "place", "digits": 12}, {"part": "floor", "digits": 4}, {"part": "sequence", "digits": 4}], 1),
        ("room", [{"part": "building"}, {"part": "sequence", "digits": 12}], 1),
        ("room", [{"part": "building"}, {"part": "sequence", "digits": 3}, {"part": "sequence", "digits": 3}], 2),
        ("room", [{"part": "colour", "digits": 3}], 0),
        ("room", [{"part": "building"}, {"part": "fixed", "text": "*"}], 1),
        ("room", [{"part": "place", "digits": 15}, {"part": "building"}, {"part": "sequence", "digits": 3}], 0),
    ],
)
def test_a_rule_that_could_give_a_code_twice_or_none_is_not_taken(kind, parts, at):
    assert [i for i, _ in rule_faults(kind, parts)][:1] == [at]


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "3"]), st.integers(-2, 30).filter(bool)), min_size=2, max_size=30))
def test_codes_of_one_rule_differ_while_their_numbers_do(rooms):
    """The number is given within what stands before it: equal beginnings get different numbers, so no two codes are alike."""
    given_out: dict[str, int] = {}
    codes = []
    for unit, floor in rooms:
        drafted = draft(ROOM, Facts("310101002001001", "31010100200100001", unit, floor))
        assert isinstance(drafted, Draft)
        given_out[drafted.before] = given_out.get(drafted.before, 0) + 1
        codes.append(code_of(drafted, given_out[drafted.before]))
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("use", "tenure", "residents", "organisations", "state"),
    [
        ("residence", "owner_occupied", 2, 0, "lived_in"),
        ("residence", "rented", 1, 0, "let"),
        ("residence", "rented", 0, 0, "empty"),
        ("shop", "rented", 0, 1, "shop"),
        ("office", "", 0, 1, "used"),
        ("shop", "vacant", 0, 0, "empty"),
        ("shop", "rented", 0, 0, "shop"),
    ],
)
def test_the_state_that_a_room_is_shown_in(use, tenure, residents, organisations, state):
    assert state_of(use, tenure, residents, organisations) == state
