"""Codes of places, their prefixes, and what two share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit import codes

PLACES = st.sampled_from([2, 4, 6, 9, 12, 15]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@pytest.mark.parametrize(
    ("code", "is_division"),
    [
        ("310101013001", True), ("310000000000", True), ("000000000000", False), ("31010101300", False), ("3101010130011", False),
        ("31010101300a", False), ("３１０１０１０１３００１", False), ("٣١٠١٠١٠١٣٠٠١", False), ("", False), ("310101013001\n", False),
    ],
)  # fmt: skip
def test_a_division_code_is_twelve_ascii_digits(code: str, is_division: bool) -> None:
    assert codes.is_division_code(code) is is_division


@pytest.mark.parametrize(
    ("code", "is_grid"),
    [
        ("310101013001001", True),
        ("310101013001000", False),
        ("310101013000001", False),
        ("31010101300100", False),
        ("31010101300100x", False),
        ("３" * 15, False),
    ],
)
def test_a_grid_code_lies_in_a_community(code: str, is_grid: bool) -> None:
    assert codes.is_grid_code(code) is is_grid


@given(PLACES)
def test_the_length_of_a_place_tells_its_level(place: str) -> None:
    assert codes.is_place(place)
    assert codes.level_of(place) == {2: 1, 4: 2, 6: 3, 9: 4, 12: 5, 15: 6}[len(place)]
    assert len(codes.division_code(place)) == 12 and codes.division_code(place).startswith(place[:12])
    assert len(codes.district_of_place(place)) == 6


@pytest.mark.parametrize("text", ["", "3", "310", "31010101", "x1", "３１", "²²", " 31", "3101 "])
def test_anything_else_is_no_place(text: str) -> None:
    assert not codes.is_place(text)


def test_no_level_for_another_length() -> None:
    with pytest.raises(ValueError, match="3 digits"):
        codes.level_of("310")


def test_prefixes_of_a_community() -> None:
    assert [codes.prefix("310101013001", level) for level in (1, 2, 3, 4, 5)] == ["31", "3101", "310101", "310101013", "310101013001"]


@given(PLACES, PLACES, PLACES)
def test_what_two_places_share_is_the_smaller_or_nothing(a: str, b: str, place: str) -> None:
    both = codes.overlap(a, b)
    assert both == codes.overlap(b, a) and codes.overlap(a, "") == a
    for inside in (place, a, b, a + place, b + place):
        assert (both is not None and inside.startswith(both)) == (inside.startswith(a) and inside.startswith(b))
