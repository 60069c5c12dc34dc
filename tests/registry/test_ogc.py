"""OGC API – Features at /ogc: what the standard requires (17-069r4, annex A; 18-058r1), within one's areas, and nothing about persons."""

import contextlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.models import Division, Grid
from jingwei.kit import db
from jingwei.registry import models
from jingwei.registry.actions import switch_off
from jingwei.registry.queries.features import scope
from jingwei.registry.rules import collections as rules
from jingwei.registry.rules.collections import CGCS2000, COLLECTIONS, CRS84, BadRequest
from tests.ground import build_ground
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db
GEO = "application/geo+json"


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    return build_ground()


@pytest.fixture
def ask(world: World, ground: SimpleNamespace) -> Any:
    """GET /ogc… as somebody; the answer."""

    def get(path: str = "", who: str | None = "station_clerk", accept: str = "application/json", **query: Any) -> Any:
        client = Client(headers={"accept": accept})
        if who:
            client.force_login(world.people[who])
        return client.get(f"/ogc{path}", query)

    return get


def items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return list(answer.json()["features"])


# Core


def test_the_landing_page_leads_everywhere(ask: Any) -> None:
    answer = ask()
    rels = {link["rel"]: link for link in answer.json()["links"]}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= rels.keys()
    assert rels["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert ask("/").status_code == 200


def test_it_says_what_it_conforms_to(ask: Any) -> None:
    conforms = ask("/conformance").json()["conformsTo"]
    assert {f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{c}" for c in ("core", "geojson", "html", "oas30")} <= set(conforms)


def test_every_collection_is_described_and_has_items(ask: Any) -> None:
    said = ask("/collections").json()
    assert [c["id"] for c in said["collections"]] == list(COLLECTIONS)
    for collection in said["collections"]:
        alone = ask(f"/collections/{collection['id']}").json()
        assert alone == collection
        assert {"self", "alternate", "items"} <= {link["rel"] for link in alone["links"]} and alone["crs"][0] == CRS84 and alone["itemType"] == "feature"
        answer = ask(f"/collections/{collection['id']}/items")
        body = answer.json()
        assert answer["Content-Type"] == GEO and body["type"] == "FeatureCollection" and body["numberReturned"] == len(body["features"])
        assert body["timeStamp"].endswith("Z") and {"self", "alternate"} <= {link["rel"] for link in body["links"]}
        assert answer["Content-Crs"] == f"<{CRS84}>" and 'rel="self"' in answer["Link"]


def test_the_description_names_every_address_and_parameter(ask: Any) -> None:
    answer = ask("/api")
    said = answer.json()
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi+json") and said["openapi"].startswith("3.0")
    for code in COLLECTIONS:
        names = {p["name"]: p for p in said["paths"][f"/collections/{code}/items"]["get"]["parameters"]}
        assert {"limit", "bbox", "datetime", "crs", "bbox-crs"} <= names.keys()
        assert names["limit"]["schema"]["minimum"] == 1 and names["bbox"]["style"] == "form" and names["bbox"]["explode"] is False
        assert names["limit"]["schema"]["maximum"] == rules.MOST
        assert f"/collections/{code}/items/{{featureId}}" in said["paths"]


def test_one_feature_has_its_address(ask: Any, ground: SimpleNamespace) -> None:
    for feature in items(ask("/collections/components/items")):
        alone = ask(f"/collections/components/items/{feature['id']}")
        assert alone["Content-Type"] == GEO
        body = alone.json()
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in body.pop("links")} and body == feature
    assert ask("/collections/divisions/items/310101013001").json()["properties"]["name"] == "甲居委会"


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/collections/residents",
        "/collections/residents/items",
        "/collections/rooms/items",
        "/collections/components/items/1",
        "/collections/components/x/y",
    ],
)
def test_what_is_not_there(ask: Any, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404 and answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "many"},
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "1,9,2,3"},
        {"bbox": "nan,0,1,1"},
        {"bbox": "0,0,181,1"},
        {"datetime": "yesterday"},
        {"datetime": "../.."},
        {"datetime": "2026-01-01/2025-01-01"},
        {"datetime": "2026-13-01"},
        {"colour": "red"},
        {"crs": "EPSG:4326"},
        {"after": "x"},
        {"after": "WyJ4IiwieSJd"},
        {"f": "xml"},
    ],
)
def test_a_parameter_that_is_unknown_or_wrong_is_400(ask: Any, query: dict[str, str]) -> None:
    answer = ask("/collections/components/items", **query)
    assert answer.status_code in (400, 422) and answer["Content-Type"].startswith("application/problem+json")
    assert answer.status_code == 400 or "after" in query


