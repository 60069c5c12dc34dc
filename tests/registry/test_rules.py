"""Reading house numbers, searches and geometries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules import basemap as rules

LINE = [[121.0, 31.0], [121.1, 31.1]]


@pytest.mark.parametrize(
    ("plate", "span"),
    [
        ("18号", (18, 18)),
        ("98-114号", (98, 114)),
        ("5~21", (5, 21)),
        ("15甲号", (15, 15)),
        ("628弄4-7号", (628, 628)),
        ("", None),
        ("甲", None),
        ("20-5", (20, 20)),
    ],
)
def test_the_span_of_a_plate(plate, span):
    assert rules.number_span(plate) == span


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("南京东路 100号", "南京东路", 100),
        ("南京东路100", "南京东路", 100),
        ("南京东路１００号", "南京东路", 100),
        ("四川中路126弄", "四川中路", 126),
        ("中山东一路18号 3楼", "中山东一路", 18),
        ("外滩", "", None),
        ("Nanjing East", "", None),
        ("100号", "", None),
        ("", "", None),
    ],
)
def test_what_a_search_says(text, street, number):
    found = rules.search_of(text)
    assert (found.street, found.number) == (street, number)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_a_search(text):
    found = rules.search_of(text)
    assert len(found.text) <= 80 and len(found.words) <= 6 and "\x00" not in found.text


def test_wildcards_are_taken_literally():
    assert rules.like("100%_\\") == "%100\\%\\_\\\\%"


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4), max_leaves=12),
    st.sampled_from(["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "Circle", None]),
)
def test_no_coordinates_break_the_check_of_a_geometry(coordinates, kind):
    for allowed in rules.LAYERS.values():
        rules.geometry_fault({"type": kind, "coordinates": coordinates}, allowed)


@pytest.mark.parametrize(
    ("geometry", "layer", "good"),
    [
        ({"type": "Point", "coordinates": [121, 31]}, "landmarks", True),
        ({"type": "Point", "coordinates": [121]}, "landmarks", False),
        ({"type": "LineString", "coordinates": LINE}, "roads", True),
        ({"type": "LineString", "coordinates": LINE[:1]}, "roads", False),
        ({"type": "MultiLineString", "coordinates": [LINE, LINE]}, "roads", True),
        ({"type": "MultiLineString", "coordinates": []}, "roads", False),
        ({"type": "Polygon", "coordinates": [[*LINE, [121.2, 31.0], LINE[0]]]}, "buildings", True),
        ({"type": "Polygon", "coordinates": [LINE]}, "buildings", False),
        ({"type": "MultiPolygon", "coordinates": [[[*LINE, [121.2, 31.0], LINE[0]]]]}, "land", True),
        ({"type": "Point", "coordinates": [float("nan"), 31]}, "landmarks", False),
        ({"type": "Point", "coordinates": [121, 91]}, "landmarks", False),
    ],
)
def test_geometries(geometry, layer, good):
    assert (rules.geometry_fault(geometry, rules.LAYERS[layer]) is None) is good
