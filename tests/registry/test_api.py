"""The registry's doors: who may knock, what a tile's answer carries, and what a wrong question is told."""

from datetime import UTC, date, datetime
from math import asinh, floor, pi, radians, tan
from pathlib import Path

import pytest
from django.test import Client

from jingwei.accounts.actions import grant_role, register_person
from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import load_base_map

DATA = Path(__file__).parents[2] / "jingwei/site/demonstration/data"
AT, SINCE = datetime(2026, 11, 1, tzinfo=UTC), date(2026, 1, 1)
X, Y = floor((121.4855 + 180) / 360 * 2**15), floor((1 - asinh(tan(radians(31.24))) / pi) / 2 * 2**15)
TILE = f"/api/v1/tiles/base/15/{X}/{Y}.mvt"

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(tmp_path) -> Client:
    """A worker at the doors; the landmarks are loaded."""
    load_base_map(actor=SYSTEM, at=AT, layer="landmarks", path=DATA / "landmarks.geojson.gz", reject_path=tmp_path / "r.csv", source="OSM", valid_from=SINCE)
    person = register_person(actor=SYSTEM, at=AT, username="worker", name="甲", password=None, area="310101")
    grant_role(actor=SYSTEM, at=AT, person=person, role="worker", area="310101013014001", from_date=SINCE)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("path", [TILE, "/api/v1/addresses?q=外滩"])
def test_nobody_in_particular_sees_nothing(path):
    assert Client().get(path).status_code == 401


def test_a_tile_is_kept_by_the_browser_and_asked_for_again_only_when_it_changed(client):
    first = client.get(TILE)
    assert first.status_code == 200 and first["Content-Type"] == "application/vnd.mapbox-vector-tile" and b"landmarks" in first.content
    assert first["Cache-Control"] == "private, max-age=3600"
    again = client.get(TILE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_where_nothing_is_the_answer_is_empty(client):
    nothing = client.get("/api/v1/tiles/base/15/0/0.mvt")
    assert (nothing.status_code, nothing.content) == (204, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("tiles/base/15/99999/0.mvt", 422), ("tiles/base/15/0/-1.mvt", 422), ("tiles/base/-1/0/0.mvt", 422), ("tiles/base/40/0/0.mvt", 422),
        ("tiles/base/9999999999999999999999/0/0.mvt", 422), ("tiles/base/a/0/0.mvt", 422), ("addresses", 422), ("addresses?q=a&lon=181&lat=0", 422),
        ("addresses?q=a&lon=nan&lat=0", 422), ("addresses?q=a&limit=0", 422), ("addresses?q=a&limit=51", 422), (f"addresses?q={'a' * 201}", 422),
        ("addresses?q=%00", 422),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_so(client, path, status):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/problem+json") and answer.json()["status"] == status


def test_an_address_has_a_label_a_kind_and_a_position(client):
    found = client.get("/api/v1/addresses", {"q": "正大广场", "lon": 121.49, "lat": 31.24}).json()
    assert found[0] == {
        "label": "正大广场", "label_en": "Super Brand Mall", "kind": "landmark", "place": "", "lon": found[0]["lon"], "lat": found[0]["lat"],
        "metres": found[0]["metres"],
    }  # fmt: skip
    assert 0 < found[0]["metres"] < 1000


@pytest.mark.parametrize("q", ["%F0%9F%98%80", "%25", "\\", "   "])
def test_strange_texts_find_nothing_quietly(client, q):
    assert client.get(f"/api/v1/addresses?q={q}").status_code == 200
