"""Residents at the doors: what comes in wrong is named, what goes out is masked, and nothing personal stands in an address."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from jingwei.registry.models import Resident, Room
from jingwei.site.api import api
from tests.api.conftest import Caller, caller, problem, rows_everywhere  # noqa: F401
from tests.api.test_statement_counts import statements
from tests.registry.test_residents import card, family
from tests.world import World

pytestmark = pytest.mark.django_db
ONE = {"name": "王试"}


def fields(body: dict[str, Any]) -> set[str]:
    return {e["field"] for e in body["errors"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": [ONE | {"identity_number": card(1)[:-1] + ("0" if card(1)[-1] != "0" else "1")}]}, "people.0.identity_number"),
        ({"people": [ONE | {"identity_number": "1.10105E+17"}]}, "people.0.identity_number"),
        ({"people": [ONE | {"born": "1990-02-30"}]}, "people.0.born"),
        ({"people": [ONE | {"faith": "x"}]}, "people.0.faith"),
        ({"people": [{}]}, "people.0.name"),
        ({"people": [ONE | {"name": "王" * 101}]}, "people.0.name"),
        ({"people": [ONE | {"more": {"nickname": "x"}}]}, "nickname"),
        ({"people": []}, "people"),
        ({"people": [ONE] * 31}, "people"),
        ({"from_date": "2999-01-01"}, "from_date"),
        ({"from_date": "1500-01-01"}, "from_date"),
        ({"from_date": "yesterday"}, "from_date"),
        ({"kind": "for ever"}, "kind"),
        ({"household": {"id": str(uuid4())}}, ""),
    ],
)
def test_a_wrong_form_is_refused_whole(world: World, flats: list[Room], caller: Callable[..., Caller], change: dict[str, Any], field: str) -> None:  # noqa: F811
    before = rows_everywhere()
    form = {"people": [ONE, ONE], "from_date": "2026-01-01"}
    if "people" in change and len(change["people"]) == 1:
        change = {"people": [*change["people"], ONE]}  # the right one beside the wrong one isn't taken either
    said = problem(caller("worker")("POST", f"/rooms/{flats[0].id}/people", form | change), (404, 422))
    assert not field or any(name.endswith(field) for name in fields(said)), said
    assert rows_everywhere() == before


def test_two_permanent_rooms_are_said_with_the_other_room(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    ids = family(world, flats[0])
    said = problem(
        caller("worker")("POST", f"/rooms/{flats[1].id}/people", {"people": [{"resident_id": str(ids[0]), "seen_version": 1}], "from_date": "2026-01-01"}), 422
    )
    assert said["code"] == "two_permanent_rooms" and "延安路18号1单元101室" in said["errors"][0]["message"]


def test_a_page_and_a_list_show_no_number(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    ids = family(world, flats[0])
    worker = caller("worker")
    for answer in (
        worker("GET", f"/residents/{ids[0]}"),
        worker("GET", "/residents"),
        worker("POST", "/residents/search", {"text": card(1)}),
        worker("GET", f"/rooms/{flats[0].id}/people"),
    ):
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "欧阳试一" in said and "138****1234" in said and card(1) not in said and "13800001234" not in said
    seen = worker("POST", f"/residents/{ids[0]}/unmask", {"fields": ["identity"], "purpose": "check", "reason": "核对证件号码"})
    assert json.loads(seen.content) == {"identity_number": card(1), "phone": ""} and seen["Cache-Control"] == "no-store"


def test_who_knows_a_door_but_not_the_reason(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    ids = family(world, flats[0])
    said = problem(caller("worker")("POST", f"/residents/{ids[0]}/unmask", {"fields": ["identity"], "purpose": "check", "reason": ""}), 422)
    assert fields(said) == {"reason"}


def test_the_resident_reads_the_looks_without_logging_in(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    ids = family(world, flats[0])
    caller("worker")("GET", f"/residents/{ids[0]}?purpose=case")
    link = json.loads(caller("station_clerk")("POST", f"/residents/{ids[0]}/looks/link", {"days": 3}).content)
    path, _, ticket = link["path"].partition("#")
    assert path == "/looks" and ticket and "<svg" in link["qr"]
    seen = json.loads(caller()("POST", "/looks", {"ticket": ticket}).content)
    assert [look["kind"]["code"] for look in seen["looks"]] == ["resident.looks_linked", "resident.read"]
    assert "worker甲" not in str(seen) and "欧阳" not in str(seen) and seen["looks"][1]["purpose"]["code"] == "case"
    problem(caller()("POST", "/looks", {"ticket": ticket + "x"}), 404)
    printed = caller("worker")("GET", f"/residents/{ids[0]}/looks.pdf?lang=zh")
    assert printed.status_code == 200 and printed.content.startswith(b"%PDF")


def test_an_answer_that_was_lost_is_asked_for_again(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    form = {"people": [ONE], "from_date": "2026-01-01"}
    worker = caller("worker")
    answers = [worker("POST", f"/rooms/{flats[0].id}/people", form, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 200] and answers[0].content == answers[1].content
    assert Resident.objects.count() == 1


def test_nothing_of_a_person_is_asked_for_in_an_address() -> None:
    for path, doors in api.get_openapi_schema()["paths"].items():
        for door in doors.values():
            if "residents" in door.get("tags", []) and not path.endswith("/rooms/found"):  # a house and a door are nobody
                names = {p["name"] for p in door.get("parameters", [])}
                assert not names & {"name", "phone", "text", "identity_number", "reason", "q", "ticket"}, path


def test_lists_pages_and_searches_send_as_many_statements_for_many_as_for_few(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    worker = caller("worker")
    first = family(world, flats[0])[0]
    asks: list[tuple[str, str, Any]] = [
        ("GET", "/residents", None),
        ("GET", f"/residents/{first}", None),
        ("GET", f"/rooms/{flats[0].id}/people", None),
        ("POST", "/residents/search", {"text": "欧"}),
        ("GET", f"/residents/{first}/looks", None),
    ]
    counted: list[list[int]] = []
    for _ in range(2):
        counted.append([])
        for ask in asks:
            worker(*ask)
            with statements() as sent:
                assert worker(*ask).status_code == 200
            counted[-1].append(len(sent))
        home = json.loads(worker("GET", f"/residents/{first}").content)["present"][0]["household"]
        more = {"people": [{"name": f"欧阳试{n}"} for n in "甲乙丙丁戊己庚辛壬癸"], "from_date": "2026-01-01", "household": {"id": home}}
        assert worker("POST", f"/rooms/{flats[0].id}/people", more).status_code == 201
    assert counted[0] == counted[1]


@pytest.mark.parametrize(("words", "found"), [("延安路18号101", 1), ("延安路18号", 2), ("延安路18号1单元101室", 1), ("延安路18号201", 0), ("延安路99号", 0)])
def test_a_room_is_found_by_house_and_door(world: World, flats: list[Room], caller: Callable[..., Caller], words: str, found: int) -> None:  # noqa: F811
    answer = caller("station_clerk")("GET", f"/rooms/found?q={words}")
    assert len(json.loads(answer.content)["items"]) == found
