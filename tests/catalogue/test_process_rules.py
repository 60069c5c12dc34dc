"""What a process must be before it may be published."""

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

import jingwei.catalogue
from jingwei.accounts.rules import ROLES
from jingwei.catalogue.rules.process import Malformed, check, read_field, read_process

SHIPPED = sorted((Path(jingwei.catalogue.__file__).parent / "fixtures/processes").glob("*.toml"))


def document(name: str = "standard") -> dict[str, Any]:
    return tomllib.loads(next(p for p in SHIPPED if p.stem == name).read_text("utf-8"))


def move(doc: dict[str, Any], action: str) -> dict[str, Any]:
    return next(m for m in doc["move"] if m["action"] == action)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_what_ships_is_sound(path: Path) -> None:
    process = read_process(tomllib.loads(path.read_text("utf-8")))
    assert check(process, roles=ROLES) == []
    assert process.code == path.stem
    assert all(t.event and t.name.zh and t.name.en for t in process.transitions)


def test_every_move_of_the_glossary_is_in_the_standard_loop() -> None:
    process = read_process(document())
    from jingwei.catalogue.rules.registry import ACTIONS

    assert {t.action for t in process.transitions} == set(ACTIONS)
    assert process.start.code == "reported"
    assert [t.action for t in process.moves_from("rated")] == ["reopen"]
    suspend = process.move("accepted", "suspend")
    assert suspend and suspend.clock == "pause" and "closed" not in suspend.sources


def test_a_field_with_a_mark_is_required() -> None:
    assert read_field("reason!").required and read_field("reason!").kind == "longtext"
    assert not read_field("files").required


@pytest.mark.parametrize(
    ("break_it", "finding"),
    [
        (lambda d: d["state"][0].pop("start"), "exactly one start"),
        (lambda d: d["state"][1].update(start=True), "exactly one start"),
        (lambda d: d["state"][1].update(kind="closed"), "unknown kind closed"),
        (lambda d: move(d, "accept").update(to="nowhere"), "unknown state nowhere"),
        (lambda d: move(d, "accept").update({"from": ["nowhere"]}), "unknown state nowhere"),
        (lambda d: move(d, "accept").update(action="bless"), "unknown action bless"),
        (lambda d: move(d, "accept").update(roles=["mayor"]), "unknown role mayor"),
        (lambda d: move(d, "accept").update(roles=[]), "can be done by no role"),
        (lambda d: move(d, "accept").update(guards=["full_moon"]), "unknown guard full_moon"),
        (lambda d: move(d, "accept").update(form=["shoe_size!"]), "unknown field shoe_size"),
        (lambda d: move(d, "accept").update(clock="reverse"), "unknown clock effect reverse"),
        (lambda d: move(d, "accept").update(style="blinking"), "unknown button style blinking"),
        (lambda d: move(d, "accept").update(clock="pause"), "must start or keep the clock"),
        (lambda d: move(d, "decline").update(clock="keep"), "must stop the clock"),
        (lambda d: move(d, "resume").update(to="filed"), "must go back"),
        (lambda d: move(d, "grant_extension").update(to="filed"), "must keep the state"),
        (lambda d: move(d, "decline").update(key="a"), "two moves with the key a"),
        (lambda d: move(d, "decline").update(key="ab"), "needs one letter"),
        (lambda d: d["move"].append(dict(move(d, "accept"), key="k")), "two moves with the action accept"),
        (lambda d: d["move"].remove(move(d, "send_confirm")), '"confirming" can\'t be reached'),
        (lambda d: d["move"].remove(move(d, "resume")), '"suspended" has no exit'),
        (lambda d: d["state"].append({"code": "limbo", "name": ["悬", "Limbo"], "kind": "waiting"}), '"limbo" has no exit'),
    ],
)
def test_each_fault_is_found(break_it: Any, finding: str) -> None:
    broken = copy.deepcopy(document())
    break_it(broken)
    assert any(finding in found.message.en for found in check(read_process(broken), roles=ROLES)), finding


def test_a_circle_without_an_end_is_found() -> None:
    doc = {
        "code": "circle",
        "version": 1,
        "name": ["圈", "Circle"],
        "state": [{"code": c, "name": [c, c], "kind": k, "start": c == "a"} for c, k in (("a", "open"), ("b", "open"), ("z", "final"))],
        "move": [
            {"action": "accept", "from": ["a"], "to": "b", "roles": ["acceptor"], "clock": "start", "key": "x"},
            {"action": "return", "from": ["b"], "to": "a", "roles": ["acceptor"], "clock": "start", "key": "y"},
        ],
    }
    found = [f.message.en for f in check(read_process(doc), roles=ROLES)]
    assert 'state "a" can reach no final state' in found and 'state "z" can\'t be reached' in found


def test_a_finding_says_where() -> None:
    doc = document()
    move(doc, "decline").update(key="a", clock="keep")
    doc["state"].append({"code": "Limbo!", "name": ["悬", "Limbo"], "kind": "waiting"})
    found = {(f.state, f.move, f.part) for f in check(read_process(doc), roles=ROLES)}
    assert found == {("reported", 1, "key"), ("", 1, "clock"), ("Limbo!", None, "code"), ("Limbo!", None, "")}


def test_all_findings_come_at_once() -> None:
    doc = document()
    move(doc, "accept").update(roles=["mayor"], guards=["full_moon"], to="nowhere")
    assert len(check(read_process(doc), roles=ROLES)) >= 3


@pytest.mark.parametrize(
    "garble",
    [
        lambda d: d.pop("code"),
        lambda d: d.pop("move"),
        lambda d: d["state"][0].pop("name"),
        lambda d: d["state"][0].update(name="待受理"),
        lambda d: d["move"][0].update(roles="acceptor"),
        lambda d: d["move"][0].update(form=[1]),
        lambda d: d.update(state="x"),
        lambda d: d["state"].append(d["state"][0]),
        lambda d: d.update(state=[]) or d.update(move=[3]),
    ],
)
def test_what_is_no_process_is_malformed(garble: Any) -> None:
    doc = copy.deepcopy(document())
    garble(doc)
    with pytest.raises(Malformed):
        read_process(doc)
