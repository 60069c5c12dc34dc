"""How many statements each list and each hot write sends to the database, BEGIN and COMMIT included: a committed baseline.

`tests/baselines/statements.json` is written anew with JINGWEI_BASELINE=write; a drift fails and prints the SQL.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import NewCase, open_cases, perform
from jingwei.cases.models import Case
from jingwei.registry.actions import Written, enter_addresses
from tests.ground import build_ground, lives, resident, room
from tests.kit.test_files import jpeg
from tests.world import IN_A1, A, World, machine_like

BASELINES = Path(__file__).parents[1] / "baselines"
POINT = {"crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}
REPORT = {"matter": "06001", "source": "hotline", "text": "路边堆放杂物", "position": POINT}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that goes over the wire, as psycopg sends it."""
    sent: list[str] = []
    execute, wait = psycopg.Cursor.execute, psycopg.Connection._exec_command
    commit, rollback = psycopg.Connection.commit, psycopg.Connection.rollback

    def seen(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        sent.append(query if isinstance(query, str) else query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *args, **more)

    def began(self: Any, command: Any, *args: Any, **more: Any) -> Any:  # BEGIN and COMMIT of psycopg's own
        sent.append(command.decode() if isinstance(command, bytes) else str(command))
        return wait(self, command, *args, **more)

    psycopg.Cursor.execute, psycopg.Connection._exec_command = seen, began  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute, psycopg.Connection._exec_command = execute, wait  # type: ignore[method-assign]
        assert (psycopg.Connection.commit, psycopg.Connection.rollback) == (commit, rollback)


@pytest.fixture
def at_the_door(standing_world: World) -> Callable[[str], Client]:
    """A machine with that person's roles, over real transactions."""

    def client(name: str) -> Client:
        token = machine_like(standing_world.people[name], at=now())[1]
        return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=True)

    return client


def report(world: World, many: int) -> list[Case]:
    new = [NewCase(matter="06001", text=f"第 {i} 件", source="hotline", crs="EPSG:4326", x=IN_A1[0] + i * 1e-5, y=IN_A1[1]) for i in range(many)]
    return [o.case for o in open_cases(actor=world.actor("acceptor"), wanted=[(now(), n) for n in new]) if o.case]


def count(name: str, ask: Callable[[], Any], status: int = 200) -> list[str]:
    """Count once the caches are warm."""
    with statements() as sent:
        answer = ask()
    assert answer.status_code == status, (name, answer.content)
    return sent


def commits(sent: list[str]) -> int:
    """How often something was committed: each COMMIT, and each writing statement that stands alone."""
    found, inside = 0, False
    for statement in sent:
        inside = (inside or statement.startswith("BEGIN")) and not statement.startswith(("COMMIT", "ROLLBACK"))
        alone = not inside and any(word in statement.lower() for word in ("insert into", "update ", "delete from"))
        found += statement.startswith("COMMIT") or alone
    return found


def say(sent: list[str]) -> str:
    return "\n".join(f"{i:3}  {' '.join(s.split())[:200]}" for i, s in enumerate(sent, start=1))


