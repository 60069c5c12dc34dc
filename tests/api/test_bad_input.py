"""Whatever comes in: the answer is a 4xx problem document that says what is wrong, and nothing is half-written."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from jingwei.cases.actions import NewCase, open_case
from jingwei.cases.models import Case
from tests.api.conftest import Caller, fields, problem, rows_everywhere
from tests.world import FAR, IN_A1, MONDAY, NOWHERE, A, World, square

POSITION = {"crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}
REPORT = {"matter": "06001", "source": "hotline", "text": "路边堆放杂物", "position": POSITION}
HUGE = 10**400
MEGABYTE = "x" * (1 << 20)


@pytest.fixture
def case(world: World) -> Case:
    new = NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1])
    opened = open_case(actor=world.actor("acceptor"), at=MONDAY, new=new).case
    assert opened
    return opened


# -- reports --------------------------------------------------------------------------------------------------------------------------------

WRONG_REPORTS: list[tuple[dict[str, Any], str]] = [
    ({"matter": None}, "matter"),
    ({"matter": 6001}, "matter"),
    ({"matter": "99999"}, "matter"),
    ({"matter": "6" * 21}, "matter"),
    ({"process": "nope"}, "process"),
    ({"things": [{"kind": "component", "code": "31010101017999999"}]}, "things.0.code"),
    ({"things": [{"kind": "plate", "code": "'; --"}]}, "things.0.code"),
    ({"things": [{"kind": "resident", "code": "1"}]}, "things.0.kind"),
    ({"things": [{"kind": "plate", "code": "1"}] * 11}, "things"),
    ({"source": "nope"}, "source"),
    ({"text": ""}, "text"),
    ({"text": "   "}, "text"),
    ({"text": ["x"]}, "text"),
    ({"text": MEGABYTE}, "text"),
    ({"text": "a\0b"}, "text"),
    ({"text": "\ud800"}, "text"),
    ({"text": "a\x07b"}, "text"),
    ({"address": MEGABYTE}, "address"),
    ({"place": "999999"}, "place"),
    ({"place": "310"}, "place"),
    ({"place": "３１０１０１"}, "place"),
    ({"place": "\0"}, "place"),
    ({"urgent": "yes"}, "urgent"),
    ({"urgent": 1}, "urgent"),
    ({"position": {"crs": "EPSG:4326"}}, "position.x"),
    ({"position": POSITION | {"crs": "WGS84"}}, "position.crs"),
    ({"position": POSITION | {"x": "121"}}, "position.x"),
    ({"position": POSITION | {"x": True}}, "position.x"),
    ({"position": POSITION | {"x": 181}}, "position"),
    ({"position": POSITION | {"y": HUGE}}, "position.y"),
    ({"position": POSITION | {"x": float("nan")}}, "position.x"),
    ({"position": POSITION | {"y": float("inf")}}, "position.y"),
    ({"position": POSITION | {"z": 1}}, "position.z"),
    ({"reporter": {"phone": "not a number"}}, "reporter.phone"),
    ({"reporter": {"phone": "1" * 31}}, "reporter.phone"),
    ({"reporter": {"phone": "١٢٣"}}, "reporter.phone"),
    ({"reporter": {"name": "\0"}}, "reporter.name"),
    ({"files": ["x"]}, "files.0"),
    ({"files": "x"}, "files"),
    ({"files": ["00000000-0000-4000-8000-000000000000"]}, "files"),
    ({"files": ["00000000-0000-4000-8000-000000000000"] * 21}, "files"),
    ({"outer_number": "x" * 61}, "outer_number"),
    ({"ghost": 1}, "ghost"),
    ({"a\0b": 1}, "?"),
]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(("change", "field"), WRONG_REPORTS, ids=lambda v: str(v)[:40] if not isinstance(v, str) else v)
def test_a_wrong_report_is_refused_by_the_name_of_its_field(someone: Caller, change: dict[str, Any], field: str) -> None:
    body = REPORT | change
    assert field in fields(problem(someone("POST", "/cases", {k: v for k, v in body.items() if v is not None}), 422))


LON, LAT = IN_A1
RING = [[LON, LAT], [LON + 1e-4, LAT], [LON + 1e-4, LAT + 1e-4], [LON, LAT + 1e-4]]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(("body", "field"), [
    ({}, "x"), ({"x": LON}, "x"), ({"x": "east", "y": LAT}, "x"), ({"x": LON, "y": 91}, "y"), ({"x": LON, "y": LAT, "crs": "WGS84"}, "crs"),
    ({"footprint": "x"}, "footprint"), ({"footprint": RING[:2]}, "footprint"), ({"footprint": [[1, 2, 3], *RING]}, "footprint.0"),
    ({"footprint": [RING[0], RING[2], RING[1], RING[3]]}, "footprint"), ({"footprint": [*RING, [LON, 95]]}, "footprint"),
    ({"footprint": [*RING, [HUGE, LAT]]}, "footprint.4.0"), ({"footprint": RING * 600}, "footprint"), ({"footprint": RING, "floors_above": -1}, "floors_above"),
    ({"footprint": RING, "use": "palace"}, "use"), ({"footprint": RING, "name": "a\0b"}, "name"), ({"footprint": RING, "code": "1"}, "code"),
], ids=lambda v: str(v)[:40])  # fmt: skip
def test_a_building_entered_with_something_wrong(caller: Callable[..., Caller], body: dict[str, Any], field: str) -> None:
    assert field in fields(problem(caller("station_clerk")("POST", "/buildings", body), 422))


@pytest.mark.usefixtures("nothing_written")
def test_every_wrong_field_is_named_at_once(someone: Caller) -> None:
    body = problem(someone("POST", "/cases", {"matter": 1, "source": [], "urgent": "x"}), 422)
    assert fields(body) == {"matter", "source", "text", "urgent"}


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("raw", [
    b"", b"{", b"null", b"[]", b'"text"', b"{'a': 1}", b'{"matter": "06001",}', b"\xff\xfe\x00", b'{"text": "\xff"}', '{"text": "长"}'.encode("gbk"),
    b'{"text": "a\x00b"}', b"[" * 100_000, b'{"a":' * 5_000, b"9" * 10_000, b'{"form": ' + b"9" * 10_000 + b"}",
], ids=lambda raw: repr(raw[:20]))  # fmt: skip
def test_a_body_that_is_no_report(someone: Caller, raw: bytes) -> None:
    body = problem(someone("POST", "/cases", raw=raw), (400, 422))
    assert body["code"] in ("unreadable", "invalid")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("key", ["", "x" * 81, "a\tb", "schlüssel"])
def test_a_wrong_idempotency_key(someone: Caller, key: str) -> None:
    assert fields(problem(someone("POST", "/cases", REPORT, **{"Idempotency-Key": key}), 422)) == {"Idempotency-Key"}


def test_a_point_outside_every_grid_is_kept_in_a_queue_of_its_own(someone: Caller) -> None:
    answer = someone("POST", "/cases", REPORT | {"position": {"crs": "EPSG:4326", "x": NOWHERE[0], "y": NOWHERE[1]}})
    assert answer.status_code == 201
    case = json.loads(answer.content)
    assert case["located"] is False and case["place"]["code"] == "310101"
    (waiting,) = json.loads(someone("GET", "/cases?view=unlocated").content)["items"]
    assert waiting["id"] == case["id"] and (waiting["lon"], waiting["lat"]) == NOWHERE


# -- moves ----------------------------------------------------------------------------------------------------------------------------------

WRONG_MOVES: list[tuple[str, Any, str]] = [
    ("accept", {}, "seen_version"),
    ("accept", {"seen_version": "1"}, "seen_version"),
    ("accept", {"seen_version": 0}, "seen_version"),
    ("accept", {"seen_version": HUGE}, "seen_version"),
    ("accept", {"seen_version": 1, "form": []}, "form"),
    ("accept", {"seen_version": 1, "form": {"ghost": 1}}, "form.ghost"),
    ("accept", {"seen_version": 1, "form": {"note": 5}}, "form.note"),
    ("accept", {"seen_version": 1, "form": {"note": {"a": [1]}}}, "form.note"),
    ("accept", {"seen_version": 1, "form": {"note": "\0"}}, "form.note"),
    ("accept", {"seen_version": 1, "form": {"note": MEGABYTE}}, "form.note"),
    ("accept", {"seen_version": 1, "form": {"matter": "99999"}}, "form.matter"),
    ("accept", {"seen_version": 1, "form": {"matter": {}}}, "form.matter"),
    ("decline", {"seen_version": 1}, "form.reason"),
    ("decline", {"seen_version": 1, "form": {"reason": "  "}}, "form.reason"),
    ("merge", {"seen_version": 1}, "form.case"),
    ("merge", {"seen_version": 1, "form": {"case": ["x"]}}, "form.case"),
]


@pytest.mark.parametrize(("move", "body", "field"), WRONG_MOVES, ids=lambda v: str(v)[:50])
def test_a_wrong_form_is_refused_by_the_name_of_its_field(someone: Caller, case: Case, move: str, body: Any, field: str) -> None:
    before = rows_everywhere()
    assert field in fields(problem(someone("POST", f"/cases/{case.id}/moves/{move}", body), 422))
    assert rows_everywhere() == before and Case.objects.get(district=case.district, id=case.id).version == 1


@pytest.mark.parametrize(("move", "form", "field"), [
    ("suspend", {"reason": "等待配件", "until": 5}, "form.until"),
    ("suspend", {"reason": "等待配件", "until": "soon"}, "form.until"),
    ("suspend", {"reason": "等待配件", "until": "2026-12-01T00:00:00"}, "form.until"),
    ("suspend", {"reason": "等待配件", "until": "9999-12-31T23:59:59-12:00"}, "form.until"),
    ("suspend", {"reason": "等待配件", "until": "0001-01-01T00:00:00+14:00"}, "form.until"),
    ("suspend", {"reason": "等待配件", "until": {"a": 1}}, "form.until"),
])  # fmt: skip
def test_a_wrong_time_in_a_form(caller: Callable[..., Caller], case: Case, move: str, form: Any, field: str) -> None:
    answer = caller("shift_leader")("POST", f"/cases/{case.id}/moves/{move}", {"seen_version": 1, "form": form})
    assert fields(problem(answer, 422)) == {field}


@pytest.mark.parametrize("unit", ["x", "9" * 5000, 2**63, -1, 0, True, 1.5, [], [1], {"id": 1}, "１", "999999999"])
def test_a_wrong_unit_in_a_form(caller: Callable[..., Caller], world: World, case: Case, unit: Any) -> None:
    acceptor = caller("acceptor")
    for version, move in enumerate(("accept", "file"), start=1):
        assert acceptor("POST", f"/cases/{case.id}/moves/{move}", {"seen_version": version}).status_code == 200
    answer = caller("dispatcher")("POST", f"/cases/{case.id}/moves/dispatch", {"seen_version": 3, "form": {"unit": unit}})
    assert fields(problem(answer, 422)) == {"form.unit"}


@pytest.mark.parametrize("files", ["x", [5], ["x"], [None], {"a": 1}, ["00000000-0000-4000-8000-000000000000"], [["x"]], list("x" * 21)])
def test_wrong_files_in_a_form(caller: Callable[..., Caller], case: Case, files: Any) -> None:
    acceptor = caller("acceptor")
    for version, move in enumerate(("accept", "send_confirm"), start=1):
        assert acceptor("POST", f"/cases/{case.id}/moves/{move}", {"seen_version": version}).status_code == 200
    answer = caller("worker")("POST", f"/cases/{case.id}/moves/confirm", {"seen_version": 3, "form": {"result": "属实", "files": files}})
    assert fields(problem(answer, 422)) & {"form.files", "files"}
    assert Case.objects.get(district=case.district, id=case.id).state == "confirming"


@pytest.mark.parametrize("move", ["nope", "%00", "x" * 41, "Accept"])
def test_an_unknown_move(someone: Caller, case: Case, move: str) -> None:
    problem(someone("POST", f"/cases/{case.id}/moves/{move}", {"seen_version": 1}), 422)


@pytest.mark.parametrize("other", ["0-0", "\ud800-", "00000000-0000-4000-8000-000000000000", "{00000000-0000-4000-8000-000000000000}", "-" * 60])
def test_a_case_to_merge_into_that_is_not_there(someone: Caller, case: Case, other: str) -> None:
    problem(someone("POST", f"/cases/{case.id}/moves/merge", {"seen_version": 1, "form": {"case": other}}), 422)


@pytest.mark.parametrize("id", ["00000000-0000-4000-8000-000000000000", "ffffffff-ffff-8fff-bfff-ffffffffffff", "x", "%00", "1" * 500])
def test_a_case_that_is_not_there(someone: Caller, id: str) -> None:
    problem(someone("GET", f"/cases/{id}"), 404)
    problem(someone("POST", f"/cases/{id}/moves/accept", {"seen_version": 1}), 404)


# -- lists ----------------------------------------------------------------------------------------------------------------------------------

WRONG_QUERIES: list[tuple[str, str]] = [
    ("/cases?sort=colour", "sort"),
    ("/cases?view=nope", "view"), ("/cases?light=pink", "light"), ("/cases?size=0", "size"), ("/cases?size=9999999999999999999999", "size"),
    ("/cases?q=%00", "q"), (f"/cases?q={'x' * 101}", "q"), ("/cases?state=%00", "state"), ("/cases?place=31x", "place"), ("/cases?unit=x", "unit"),
    ("/cases?unit=99999999999999999999", "unit"), ("/cases?after=nonsense", "after"), ("/cases?after=WyJhIiwiYiIsImMiXQ", "after"),
    ("/cases?after=WyIyMDI2LTAxLTAxIiwiMjAyNi0wMS0wMSIsIngiXQ", "after"), ("/cases?after=WzEsMiwzXQ", "after"),
    ("/cases?after=%ff", "after"), ("/cases/counts?view=nope", "view"), ("/cases/counts?q=%00", "q"),
    ("/units?q=%00", "q"), ("/units?limit=0", "limit"), (f"/units?q={'x' * 61}", "q"), ("/people?after=-1", "after"),
    ("/people?after=99999999999999999999", "after"),
    ("/people?q=%00", "q"), ("/areas/at?lon=inf&lat=1", "lon"), ("/areas/at?lon=1&lat=1&on=9999-99-99", "on"), ("/areas/at?lon=1&lat=1&on=x", "on"),
    ("/divisions?parent=1", "parent"), ("/divisions?parent=%D9%A3%D9%A1%D9%A0%D9%A1%D9%A0%D9%A1%D9%A0%D9%A1%D9%A3%D9%A0%D9%A0%D9%A1", "parent"),
    ("/grids?place=31", "place"), ("/grids", "place"), ("/grids?place=310101013&on=0000-00-00", "on"), ("/postings?place=x", "place"),
    ("/posts?lon=121&lat=91", "lat"), ("/posts?lon=nan&lat=31", "lon"), ("/posts?lon=121", "lat"), ("/posts?lon=1&lat=1&metres=-1", "metres"),
    ("/posts?lon=1&lat=1&metres=2001", "metres"), ("/posts?lon=1&lat=1&metres=x", "metres"),
    ("/matters?kind=ghost", "kind"), ("/matters?q=%00", "q"), ("/matters?edition=%00", "edition"), ("/crosswalk", "edition"),
    ("/crosswalk?edition=%00", "edition"),
    ("/addresses/tree?parent=0", "parent"), ("/addresses/tree?within=x", "within"), ("/addresses/tree?after=x", "after"), ("/addresses/tree?size=0", "size"),
    ("/addresses", "q"), ("/addresses?q=%00", "q"), ("/addresses?q=x&lon=nan&lat=1", "lon"), ("/addresses?q=x&limit=0", "limit"),
    ("/dispatch-rules?on=x", "on"), ("/processes/standard?version=0", "version"), ("/tiles/grids/x/0/0.mvt", "z"), ("/tiles/cases/23/0/0.mvt", "tile"),
    ("/tiles/base/30/0/0.mvt", "tile"), ("/tiles/cases/13/6860/3347.mvt?gathered=true&cells=65", "cells"), ("/tiles/cases/13/6860/3347.mvt?cells=0", "cells"),
    ("/tiles/grids/99999999999999999999999/0/0.mvt", "tile"), ("/tiles/cases/1/2/0.mvt", "tile"), ("/tiles/cases/-1/0/0.mvt", "tile"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field"), WRONG_QUERIES, ids=lambda v: v[:60])
def test_a_wrong_query_is_refused_by_the_name_of_its_part(someone: Caller, path: str, field: str) -> None:
    assert field in fields(problem(someone("GET", path), 422))


HERE = {"lon": 1.0, "lat": 1.0}
WRONG_QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("/cases/nearby", {}, "lon"), ("/cases/nearby", HERE | {"lon": 181}, "lon"), ("/cases/nearby", HERE | {"lon": float("nan")}, "lon"),
    ("/cases/nearby", HERE | {"lat": "1"}, "lat"), ("/cases/nearby", HERE | {"metres": float("inf")}, "metres"),
    ("/cases/nearby", HERE | {"metres": 0}, "metres"),
    ("/cases/nearby", HERE | {"text": "x" * 301}, "text"), ("/cases/nearby", HERE | {"text": "\0"}, "text"), ("/cases/nearby", HERE | {"ghost": 1}, "ghost"),
    ("/advice", {"place": "x"}, "place"), ("/advice", {"text": "\0"}, "text"), ("/advice", {"text": "x" * 301}, "text"), ("/advice", {"ghost": 1}, "ghost"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "field"), WRONG_QUESTIONS, ids=lambda v: str(v)[:60])
def test_a_wrong_question_is_refused_by_the_name_of_its_part(someone: Caller, path: str, body: dict[str, Any], field: str) -> None:
    assert field in fields(problem(someone("POST", path, body), 422))


@pytest.mark.parametrize("path", [
    "/divisions/310101013009", "/divisions/", "/divisions/%00", "/grids/310101013001009", "/grids/x", "/matters/99999/conditions", "/matters/%00/conditions",
    "/processes/nope", "/processes/%00", "/calendars/default/2031", "/calendars/nope/2026", "/calendars/default/x", "/files/x",
    "/files/00000000-0000-4000-8000-000000000000", "/files/00000000-0000-4000-8000-000000000000/thumb", "/nope", "", "/cases/", "//",
    "/api/v2/cases", "/api/", "/api/v1", "/../etc/passwd", "/%2e%2e/%00", "/%ff",
])  # fmt: skip
def test_what_is_not_there(someone: Caller, path: str) -> None:
    problem(someone("GET", path), (404, 422))


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/cases"), ("DELETE", "/cases"), ("PATCH", "/session"), ("POST", "/sources"), ("GET", "/dispatch-rules/try"), ("GARBAGE", "/cases")],
)
def test_a_method_that_an_address_does_not_take(someone: Caller, method: str, path: str) -> None:
    answer = someone(method, path)
    assert problem(answer, 405)["code"] == "method_not_allowed" and answer["Allow"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("path", ["/areas/at?lon=121.482&lat=31.235&on=", "/grids?place=310101013&on=", "/postings?on=", "/dispatch-rules?on="])
def test_days_at_the_ends_of_time(someone: Caller, path: str, day: str) -> None:
    assert someone("GET", path + day).status_code == 200


def test_the_language_of_a_refusal(someone: Caller) -> None:
    said = {tongue: problem(someone("GET", "/cases/x", **{"Accept-Language": tongue}), 404)["title"] for tongue in ("zh-CN", "en-GB,en;q=0.9", "fr", "*", "")}
    assert said == {"zh-CN": "没有找到", "en-GB,en;q=0.9": "Not found", "fr": "没有找到", "*": "没有找到", "": "没有找到"}


# -- administration -------------------------------------------------------------------------------------------------------------------------

GRID = {"code": A + "009", "name": "网格", "geometry": square(121.48, 31.23, 121.49, 31.24)}
PLAN = {"community": A, "valid_from": "2027-01-01", "grids": [GRID]}


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("geometry", [
    {"type": "Polygon", "coordinates": []}, {"type": "Polygon", "coordinates": ["x"]}, {"type": "Polygon", "coordinates": [[[1, 2]]]},
    {"type": "Polygon", "coordinates": [[[1e308, 1], [2, 1], [2, 2], [1e308, 1]]]},
    {"type": "Polygon", "coordinates": [[[None, 1], [2, 1], [2, 2], [None, 1]]]},
    {"type": "Polygon", "coordinates": [[[float("nan"), 1], [2, 1], [2, 2], [float("nan"), 1]]]}, {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [[[121.48, 31.23], [121.49, 31.24], [121.49, 31.23], [121.48, 31.24], [121.48, 31.23]]]},
    {"type": "MultiPolygon", "coordinates": [[[[121.48, 31.23], [121.49, 31.24], [121.49, 31.23], [121.48, 31.24], [121.48, 31.23]]]]},
    {"type": "Polygon", "coordinates": [[[HUGE, 1], [2, 1], [2, 2], [HUGE, 1]]]}, {"type": "Polygon", "coordinates": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]},
    {"type": "Point", "coordinates": [121.48, 31.23]}, {"type": "Polygon"}, None, "POLYGON((0 0))",
], ids=lambda g: str(g)[:60])  # fmt: skip
@pytest.mark.parametrize("micro", [False, True], ids=["basic", "micro"])
def test_a_grid_without_a_shape(caller: Callable[..., Caller], geometry: Any, micro: bool) -> None:
    grids = [GRID, GRID | {"code": A + "008", "kind": "micro", "parent": A + "009", "geometry": geometry}] if micro else [GRID | {"geometry": geometry}]
    problem(caller("system_admin")("POST", "/grids/plans", PLAN | {"grids": grids}), (400, 422))


@pytest.mark.parametrize("change", [
    {"grids": []}, {"grids": [GRID] * 2}, {"grids": [GRID] * 501}, {"community": "x"}, {"community": FAR}, {"valid_from": "10000-01-01"}, {"valid_from": 5e300},
    {"valid_from": "2025-01-01"}, {"crs": "GCJ-02"}, {"grids": [GRID | {"kind": "huge"}]}, {"grids": [GRID | {"parent": A + "001"}]},
    {"grids": [GRID | {"name": ""}]}, {"grids": [GRID | {"name": "\0"}]}, {"grids": [GRID | {"predecessors": ["x"]}]},
    {"grids": [GRID | {"predecessors": [FAR + "777"]}]},
    {"grids": [GRID | {"code": A + "000"}]}, {"grids": [GRID | {"code": "٣" * 15}]}, {"ghost": 1},
], ids=lambda c: str(c)[:60])  # fmt: skip
def test_a_wrong_plan_of_grids(caller: Callable[..., Caller], change: dict[str, Any]) -> None:
    problem(caller("system_admin")("POST", "/grids/plans", PLAN | change), (404, 422))


def test_a_grid_with_heights_is_taken_without_them(caller: Callable[..., Caller]) -> None:
    high = {"type": "Polygon", "coordinates": [[[*point, 3.5] for point in square(121.48, 31.23, 121.49, 31.24)["coordinates"][0]]]}
    assert caller("system_admin")("POST", "/grids/plans", PLAN | {"grids": [GRID | {"geometry": high}]}).status_code == 201


@pytest.mark.parametrize("days", [
    {"from_date": "2027-01-01", "until": "2026-01-01"}, {"from_date": "2027-01-01", "until": "2027-01-01"}, {"from_date": "9999-12-31", "until": "0001-01-01"},
    {"from_date": "10000-01-01"}, {"from_date": None, "until": 5}, {"from_date": "x"},
], ids=str)  # fmt: skip
def test_periods_that_end_before_they_begin(caller: Callable[..., Caller], world: World, days: dict[str, Any]) -> None:
    person = world.people["analyst"].pk
    grant = {"role": "analyst", "area": "310109", "unit": world.units["centre"].pk} | days
    problem(caller("security_admin")("POST", f"/people/{person}/grants", grant), 422)
    problem(caller("system_admin")("POST", "/postings", {"person": person, "grid": A + "001"} | days), (404, 422))


def test_periods_at_the_end_of_time(caller: Callable[..., Caller], world: World) -> None:
    person = world.people["analyst"].pk
    grant = {"role": "analyst", "area": "310109", "from_date": "9999-12-30", "until": "9999-12-31"}
    answer = caller("security_admin")("POST", f"/people/{person}/grants", grant)
    assert answer.status_code == 201
    ended = caller("security_admin")("DELETE", f"/grants/{json.loads(answer.content)['id']}")
    assert ended.status_code == 200
    assert caller("security_admin")("DELETE", f"/grants/{json.loads(answer.content)['id']}").status_code == 200, "ended twice is ended"


@pytest.mark.parametrize("change", [
    {"role": "king"}, {"role": "analyst", "area": "310"}, {"role": "analyst", "area": "٣١"}, {"role": "analyst", "unit": 0}, {"role": "analyst", "unit": 2**63},
    {"role": "department_clerk"}, {"role": 5}, {"role": "system_admin\0"}, {"role": "x" * 31},
], ids=str)  # fmt: skip
def test_a_wrong_grant(caller: Callable[..., Caller], world: World, change: dict[str, Any]) -> None:
    problem(caller("security_admin")("POST", f"/people/{world.people['analyst'].pk}/grants", {"area": "3101"} | change), (403, 422))


@pytest.mark.parametrize("change", [
    {"username": "a"}, {"username": "Ab C"}, {"username": "x" * 61}, {"username": "王小明"}, {"username": "acceptor"}, {"name": ""}, {"name": "x" * 61},
    {"name": "\ud800"},
    {"password": "short"}, {"password": "x" * 201}, {"password": "1234567890"}, {"password": "a\0bcdefghijk"}, {"area": "x"}, {"area": "310"},
    {"is_machine": "perhaps"},
], ids=str)  # fmt: skip
def test_a_wrong_person(caller: Callable[..., Caller], change: dict[str, Any]) -> None:
    before = rows_everywhere()
    person = {"username": "new.person", "name": "新人甲", "password": "a good long one", "area": "310101"}
    problem(caller("system_admin")("POST", "/people", person | change), (403, 422))
    assert rows_everywhere()["accounts_person"] == before["accounts_person"]


@pytest.mark.parametrize("path", ["/people/0/tokens", "/people/99999999999999999999/tokens", "/people/123456789/tokens", "/people/x/tokens"])
def test_a_token_for_nobody(caller: Callable[..., Caller], path: str) -> None:
    problem(caller("system_admin")("POST", path, {"name": "x"}), (404, 422))


@pytest.mark.parametrize(
    "change",
    [{"at": "soon"}, {"at": "9999-12-31T23:59:59Z"}, {"at": "0001-01-01T00:00:00Z"}, {"at": -(10**20)}, {"place": "3"}, {"matter": "\0"}, {"source": "x"}],
)
def test_a_wrong_trial_of_the_dispatch_table(someone: Caller, change: dict[str, Any]) -> None:
    answer = someone("POST", "/dispatch-rules/try", {"place": "310101"} | change)
    assert answer.status_code == 200 or problem(answer, 422)


# -- uploads --------------------------------------------------------------------------------------------------------------------------------


def upload(caller: Caller, content: bytes, name: str = "photo.jpg", mime: str = "image/jpeg") -> Any:
    return caller.client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content, mime)})


@pytest.mark.usefixtures("nothing_written")
def test_a_zip_named_jpg(someone: Caller) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x", "y")
    assert problem(upload(someone, stream.getvalue()), 415)["code"] == "unsupported_type"


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 422), (b"\xff\xd8\xff\xe0" + b"\0" * 40, (415, 422)), (b"x", 415), (b"\xff\xd8\xff" * (7 << 20), 413)],
    ids=["empty", "cut", "x", "21 MB"],
)
def test_an_upload_that_is_no_picture(someone: Caller, content: bytes, status: Any) -> None:
    problem(upload(someone, content), status)


@pytest.mark.usefixtures("nothing_written")
def test_no_file_at_all(someone: Caller) -> None:
    assert fields(problem(someone.client.post("/api/v1/files", {"other": "x"}), 422)) == {"file"}
    problem(someone("POST", "/files", {"file": "x"}), (400, 422))
    problem(someone.client.generic("POST", "/api/v1/files", b"--x\r\nnonsense", "multipart/form-data; boundary=x"), (400, 422))
    problem(someone.client.generic("POST", "/api/v1/files", b"nonsense", "multipart/form-data"), (400, 422))


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readinto = read  # type: ignore[assignment]


@pytest.mark.parametrize(("path", "length", "status"), [
    ("/api/v1/files", str(200 << 20), 413), ("/api/v1/files", str(22 << 20), 413), ("/api/v1/cases", str(3 << 20), 413), ("/api/v1/session", "9" * 30, 413),
    ("/api/v1/cases", "-1", 413), ("/api/v1/cases", "x", 413), ("/healthz", str(200 << 20), 413),
])  # fmt: skip
def test_a_body_too_large_is_refused_before_it_is_read(someone: Caller, path: str, length: str, status: int) -> None:
    request = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": length, "CONTENT_TYPE": "application/json", "wsgi.input": Unread()}
    problem(someone.client.request(**request), status)


def test_a_body_without_a_length_is_refused(someone: Caller) -> None:
    answer = someone.client.request(REQUEST_METHOD="POST", PATH_INFO="/api/v1/cases", HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": Unread()})
    assert problem(answer, 411)["code"] == "length_required"


# -- classes and filing conditions ----------------------------------------------------------------------------------------------------------

CLASS = {"edition": "示范市扩展类", "major": "06", "name": "电梯困人", "module": "public_safety"}
CONDITION = {"standard": "demo_city", "edition": "GB/T 47678.5-2026", "code": "06001", "text": "有人被困", "limit_value": 1, "limit_unit": "work_day"}
WRONG_BOOK: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "/matters", CLASS | {"edition": "GB/T 47678.5-2026"}, "edition"),
    ("POST", "/matters", CLASS | {"major": "06'"}, "major"),
    ("POST", "/matters", CLASS | {"code": "6" * 21}, "code"),
    ("POST", "/matters", CLASS | {"kind": "person"}, "kind"),
    ("POST", "/matters", CLASS | {"name": "长" * 101}, "name"),
    ("POST", "/matters", CLASS | {"valid_from": "2026-02-30"}, "valid_from"),
    ("POST", "/matters", CLASS | {"colour": "red"}, "colour"),
    ("POST", "/filing-conditions", {k: v for k, v in CONDITION.items() if k != "limit_unit"}, "limit_unit"),
    ("POST", "/filing-conditions", CONDITION | {"limit_unit": "weeks"}, "limit_unit"),
    ("POST", "/filing-conditions", CONDITION | {"limit_value": 0}, "limit_value"),
    ("POST", "/filing-conditions", CONDITION | {"limit_value": HUGE}, "limit_value"),
    ("POST", "/filing-conditions", CONDITION | {"code": "99999"}, "code"),
    ("POST", "/filing-conditions", CONDITION | {"standard": "nope"}, "standard"),
    ("POST", "/filing-conditions", CONDITION | {"number": "S0101-01"}, "number"),
    ("POST", "/filing-conditions", CONDITION | {"text": "长" * 501}, "text"),
    ("POST", "/editions", {"code": "GB/T 1-2030", "name": "x", "source": "x"}, "code"),
    ("POST", "/filing-standards", {"code": "demo_city", "name": "x", "source": "x"}, "code"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), WRONG_BOOK)
def test_a_wrong_class_or_condition(nothing_written: None, caller: Callable[..., Caller], method: str, path: str, body: dict[str, Any], field: str) -> None:
    assert field in fields(problem(caller("system_admin")(method, path, body), 422))


# -- who is asking --------------------------------------------------------------------------------------------------------------------------


def test_nobody_gets_in(world: World) -> None:
    for header in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer \xff\xfe"},
        {"Authorization": "Bearer" + "x" * 9000},
    ):
        answer = Client(headers=header).get("/api/v1/cases")
        assert problem(answer, 401)["code"] == "unauthenticated" and answer["WWW-Authenticate"] == "Bearer"


def test_an_expired_session_is_nobody(someone: Caller) -> None:
    assert someone("GET", "/cases").status_code == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    problem(someone("GET", "/cases"), 401)
    problem(someone("POST", "/cases", REPORT), 401)
    assert json.loads(someone("GET", "/session").content) == {"person": None, "training": False}


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "\0", "../../etc/passwd", "'; drop table django_session; --"])
def test_a_forged_session_is_nobody(world: World, cookie: str) -> None:
    client = Client(raise_request_exception=False)
    problem(client.get("/api/v1/cases", headers={"Cookie": f"sessionid={cookie}"}), 401)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "acceptor"},
        {"username": "\0", "password": "x"},
        {"username": "x" * 61, "password": "x"},
        {"username": "x", "password": "x" * 1_000_000},
        {"username": 1, "password": 2},
        [],
        None,
    ],
)
def test_a_wrong_log_in(world: World, caller: Callable[..., Caller], body: Any) -> None:
    problem(caller()("POST", "/session", body), 422)


# -- shapes ---------------------------------------------------------------------------------------------------------------------------------

CROSSED = [[121.48, 31.23], [121.49, 31.24], [121.49, 31.23], [121.48, 31.24]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "circle"),
        ({"circle": {"lon": 121.48, "lat": 31.23, "metres": 100}, "corners": CROSSED}, "circle"),
        ({"circle": {"lon": 121.48, "lat": 31.23, "metres": 0}}, "circle.metres"),
        ({"circle": {"lon": 121.48, "lat": 31.23, "metres": 3_000_000}}, "circle.metres"),
        ({"circle": {"lon": 500, "lat": 31.23, "metres": 100}}, "circle.lon"),
        ({"circle": {"lon": "121", "lat": 31.23, "metres": 100}}, "circle.lon"),
        ({"corners": CROSSED}, "corners"),
        ({"corners": [[121.48, 31.23]]}, "corners"),
        ({"corners": [[121.48 + i * 1e-5, 31.23 + i * i * 1e-9] for i in range(300)]}, "corners"),
        ({"corners": [[0, 0], [90, 0], [90, 60]]}, "corners"),
        ({"corners": [[121.48]]}, "corners.0.1"),
        ({"corners": [[HUGE, 1], [2, 2], [3, 1]]}, "corners.0.0"),
    ],
)
@pytest.mark.parametrize("door", ["/panorama", "/panorama/people", "/panorama/call-out"])
def test_a_shape_that_can_not_be_looked_into(caller: Callable[..., Caller], nothing_written: None, door: str, body: dict[str, Any], field: str) -> None:
    refused = problem(caller("grid_lead")("POST", door, body | ({"reason": "燃气泄漏疏散"} if "call" in door else {})), 422)
    assert field in fields(refused), refused["errors"]
