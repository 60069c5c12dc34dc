"""Units open, change and close; whatever stands below follows."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.accounts.actions import change_unit, close_unit, open_unit
from jingwei.accounts.models import Grant, Unit
from jingwei.accounts.rules import SYSTEM
from jingwei.administration.actions import close_unit as close_whole_unit
from jingwei.administration.queries import holdings
from jingwei.cases.actions import NewCase, open_case, perform
from jingwei.catalogue.models import DispatchRule
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, Refused
from tests.api.conftest import Caller, problem
from tests.world import IN_A1, MONDAY, START, STREET, World


def change(unit: Unit, world: World | None = None, **wanted: Any) -> Unit:
    """The unit with other values, by the system administrator."""
    unit.refresh_from_db()
    values = {"name": unit.name, "name_en": unit.name_en, "kind": unit.kind, "area": unit.area, "parent_id": unit.parent_id} | wanted
    return change_unit(actor=world.actor("system_admin") if world else SYSTEM, at=MONDAY, unit_id=unit.pk, **values)


def tree() -> dict[str, str]:
    """Path of each unit, written in codes."""
    codes = {str(u.pk): u.code for u in Unit.objects.all()}
    return {u.code: "/".join(codes[part] for part in u.path.strip("/").split("/")) for u in Unit.objects.all()}


def test_all_below_follow_their_unit(world: World) -> None:
    change(world.units["street"], world, parent_id=world.units["chengguan"].pk)
    assert tree()["street"] == "centre/chengguan/street" and tree()["station"] == "centre/chengguan/street/station"
    change(world.units["chengguan"], world, parent_id=None)
    assert tree()["station"] == "chengguan/street/station" and tree()["contractor"] == "chengguan/contractor"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=8))
def test_however_units_move_they_stay_a_tree(city: World, django_db_blocker: Any, moves: list[tuple[int, int | None]]) -> None:
    """Every path is its parent's and the unit's own, whatever moves were taken or refused."""
    with django_db_blocker.unblock(), transaction.atomic():
        units = list(Unit.objects.order_by("pk")[:6])
        for which, to in moves:
            try:
                with transaction.atomic():
                    change(units[which], parent_id=None if to is None else units[to].pk)
            except Invalid as refused:
                assert [e.field for e in refused.errors] == ["parent"]
        for unit in Unit.objects.select_related("parent"):
            assert unit.path == f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        transaction.set_rollback(True)


def test_no_unit_stands_below_itself(world: World) -> None:
    for parent in ("centre", "street", "station"):
        with pytest.raises(Invalid) as refused:
            change(world.units["centre"], world, parent_id=world.units[parent].pk)
        assert [e.field for e in refused.value.errors] == ["parent"]


def test_a_change_is_on_the_record_and_nothing_new_is_none(world: World) -> None:
    for _ in range(2):
        changed = change(world.units["lvhua"], world, name="绿化市容局", name_en="Greening", kind="contractor")
    assert (changed.name, changed.name_en, changed.kind, changed.version) == ("绿化市容局", "Greening", "contractor", 2)
    event = Event.objects.get(type="unit.changed")
    assert event.data == {
        "was": {"name": "lvhua单位", "name_en": "", "kind": "department"},
        "is": {"name": "绿化市容局", "name_en": "Greening", "kind": "contractor"},
    }


def test_two_who_change_the_same_unit(world: World) -> None:
    unit = world.units["lvhua"]
    change(unit, seen_version=1, name="先到")
    with pytest.raises(Conflict) as late:
        change(unit, seen_version=1, name="后到")
    assert late.value.extra["present"]["name"] == "先到" and Unit.objects.get(pk=unit.pk).name == "先到"


def test_a_unit_is_changed_within_one_s_area(world: World) -> None:
    with pytest.raises(Forbidden):
        change_unit(
            actor=world.actor("security_admin"),
            at=MONDAY,
            unit_id=world.units["lvhua"].pk,
            name="x",
            name_en="",
            kind="department",
            area="310101",
            parent_id=None,
        )


# -- closing ------------------------------------------------------------------------------------------------------------------------------------


def rule(unit: Unit) -> DispatchRule:
    return DispatchRule.objects.create(position=9001, unit=unit, valid_from=START)


def dispatched(world: World, to: Unit) -> Any:
    new = NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1])
    case = open_case(actor=world.actor("acceptor"), at=MONDAY, new=new).case
    assert case
    for move, form in (("accept", {}), ("file", {}), ("dispatch", {"unit": to.pk})):
        case = perform(actor=SYSTEM, case_id=case.id, move=move, form=form, seen_version=case.version, at=MONDAY).case
        assert case
    return case


def test_a_unit_that_holds_something_says_all_of_it(world: World) -> None:
    unit = world.units["chengguan"]
    rule(unit)
    dispatched(world, unit)
    held = holdings(unit.pk)
    assert (held.cases, held.rules, held.grants, held.below) == (1, 1, 2, 1)
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        close_whole_unit(actor=world.actor("system_admin"), at=MONDAY, unit_id=unit.pk)
    assert {e.field: e.message.en[:9] for e in refused.value.errors}.keys() == {"below", "cases", "rules", "grants"}
    assert Unit.objects.get(pk=unit.pk).closed_date is None and Event.objects.count() == before


def test_a_successor_takes_over_rules_and_roles(world: World) -> None:
    unit, successor = world.units["lvhua"], world.units["chengguan"]
    line, clerk = rule(unit), world.people["other_clerk"]
    closed = close_whole_unit(actor=world.actor("system_admin"), at=MONDAY, unit_id=unit.pk, successor_id=successor.pk)
    assert closed.closed_date and holdings(unit.pk).grants == holdings(unit.pk).rules == 0
    line.refresh_from_db()
    assert line.unit_id == successor.pk
    assert world.actor("other_clerk").held[0].unit_id == successor.pk
    assert Grant.objects.filter(person=clerk, unit=unit, period__endswith=MONDAY.date()).exists(), "what was stays on the record"
    assert Event.objects.get(type="unit.handed_over").data == {"to": successor.pk, "rules": 1, "grants": 1}


def test_cases_are_not_handed_over_in_silence(world: World) -> None:
    dispatched(world, world.units["lvhua"])
    with pytest.raises(Refused) as refused:
        close_whole_unit(actor=world.actor("system_admin"), at=MONDAY, unit_id=world.units["lvhua"].pk, successor_id=world.units["chengguan"].pk)
    assert [e.field for e in refused.value.errors] == ["cases"]


@pytest.mark.parametrize("successor", ["lvhua", "closed"])
def test_who_can_t_be_a_successor(world: World, successor: str) -> None:
    world.units["closed"] = close_unit(actor=SYSTEM, at=MONDAY, unit=open_unit(actor=SYSTEM, at=MONDAY, code="z", name="z", kind="station", area=STREET))
    with pytest.raises(Invalid):
        close_whole_unit(actor=SYSTEM, at=MONDAY, unit_id=world.units["lvhua"].pk, successor_id=world.units[successor].pk)


def test_a_closed_unit_is_left_alone(world: World) -> None:
    unit = close_unit(actor=SYSTEM, at=MONDAY, unit=open_unit(actor=SYSTEM, at=MONDAY, code="z", name="z", kind="station", area=STREET))
    with pytest.raises(Refused, match="closed"):
        change(unit, name="又来了")
    with pytest.raises(Invalid):
        change(world.units["lvhua"], parent_id=unit.pk)


# -- at the doors -------------------------------------------------------------------------------------------------------------------------------


def body(answer: Any) -> Any:
    assert answer.status_code < 300, answer.content
    return json.loads(answer.content)


def test_the_tree_page_by_page(world: World, caller: Callable[..., Caller]) -> None:
    ask = caller("system_admin")
    roots = body(ask("GET", "/units?under=0"))
    assert {(u["code"], u["below"]) for u in roots} == {("centre", 3), ("far_centre", 1)}
    below = body(ask("GET", f"/units?under={world.units['centre'].pk}"))
    assert {u["code"] for u in below} == {"chengguan", "lvhua", "street"}
    page = body(ask("GET", f"/units/{world.units['station'].pk}"))
    assert [u["name"] for u in page["above"]] == ["centre单位", "street单位"] and page["people"] == 4 and page["may"] == ["change", "close", "open_below"]
    assert body(caller("acceptor")("GET", f"/units/{world.units['station'].pk}"))["may"] == []


def test_a_unit_from_opening_to_closing(world: World, caller: Callable[..., Caller]) -> None:
    ask = caller("system_admin")
    new = {"code": "new", "name": "新单位", "name_en": "New", "kind": "department", "area": "310101", "parent": world.units["centre"].pk}
    unit = body(ask("POST", "/units", new))
    changed = body(ask("PUT", f"/units/{unit['id']}", {k: v for k, v in new.items() if k != "code"} | {"name": "改名", "seen_version": 1}))
    assert (changed["name"], changed["version"]) == ("改名", 2)
    late = problem(ask("PUT", f"/units/{unit['id']}", {k: v for k, v in new.items() if k != "code"} | {"seen_version": 1}), 409)
    assert late["present"]["name"] == "改名"
    assert ask("POST", f"/units/{unit['id']}/close", {"seen_version": 2}).status_code == 204
    assert body(ask("GET", "/units?closed=true"))[0]["code"] == "new" and "new" not in {u["code"] for u in body(ask("GET", "/units?limit=500"))}
