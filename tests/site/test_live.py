"""What others do is told within moments, to those alone who see the case; through the program as it runs."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from jingwei.accounts.actions import issue_token
from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import NewCase, open_case, perform
from jingwei.cases.models import Case
from jingwei.cases.rules.scope import sees
from jingwei.site.live import Feed
from tests.scenarios.serving import Served
from tests.world import IN_A1, IN_FAR, World

PATIENCE = 10.0  # seconds; the promise is two, the machine of a test may be slow


class Listening:
    """Somebody's stream, read in a thread of its own."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", "/api/v1/live", headers={"Authorization": f"Bearer {token}"})
        self.answer = self.connection.getresponse()
        self.told: list[dict[str, Any]] = []
        self.lines: list[str] = []
        if self.answer.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while line := self.answer.readline():
                self.lines.append(line.decode().strip())
                if line.startswith(b'data: {"'):
                    self.told.append(json.loads(line[6:]))
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            return

    def hears(self, case_id: object) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if any(str(case_id) == one["id"] for told in self.told for one in told.get("cases", ())):
                return True
            time.sleep(0.05)
        return False


@pytest.fixture
def served(standing_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("JINGWEI_LISTENERS", "4")
    tmp_path.chmod(0o755)
    with Served(tmp_path) as program:
        yield program


def token_of(world: World, name: str) -> str:
    person = world.people[name]
    person.is_machine = True
    person.save()
    return issue_token(actor=SYSTEM, at=now(), person=person, name="t")[1]


def report(world: World, by: str, where: tuple[float, float]) -> Case:
    case = open_case(
        actor=world.actor(by), at=now(), new=NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=where[0], y=where[1])
    ).case
    assert case
    return case


@pytest.mark.django_db(transaction=True)
def test_whoever_sees_a_case_hears_of_it_and_nobody_else(served: Served, standing_world: World) -> None:
    world = standing_world
    names = ("acceptor", "far_acceptor", "department_clerk")
    here, far, clerk = (Listening(served.port, token_of(world, name)) for name in names)
    time.sleep(1)
    case = report(world, "acceptor", IN_A1)
    assert here.hears(case.id)
    other = report(world, "far_acceptor", IN_FAR)
    assert far.hears(other.id) and not any(str(case.id) in line for line in far.lines)
    assert not any(str(case.id) in line for line in clerk.lines)
    for move, form in (("accept", {}), ("file", {}), ("dispatch", {"unit": world.units["chengguan"].pk})):
        case = perform(actor=SYSTEM, case_id=case.id, move=move, form=form, seen_version=case.version, at=now()).case or case
    assert clerk.hears(case.id)  # from the dispatch on
    last = next(one for told in clerk.told for one in told["cases"] if one["version"] == 4)
    assert last.pop("before") in ("reported", "accepted", "filed")  # as it was before this look at the log
    assert last == {"id": str(case.id), "version": 4, "state": "dispatched", "place": case.place, "unit": world.units["chengguan"].pk}


@pytest.mark.django_db(transaction=True)
def test_listeners_take_no_connection_and_a_full_house_says_so(served: Served, standing_world: World) -> None:
    token = token_of(standing_world, "acceptor")
    listening = [Listening(served.port, token) for _ in range(12)]  # two processes with room for four each
    found = [one.answer.status for one in listening]
    assert found.count(200) <= 8 and set(found) == {200, 503}
    asked = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    with closing(asked):  # and the doors are open all the same
        asked.request("GET", "/api/v1/units", headers={"Authorization": f"Bearer {token}"})
        assert asked.getresponse().status == 200


def test_a_stranger_hears_nothing(db: None) -> None:
    assert Client().get("/api/v1/live").status_code == 401


def test_the_feed_holds_as_many_as_it_may(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Feed, "_read", lambda self: None)
    feed = Feed(most=1)
    first = feed.join(world.actor("acceptor"))
    assert first and feed.join(world.actor("acceptor")) is None
    feed.leave(first)
    assert feed.join(world.actor("acceptor"))


def test_the_rule_and_the_query_agree_on_who_sees_what(world: World, db: None) -> None:
    """`sees` on plain values, and visible_to in the database: for everybody and every case."""
    near, far = report(world, "acceptor", IN_A1), report(world, "far_acceptor", IN_FAR)
    for move, form in (("accept", {}), ("file", {}), ("dispatch", {"unit": world.units["chengguan"].pk})):
        near = perform(actor=SYSTEM, case_id=near.id, move=move, form=form, seen_version=near.version, at=now()).case or near
    reported = report(world, "worker", IN_A1)
    asked = {near.id: (world.units["chengguan"].path,), far.id: (), reported.id: ()}
    for name in world.people:
        actor = world.actor(name)
        for case in (near, far, reported):
            by_rule = sees(actor, place=case.place, opened_by=case.opened_by_id, asked=asked[case.id])
            assert by_rule == Case.objects.visible_to(actor).filter(id=case.id).exists(), name
