"""The address search and the base map's tiles, on the carried extract."""

from datetime import UTC, date, datetime
from math import asinh, floor, pi, radians, tan
from pathlib import Path

import pytest
from django.test import TestCase

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import TABLES, load_base_map
from jingwei.registry.queries import TILE_LIMIT, address_search, base_tile

DATA = Path(__file__).parents[2] / "jingwei/site/demonstration/data"
AT = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def base_map(django_db_setup, django_db_blocker, tmp_path_factory):
    """The carried extract, loaded once, inside a transaction that is rolled back."""
    rejects = tmp_path_factory.mktemp("rejects") / "r.csv"
    with django_db_blocker.unblock():
        around = TestCase._enter_atomics()
        try:
            for layer in TABLES:
                path = DATA / f"{layer}.geojson.gz"
                load_base_map(actor=SYSTEM, at=AT, layer=layer, path=path, reject_path=rejects, source="OSM", valid_from=date(2026, 1, 1))
            yield
        finally:
            TestCase._rollback_atomics(around)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base_map")]


@pytest.mark.parametrize(
    ("q", "kind", "label"),
    [
        ("中山东一路18号", "address", "中山东一路18号"),
        ("中山东一路 18", "address", "中山东一路18号"),
        ("南京东路 100号", "address", "南京东路98-114号"),
        ("南京东路101号", "address", "南京东路99号"),
        ("南京东路", "road", "南京东路"),
        ("Nanjing East", "road", "南京东路"),
        ("east nanjing road", "road", "南京东路"),
        ("正大广场", "landmark", "正大广场"),
        ("东方明珠", None, "东方明珠"),
        ("Oriental Pearl", None, "东方明珠"),
        ("Orientel", None, "Oriental"),
        ("外滩", None, "外滩"),
    ],
)
def test_the_first_answer_is_what_was_meant(q, kind, label):
    first = address_search(q=q)[0]
    assert label in f"{first.label} {first.label_en}" and kind in (None, first.kind), first
    assert 121.47 < first.lon < 121.53 and 31.22 < first.lat < 31.26


def test_a_road_of_many_pieces_is_one_answer():
    answers = [a.label for a in address_search(q="中山东一路", limit=50) if a.kind == "road"]
    assert answers.count("中山东一路") == 1


def test_the_nearer_of_two_equals_comes_first():
    stops = list(address_search(q="星巴克", limit=20))
    assert len(stops) > 1
    for there in (stops[0], stops[-1]):
        nearest = address_search(q="星巴克", near=(there.lon, there.lat))[0]
        assert nearest.metres is not None and nearest.metres < 1


@pytest.mark.parametrize("q", ["", "   ", "%", "_", "\\", "'; drop table registry_road; --", "\x00", "😀" * 100, "不存在的路 99999号", "a" * 5000])
def test_strange_searches_answer_quietly(q):
    assert len(address_search(q=q)) <= 10
    if q in ("%", "_", "\\"):
        assert not address_search(q=q), "a wildcard is a character like others"


def test_a_search_is_one_statement(django_assert_num_queries):
    for q in ("外滩", "南京东路 100号", "Nanjing East Road Bund"):
        with django_assert_num_queries(1):
            address_search(q=q, near=(121.49, 31.24), limit=50)


def tile_over(lon: float, lat: float, z: int) -> tuple[int, int]:
    return floor((lon + 180) / 360 * 2**z), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


def layers_of(tile: bytes) -> dict[str, int]:
    """Names of an MVT's layers and how many features each has, by the wire format alone."""

    def varint(at: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            byte = tile[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    found, at = {}, 0
    while at < len(tile):
        assert tile[at] == 0x1A
        size, at = varint(at + 1)
        end, name, count = at + size, "", 0
        while at < end:
            key, at = varint(at)
            if key & 7 == 2:
                length, at = varint(at)
                if key >> 3 == 1:
                    name = tile[at : at + length].decode()
                count += key >> 3 == 2
                at += length
            else:
                _, at = varint(at)
        found[name] = count
    return found


def test_a_tile_of_the_quarter_has_all_layers_in_one_statement(django_assert_num_queries):
    x, y = tile_over(121.4855, 31.2400, 17)
    with django_assert_num_queries(1):
        tile = base_tile(z=17, x=x, y=y, on=TODAY)
    counts = layers_of(tile)
    assert set(counts) == {"land", "roads", "buildings", "landmarks"} and all(counts.values())
    for name in ("height", "南京东路"):
        assert name.encode() in tile


@pytest.mark.parametrize("z", range(0, 20))
def test_tiles_of_every_zoom_are_small_and_bounded(z):
    x, y = tile_over(121.4855, 31.2400, z)
    tile = base_tile(z=z, x=x, y=y, on=TODAY)
    assert len(tile) < 300_000 and all(n <= TILE_LIMIT for n in layers_of(tile).values())
    assert ("buildings" in layers_of(tile)) == (z >= 14)


def test_no_features_are_no_bytes():
    assert base_tile(z=14, x=0, y=0, on=TODAY) == b""
    x, y = tile_over(121.4855, 31.2400, 16)
    assert base_tile(z=16, x=x, y=y, on=date(2020, 1, 1)) == b"", "before it was valid"