def hold_to(name: str, sent: dict[str, list[str]]) -> None:
    """What was sent is what the baseline says; written anew where that is asked for."""
    counted, file = {name: len(statements) for name, statements in sent.items()}, BASELINES / f"{name}.json"
    if os.environ.get("JINGWEI_BASELINE") == "write":
        file.write_text(json.dumps(counted, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    written = json.loads(file.read_text())
    drift = {name: (written.get(name), n) for name, n in counted.items() if written.get(name) != n}
    assert not drift, "statements (baseline, now); if it is meant: JINGWEI_BASELINE=write\n" + "\n".join(
        f"{name}: {was} → {n}\n{say(sent[name])}" for name, (was, n) in drift.items()
    )
    assert set(written) == set(counted)


@pytest.mark.django_db(transaction=True)
def test_every_list_and_hot_write(standing_world: World, at_the_door: Callable[[str], Client]) -> None:
    """Lists send as many statements for 30 rows as for 3; the rest is what it was when the baseline was written."""
    world, acceptor = standing_world, at_the_door("acceptor")
    lists = {
        "GET /cases?view=all": "/api/v1/cases?view=all", "GET /cases?view=mine": "/api/v1/cases?view=mine",
        "GET /cases?view=unlocated": "/api/v1/cases?view=unlocated",
        "GET /cases?q=": "/api/v1/cases?view=all&q=路边&light=green&matter=06", "GET /cases/counts": "/api/v1/cases/counts?view=all",
        "GET /tiles/cases": "/api/v1/tiles/cases/14/13720/6694.mvt",
        "GET /units": "/api/v1/units",
        "GET /units/{id}": f"/api/v1/units/{world.units['centre'].pk}", "GET /people": "/api/v1/people",
        "GET /grids": f"/api/v1/grids?place={A}", "GET /divisions": "/api/v1/divisions",
        "GET /postings": "/api/v1/postings", "GET /matters": "/api/v1/matters",
        "GET /filing-conditions": "/api/v1/filing-conditions?code=06001",
        "GET /areas/names": f"/api/v1/areas/names?codes=31,{A}",
        "GET /areas/at": "/api/v1/areas/at?lon=121.482&lat=31.235",
        "GET /posts": "/api/v1/posts?lon=121.482&lat=31.235",
        "GET /addresses": "/api/v1/addresses?q=外滩", "GET /addresses/tree": f"/api/v1/addresses/tree?within={A}",
        "GET /dispatch-rules": "/api/v1/dispatch-rules", "GET /session": "/api/v1/session",
    }  # fmt: skip
    watcher, registrar = at_the_door("supervisor"), at_the_door("grid_lead")
    watched = {
        "GET /supervision/units": "/api/v1/supervision/units",
        "GET /supervision/cases": "/api/v1/supervision/cases?kind=supervised",
        "GET /wall": "/api/v1/wall",
    }
    cases = report(world, 3)
    lists["GET /cases/proposals"] = f"/api/v1/cases/proposals?id={cases[0].id}&id={cases[1].id}"
    ground = build_ground()
    lists["GET /association/building/{id}"] = f"/api/v1/association/building/{ground.house.pk}"
    lists["GET /buildings"] = "/api/v1/buildings?q=延安"
    lists["GET /buildings/{id}"] = f"/api/v1/buildings/{ground.house.pk}"
    lists["GET /buildings/{id}/matrix"] = f"/api/v1/buildings/{ground.house.pk}/matrix"
    lists["GET /buildings/{id}/premises"] = f"/api/v1/buildings/{ground.house.pk}/premises"
    lists["GET /rooms"] = f"/api/v1/rooms?building={ground.house.pk}"
    lists["GET /rooms/{id}"] = f"/api/v1/rooms/{ground.flat.id}"
    watched["GET /association/resident/{id}"] = f"/api/v1/association/resident/{ground.father.id}"
    lists["GET /cases/{id}/similar"] = f"/api/v1/cases/{cases[2].id}/similar"
    asked = {
        "POST /search": {"q": "面馆"},
        "POST /panorama": {"circle": {"lon": IN_A1[0], "lat": IN_A1[1], "metres": 200}},
        "POST /cases/nearby": {"lon": 121.482, "lat": 31.235, "text": "路边"},
        "POST /advice": {"text": "路灯不亮"},
        "POST /addresses/match": {"text": "试路1号"},
    }
    sent: dict[str, list[str]] = {}
    few: dict[str, int] = {}
    for rows in (3, 30):
        Case.objects.update(supervised_at=now())
        enter_addresses(actor=SYSTEM, at=now(), written=[Written(A, f"试路{n}号") for n in range(rows)], source="test")
        for name, path in (lists | watched | asked).items():
            who = registrar if "resident" in name else watcher if name in watched else acceptor
            ask = partial(who.get, path) if isinstance(path, str) else partial(who.post, f"/api/v1{name[5:]}", path, "application/json")
            ask()
            sent[name] = count(name, ask)
            if rows == 3:
                few[name] = len(sent[name])
            assert len(sent[name]) == few[name], f"{name} grows with its rows:\n{say(sent[name])}"
        report(world, 27)
        for i in range(rows, 30):
            lives(resident(f"试{i}"), room(ground.house, f"9{i:03}"))

    acceptor.post("/api/v1/cases", REPORT, content_type="application/json")
    key = {"Idempotency-Key": "a"}
    for name, headers, status in (("POST /cases", {}, 201), ("POST /cases, with a key", key, 201), ("POST /cases, the same key again", key, 200)):
        sent[name] = count(name, partial(acceptor.post, "/api/v1/cases", REPORT, "application/json", headers=headers), status)
    for name in ("POST /cases", "POST /cases, with a key"):
        assert len(sent[name]) <= 8, say(sent[name])
        assert commits(sent[name]) == 1, say(sent[name])
        assert not [s for s in sent[name] if "SAVEPOINT" in s.upper()], say(sent[name])

    case = cases[0]
    sent["GET /cases/{id}"] = count("GET /cases/{id}", lambda: acceptor.get(f"/api/v1/cases/{case.id}"))
    for version, move in enumerate(("accept", "file"), start=1):
        name = f"POST /cases/{{id}}/moves/{move}"
        sent[name] = count(name, partial(acceptor.post, f"/api/v1/cases/{case.id}/moves/{move}", {"seen_version": version}, "application/json"))
        assert commits(sent[name]) == 1, say(sent[name])
    body = {"seen_version": 3, "form": {"unit": world.units["chengguan"].pk}}
    dispatcher = at_the_door("dispatcher")
    sent["POST /cases/{id}/moves/dispatch"] = count(
        "POST /cases/{id}/moves/dispatch", lambda: dispatcher.post(f"/api/v1/cases/{case.id}/moves/dispatch", body, content_type="application/json")
    )
    sent["GET /cases/{id}/dispatch"] = count("GET /cases/{id}/dispatch", lambda: dispatcher.get(f"/api/v1/cases/{case.id}/dispatch"))
    sent["GET /cases/{id}/texts"] = count("GET /cases/{id}/texts", lambda: dispatcher.get(f"/api/v1/cases/{case.id}/texts?move=return"))
    sent["POST /files"] = count("POST /files", lambda: acceptor.post("/api/v1/files", {"file": SimpleUploadedFile("x.jpg", jpeg(), "image/jpeg")}), 201)
    whole = perform(actor=SYSTEM, case_id=case.id, move="supervise", form={"note": "请抓紧"}, seen_version=4, at=now())
    assert whole.case
    again = len(count("GET /cases/{id}", lambda: acceptor.get(f"/api/v1/cases/{case.id}")))
    assert again == len(sent["GET /cases/{id}"]), "a longer history wants no more statements"

    hold_to("statements", sent)