def test_unknown_parameters_are_400_everywhere(ask: Any) -> None:
    for path in ("", "/conformance", "/api", "/collections", "/collections/grids", "/collections/grids/items/310101013001001"):
        assert ask(path, colour="red").status_code == 400
        assert ask(path, f="json").status_code == 200


def test_a_limit_that_is_too_large_is_the_largest(ask: Any) -> None:
    assert ask("/collections/divisions/items", limit=10**9).status_code == 200


def test_pages_lead_through_everything_once(ask: Any) -> None:
    whole = [f["id"] for f in items(ask("/collections/divisions/items", limit=5000))]
    seen: list[str] = []
    answer = ask("/collections/divisions/items", limit=2, f="json")
    for _ in range(50):
        body = answer.json()
        seen += [f["id"] for f in body["features"]]
        following = [link["href"] for link in body["links"] if link["rel"] == "next"]
        if not following:
            break
        query = dict(part.split("=") for part in following[0].split("?")[1].split("&"))
        answer = ask("/collections/divisions/items", **query)
    assert seen == whole and len(whole) == 9


def test_a_box_selects_what_it_touches(ask: Any) -> None:
    inside = items(ask("/collections/grids/items", bbox="121.481,31.231,121.482,31.232"))
    assert [f["id"] for f in inside] == ["310101013001001"]
    assert items(ask("/collections/grids/items", bbox="121.481,31.231,-100,121.482,31.232,100"))[0]["id"] == "310101013001001"
    flipped = items(ask("/collections/grids/items", **{"bbox": "31.231,121.481,31.232,121.482", "bbox-crs": CGCS2000}))
    assert flipped == inside
    assert items(ask("/collections/components/items", bbox="170,-10,-170,10")) == [], "across the antimeridian"
    assert len(items(ask("/collections/components/items", bbox="121.4,31.2,121.5,31.3"))) == 3
    assert len(items(ask("/collections/organisations/items", bbox="121.4,31.2,121.5,31.3"))) == 1
    assert len(items(ask("/collections/buildings/items", bbox="121.4,31.2,121.5,31.3"))) == 2


def test_a_time_selects_what_was_there(ask: Any) -> None:
    assert items(ask("/collections/grids/items", datetime="2025-06-01")) == []
    for when in ("2026-06-01", "2026-06-01T10:00:00Z", "2026-06-01/..", "../2026-06-01", "2025-01-01/2026-06-01"):
        assert items(ask("/collections/grids/items", datetime=when)), when
    assert len(items(ask("/collections/organisations/items", datetime="2020-06-01"))) == 0
    assert len(items(ask("/collections/organisations/items", datetime="2021-01-01T00:00:00Z"))) == 1


def test_a_property_selects(ask: Any, ground: SimpleNamespace) -> None:
    lamps = items(ask("/collections/components/items", name="路灯 7 号"))
    assert [f["properties"]["class_name"] for f in lamps] == ["路灯"]
    assert items(ask("/collections/components/items", name="' or 1=1 --")) == []
    assert ask("/collections/components/items", note="x").status_code == 400


def test_cgcs2000_is_latitude_first(ask: Any) -> None:
    (one,), (other,) = (
        [f["geometry"]["coordinates"] for f in items(ask("/collections/components/items", name="路灯 7 号", **more))] for more in ({}, {"crs": CGCS2000})
    )
    assert one == list(reversed(other)) and one[0] > 121
    assert ask("/collections/components/items", crs=CGCS2000)["Content-Crs"] == f"<{CGCS2000}>"


# HTML


