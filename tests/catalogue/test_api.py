"""The catalogue's doors, through Ninja's own client."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from ninja import NinjaAPI
from ninja.testing import TestClient

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor, Held
from jingwei.catalogue.api import router
from jingwei.catalogue.models import DispatchRule
from jingwei.kit.errors import Problem


@pytest.fixture(scope="session")
def client() -> TestClient:
    api = NinjaAPI(urls_namespace="catalogue-tests", auth=_knock)

    @api.exception_handler(Problem)
    def _say(request: Any, problem: Problem) -> Any:
        body = {"detail": problem.message.en, "errors": [e.field for e in problem.errors]}
        return api.create_response(request, body, status=problem.status)

    api.add_router("", router)
    return TestClient(api)


def _knock(request: Any) -> Any:
    request.actor = Actor(1, "x", (Held("worker", "310101"),))
    return SimpleNamespace()


def ok(response: Any) -> Any:
    assert response.status_code == 200, response.content
    return response.json()


def test_matters(loaded: None, client: TestClient) -> None:
    listed = ok(client.get("/matters"))
    assert len(listed) == 250 and {m["edition"] for m in listed} == {"GB/T 47678.5-2026"}
    assert len(ok(client.get("/matters?kind=component"))) == 153
    assert len(ok(client.get("/matters?edition=GB/T 30428.2-2013"))) + len(ok(client.get("/matters?edition=GB/T 30428.2-2013&kind=component"))) == 204
    (litter,) = ok(client.get("/matters?q=暴露垃圾"))
    assert litter["major"] == {"code": "06", "name": "市容环境类"} and litter["module"]["name"]["en"] == "City management"
    assert client.get("/matters?kind=ghost").status_code == 422


def test_conditions(loaded: None, client: TestClient) -> None:
    (one,) = ok(client.get("/matters/06010/conditions"))
    assert one["limit"] == {"value": 4, "unit": "work_hour", "text": {"zh": "4 个工作时", "en": "4 work hours"}}
    assert one["written_for"] == {"code": "0110", "name": "暴露生活垃圾"}
    assert ok(client.get("/matters/06007/conditions?kind=event"))
    assert client.get("/matters/99999/conditions").status_code == 404


def test_crosswalk(loaded: None, client: TestClient) -> None:
    rows = ok(client.get("/crosswalk?edition=GB/T 30428.2-2013"))
    lost = [r["old"]["name"] for r in rows if r["new"] is None and r["old"]["kind"] == "event"]
    assert "餐厨垃圾遗撒和污染" in lost and all(r["relation"] == "none" for r in rows if r["new"] is None)
    assert client.get("/crosswalk?edition=x").status_code == 404 == client.get("/crosswalk?edition=%00").status_code


def test_processes(loaded: None, client: TestClient) -> None:
    assert {p["code"] for p in ok(client.get("/processes"))} == {"standard", "self_handled", "hotline", "imported"}
    process = ok(client.get("/processes/standard"))
    assert process["states"][0] == {"code": "reported", "name": {"zh": "待受理", "en": "Reported"}, "kind": "open", "start": True, "order": 0}
    accept = process["transitions"][0]
    assert accept["move"] == "accept" and accept["roles"] == [{"code": "acceptor", "name": {"zh": "受理员", "en": "Acceptor"}}]
    assert ok(client.get("/processes/standard?version=2")) == process
    assert client.get("/processes/standard?version=3").status_code == 404 == client.get("/processes/nope").status_code
    assert client.get("/processes/standard?version=99999999999999999999").status_code == 422


def test_calendars(loaded: None, client: TestClient) -> None:
    year = ok(client.get("/calendars/default/2026"))
    assert len(year["days"]) == 39 and year["hours"][0] == {"start": "08:00:00", "end": "12:00:00"}
    for unknown in ("default/2027", "x/2026", "%00/2026"):
        assert client.get(f"/calendars/{unknown}").status_code == 404
    assert client.get("/calendars/default/99999").status_code == 422


def test_dispatch_rules(loaded: None, client: TestClient) -> None:
    unit = Unit.objects.create(code="CG", name="城管局", kind="department", path="/1/", area="310101")
    gone = Unit.objects.create(code="OLD", name="旧局", kind="department", path="/2/", area="310101", closed_date=date(2026, 1, 1))
    DispatchRule.objects.create(position=7, unit=gone, valid_from=date(2025, 1, 1))
    DispatchRule.objects.create(position=9, matter="06", unit=unit, valid_from=date(2025, 1, 1))
    rows = ok(client.get("/dispatch-rules?on=2026-05-06"))
    assert [r["position"] for r in rows] == [7, 9] and "旧局" in rows[0]["broken"]["zh"] and rows[1]["broken"] is None
    trial = ok(client.post("/dispatch-rules/try", json={"matter": "06010", "place": "310101002", "at": "2026-05-06T02:00:00Z"}))
    assert trial["unit"] == {"id": unit.pk, "name": "城管局"} and trial["position"] == 9
    assert trial["why"]["en"].startswith("rule 7 is broken") and len(trial["broken"]) == 1
    for wrong in ({"matter": "nope"}, {"source": "nope"}, {"place": "3"}, {"place": None}, {"extra": 1}, {"at": "soon"}, {"at": "9999-12-31T23:59:59Z"}):
        assert client.post("/dispatch-rules/try", json={"place": "31"} | wrong).status_code == 422, wrong


def test_a_year_is_tried_before_it_is_kept(loaded: None, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.catalogue.actions.loading.may_edit", lambda roles: True)
    body = {"text": "2027-01-01,2027-01-03,放假,元旦\n2027-01-09,,上班,元旦调休\n", "source": "通知"}
    tried = ok(client.put("/calendars/default/2027", json=body | {"dry_run": True}))
    assert (tried["read"], tried["added"], tried["refused"]) == (2, 2, []) and client.get("/calendars/default/2027").status_code == 404
    wrong = ok(client.put("/calendars/default/2027", json=body | {"text": body["text"] + "2027-02-30,,放假,x\n"}))
    assert [r["row"]["first_date"] for r in wrong["refused"]] == ["2027-02-30"] and client.get("/calendars/default/2027").status_code == 404
    assert ok(client.put("/calendars/default/2027", json=body))["added"] == 2
    assert len(ok(client.get("/calendars/default/2027"))["days"]) == 4
    assert ok(client.get("/limits/due?value=2&unit=work_day&start=2026-12-31T09:30:00Z"))["due_at"].startswith("2027-01-05")
    assert ok(client.get("/calendars"))[0]["years"] == [2025, 2026, 2027]


def test_limits_are_listed_with_their_tag(loaded: None, client: TestClient) -> None:
    rows = ok(client.get("/limits"))
    assert rows and all(r["tag"] and r["text"]["en"] for r in rows)


def test_a_table_is_tried_before_it_is_loaded(loaded: None, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.catalogue.actions.loading.may_edit", lambda roles: True)
    head = "# edition: 本市\n# name: 本市扩展\n# source: 本市\n# valid_from: 2026-01-01\nkind,code,major_code,major_name,name,module\n"
    text = head + "event,20001,20,本市类,共享轮椅丢失,city_management\nevent,20002,21,本市类,大类不符,city_management\n"
    before = len(ok(client.get("/editions")))
    for dry in (True, False):
        got = ok(client.post("/catalogue/loads/matters", json={"text": text, "dry_run": dry}))
        assert (got["read"], got["added"], len(got["refused"]), got["dry_run"]) == (2, 1, 1, dry)
        assert got["read"] == got["added"] + got["changed"] + got["unchanged"] + len(got["refused"])
        assert len(ok(client.get("/editions"))) == before + (not dry)
    assert client.post("/catalogue/loads/matters", json={"text": "a,b\n"}).status_code == 422
    assert client.post("/catalogue/loads/nonsense", json={"text": text}).status_code == 422
