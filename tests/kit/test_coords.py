"""Coordinates are converted at the edge, and nowhere else."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit import coords

CHINA = st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
TIANANMEN = (116.391320, 39.907362)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return hypot((a[0] - b[0]) * cos(radians(a[1])), a[1] - b[1]) * 111_320


@given(CHINA)
def test_gcj02_comes_back(point: tuple[float, float]) -> None:
    back = coords.gcj02_to_wgs84(*coords.wgs84_to_gcj02(*point))
    assert abs(back[0] - point[0]) < 1e-6 and abs(back[1] - point[1]) < 1e-6


@given(CHINA)
def test_bd09_comes_back(point: tuple[float, float]) -> None:
    back = coords.bd09_to_gcj02(*coords.gcj02_to_bd09(*point))
    assert abs(back[0] - point[0]) < 5e-6 and abs(back[1] - point[1]) < 5e-6


@given(CHINA)
def test_the_offset_is_some_hundred_metres(point: tuple[float, float]) -> None:
    assert 20 < metres(point, coords.wgs84_to_gcj02(*point)) < 1_000


def test_sample_points() -> None:
    """Values that the map services' own converters give for Tiananmen, to a metre."""
    gcj = coords.wgs84_to_gcj02(*TIANANMEN)
    assert metres(gcj, (116.397562, 39.908766)) < 2
    assert metres(coords.gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021)) < 0.01
    assert metres(coords.bd09_to_gcj02(116.404, 39.915), (116.39762729119315, 39.90865673957631)) < 0.01


@pytest.mark.parametrize("abroad", [(0.0, 0.0), (-74.006, 40.7128), (151.2, -33.87), (37.6, 55.75)])
def test_outside_china_nothing_moves(abroad: tuple[float, float]) -> None:
    assert coords.wgs84_to_gcj02(*abroad) == abroad == coords.gcj02_to_wgs84(*abroad)


@given(CHINA)
def test_what_is_declared_in_degrees_of_the_ellipsoid_is_kept_as_it_came(point: tuple[float, float]) -> None:
    assert coords.to_wgs84("EPSG:4326", *point) == point == coords.to_wgs84("EPSG:4490", *point)


@given(CHINA)
def test_every_system_leads_to_the_same_place(point: tuple[float, float]) -> None:
    gcj = coords.wgs84_to_gcj02(*point)
    assert metres(coords.to_wgs84("GCJ-02", *gcj), point) < 0.2
    assert metres(coords.to_wgs84("BD-09", *coords.gcj02_to_bd09(*gcj)), point) < 1


@pytest.mark.parametrize("number", [180.1, -181.0, float("nan"), float("inf"), float("-inf"), 1e300])
def test_numbers_off_the_earth_are_refused(number: float) -> None:
    with pytest.raises(ValueError):
        coords.to_wgs84("EPSG:4326", number, 31.0)
    with pytest.raises(ValueError):
        coords.to_wgs84("EPSG:4326", 121.0, number)