def test_every_page_is_there_for_people_too(ask: Any) -> None:
    for path in ("", "/conformance", "/api", "/collections", "/collections/grids", "/collections/grids/items", "/collections/grids/items/310101013001001"):
        asked = ask(path, accept="text/html,application/xhtml+xml,*/*;q=0.8")
        assert asked["Content-Type"].startswith("text/html") and asked.content.startswith(b"<!doctype html>")
        assert ask(path, f="html")["Content-Type"].startswith("text/html")
        assert ask(path, f="json", accept="text/html")["Content-Type"].startswith("application/")


def test_nothing_of_the_data_is_markup(ask: Any, ground: SimpleNamespace) -> None:
    models.Component.objects.filter(id=ground.lamp.id).update(name="<script>alert(1)</script>")
    assert b"<script>" not in ask("/collections/components/items", f="html").content


# Who


def test_a_stranger_is_told_to_come_with_a_token(ask: Any) -> None:
    for path in ("", "/collections", "/collections/grids/items"):
        answer = ask(path, who=None)
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"


def test_there_is_only_reading(world: World) -> None:
    client = Client()
    client.force_login(world.people["system_admin"])
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)("/ogc/collections/grids/items").status_code == 405
    assert client.head("/ogc").status_code == 200


OF = {
    "divisions": (Division, "code"), "grids": (Grid, "code"), "buildings": (models.Building, "id"), "addresses": (models.Address, "id"),
    "roads": (models.Road, "id"), "landmarks": (models.Landmark, "id"), "land": (models.LandUse, "id"), "components": (models.Component, "id"),
    "organisations": (models.Premises, "id"),
}  # fmt: skip


@pytest.mark.parametrize("code", COLLECTIONS)
def test_the_scope_is_that_of_the_models(world: World, ground: SimpleNamespace, code: str) -> None:
    """Two sayings of one scope are held against each other, for everybody."""
    model, key = OF[code]
    collection = COLLECTIONS[code]
    for who in world.people:
        actor = world.actor(who)
        where, values = scope(collection, actor)
        found = {str(r[0]) for r in db.rows(f"select t.{key} from {collection.tables} where {where}", values)}
        assert found == {str(v) for v in model.objects.visible_to(actor).values_list(key, flat=True)}, who  # type: ignore[attr-defined]
    assert scope(collection, Actor(1, "x"))[0] == "false" and SYSTEM.held == ()


def test_what_lies_elsewhere_is_not_there(ask: Any, ground: SimpleNamespace) -> None:
    assert items(ask("/collections/components/items", who="far_clerk")) == []
    assert ask(f"/collections/components/items/{ground.lamp.id}", who="far_clerk").status_code == 404
    assert len(items(ask("/collections/grids/items", who="worker"))) == 2


# Never persons


def test_no_collection_and_no_property_is_about_a_person(ask: Any, ground: SimpleNamespace) -> None:
    tables = " ".join(c.tables for c in COLLECTIONS.values())
    assert not any(word in tables for word in ("resident", "household", "residency", "pledge", "person"))
    sql = " ".join(p.sql for c in COLLECTIONS.values() for p in c.properties)
    assert not any(word in sql for word in ("sealed", "contact", "phone", "identity", "more"))
    everything = " ".join(json.dumps(ask(f"/collections/{code}/items").json(), ensure_ascii=False) for code in COLLECTIONS)
    assert "欧阳" not in everything and "王试二" not in everything


def test_a_field_that_is_off_is_not_published(ask: Any) -> None:
    assert "keeper" in items(ask("/collections/components/items"))[0]["properties"]
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("component", "keeper")])
    assert "keeper" not in items(ask("/collections/components/items"))[0]["properties"]
    assert ask("/collections/components/items", keeper="照明所").status_code == 400


# Cost


@pytest.mark.parametrize("code", COLLECTIONS)
def test_a_page_costs_one_statement_however_long(world: World, ask: Any, code: str) -> None:
    client = Client()
    client.force_login(world.people["street_operator"])
    client.get(f"/ogc/collections/{code}/items")
    sent = []
    for limit in (1, 1000):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/ogc/collections/{code}/items?limit={limit}")
        sent.append(len(captured))
    assert sent[0] == sent[1] <= 4, "session, actor, the dictionary's revision, the page"


# Reading


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    for read in (lambda: rules.read_datetime(text), lambda: rules.read_bbox(text, CRS84)):
        with contextlib.suppress(BadRequest):
            read()
