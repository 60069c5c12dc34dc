"""A ring drawn on a map: closed, on the earth, with an area, not crossing itself."""

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit.rings import METRES, RingFault, ring

SQUARE = [(121.0, 31.0), (121.001, 31.0), (121.001, 31.001), (121.0, 31.001)]


def test_it_is_closed_and_measured() -> None:
    closed, area = ring(SQUARE, 4)
    assert closed == (*SQUARE, SQUARE[0]) == ring([*SQUARE, SQUARE[0]], 4)[0]
    assert area == pytest.approx((0.001 * METRES) ** 2 * cos(radians(31)), rel=1e-3)


@pytest.mark.parametrize(
    ("corners", "why"),
    [
        ([], "three different"),
        (SQUARE[:2], "three different"),
        ([SQUARE[0]] * 9, "three different"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "crosses itself"),
        ([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], "crosses itself"),
        ([*SQUARE, (121.0, 91.0)], "off the earth"),
        ([*SQUARE, (float("nan"), 31.0)], "off the earth"),
        ([*SQUARE, (120.9, 31.0005)], "at most 4"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(corners: list[tuple[float, float]], why: str) -> None:
    with pytest.raises(RingFault, match=why):
        ring(corners, 4)


@given(st.integers(5, 40), st.integers(0, 100))
def test_corners_in_their_order_around_a_point_are_a_shape_and_two_exchanged_cross(many: int, first: int) -> None:
    around = [(121 + 0.001 * cos(2 * pi * i / many), 31 + 0.001 * sin(2 * pi * i / many)) for i in range(many)]
    assert ring(around, many)[1] > 0
    i = first % (many - 1)
    around[i], around[i + 1] = around[i + 1], around[i]
    with pytest.raises(RingFault, match="crosses itself"):
        ring(around, many)
