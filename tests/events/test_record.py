"""The record as the audit administrator reads it and takes it away."""

import csv
import io
import json
from collections.abc import Callable

import pytest

from jingwei.events import actions
from jingwei.events.actions import record
from jingwei.events.models import Event
from jingwei.kit.errors import Refused
from tests.api.conftest import Caller, problem
from tests.world import FAR, MONDAY, A, World


@pytest.fixture
def happened(world: World) -> None:
    for type, place, key in (("tree.planted", A, "1"), ("tree.felled", FAR, "2"), ("tree.planted", "", "3"), ("tree.named", A, "=cmd()")):
        record(type, actor=world.actor("acceptor"), at=MONDAY, subject_type="tree", subject_key=key, place=place, data={"名": "树"})


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("type=tree", ["=cmd()", "3", "2", "1"]),
        ("type=tree.planted", ["3", "1"]),
        (f"type=tree&area={A}", ["=cmd()", "1"]),
        ("type=tree&subject=2", ["2"]),
        ("type=tree&until=2020-01-01T00:00:00Z", []),
    ],
)
def test_the_record_by_what_one_asks(caller: Callable[..., Caller], happened: None, query: str, keys: list[str]) -> None:
    # What one transaction recorded has one time: the order among it says nothing.
    assert sorted(e["subject"] for e in json.loads(caller("audit_admin")("GET", f"/events?{query}").content)["items"]) == sorted(keys)


def test_it_is_taken_away_as_a_table_and_that_is_on_the_record(caller: Callable[..., Caller], happened: None, world: World) -> None:
    answer = caller("audit_admin")("POST", "/events/export", {"type": "tree"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {line["subject"] for line in lines} == {"'=cmd()", "3", "2", "1"}, "no cell is a formula"
    assert all(line["recorded_at"] and line["actor_name"] == "acceptor甲" and json.loads(line["data"]) == {"名": "树"} for line in lines)
    event = Event.objects.get(type="record.exported")
    assert (event.data, event.actor_id) == ({"type": "tree", "lines": 4}, world.people["audit_admin"].pk)


def test_too_much_is_refused_and_not_cut_off(caller: Callable[..., Caller], happened: None, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_EXPORTED", 3)
    assert problem(caller("audit_admin")("POST", "/events/export", {"type": "tree"}), 422)["code"] == "too_much"
    assert not Event.objects.filter(type="record.exported").exists()
    with pytest.raises(Refused):
        actions.export_record(actor=world.actor("audit_admin"), at=MONDAY, type="tree", who=None, area="", subject="", since=None, until=None)
