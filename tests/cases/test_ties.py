"""A case is tied to what it is about. None of it moves the case; nobody ties what they may not read."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from jingwei.cases.actions import Named, open_cases, tie_case, untie_case
from jingwei.cases.models import Case, CaseTie
from jingwei.cases.queries import whole_case
from jingwei.cases.schemas import whole_out
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound
from tests.cases.conftest import report
from tests.ground import build_ground
from tests.world import MONDAY, World


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    return build_ground()


def ties(case: Case) -> set[tuple[str, str]]:
    return {(t.thing, str(t.thing_id or t.building_id)) for t in CaseTie.objects.filter(case_id=case.id, ended_at__isnull=True)}


def test_a_report_names_a_component_and_a_plate(ground: SimpleNamespace, opened: Callable[..., Case]) -> None:
    case = opened(things=(Named("component", ground.lamp.code), Named("plate", "P000001")))
    assert ties(case) == {("component", str(ground.lamp.id)), ("room", str(ground.flat.id))}
    assert {t.source for t in CaseTie.objects.all()} == {"report"}
    (event,) = Event.objects.of(case.id, case.district)
    assert event.data["things"] == [["component", f"路灯 7 号 {ground.lamp.code}"], ["room", "延安路18号 1单元101室"]]


def test_an_unknown_component_refuses_that_report_alone_and_names_the_field(ground: SimpleNamespace, world: World) -> None:
    wrong, right = report(things=(Named("component", "3101010101799"),)), report(things=(Named("component", ground.lamp.code),))
    first, second = open_cases(actor=world.actor("acceptor"), wanted=[(MONDAY, wrong), (MONDAY, right)])
    assert isinstance(first.problem, Invalid) and first.problem.errors[0].field == "things.0.code"
    assert second.case and len(ties(second.case)) == 1 and Case.objects.count() == 1


@pytest.mark.parametrize("kind", ["room", "building", "component", "organisation", "resident"])
def test_whoever_sees_both_ties_once_and_the_case_does_not_move(ground: SimpleNamespace, world: World, opened: Callable[..., Case], kind: str) -> None:
    case = opened()
    thing = {"room": ground.flat, "building": ground.house, "component": ground.lamp, "organisation": ground.shop, "resident": ground.father}[kind]
    id = str(thing.pk if kind == "building" else thing.id)
    for _ in range(2):
        tie_case(actor=world.actor("grid_lead"), case_id=case.id, thing=kind, thing_id=id, at=MONDAY)
    assert ties(case) == {(kind, id)}
    fresh = Case.objects.get(district=case.district, id=case.id)
    assert (fresh.state, fresh.version) == (case.state, case.version)
    lines = [h for h in whole_out(whole_case(actor=world.actor("acceptor"), case_id=case.id), MONDAY).timeline if h.type == "case.tied"]
    assert len(lines) == 1 and lines[0].label.zh == "关联" and lines[0].kind == "note"
    assert "欧阳" not in lines[0].model_dump_json(), "the record names no resident"


def test_who_may_not_read_the_thing_hears_that_there_is_none(ground: SimpleNamespace, world: World, opened: Callable[..., Case]) -> None:
    case = opened()
    for who, kind, thing in (("acceptor", "resident", ground.father), ("grid_lead", "room", ground.far_flat), ("grid_lead", "resident", ground.before)):
        with pytest.raises(NotFound):
            tie_case(actor=world.actor(who), case_id=case.id, thing=kind, thing_id=str(thing.id), at=MONDAY)
    for wrong in ("", "0", "x", "9" * 30, str(uuid4())):
        for kind in ("building", "room"):
            with pytest.raises(NotFound):
                tie_case(actor=world.actor("acceptor"), case_id=case.id, thing=kind, thing_id=wrong, at=MONDAY)
    with pytest.raises(NotFound):
        tie_case(actor=world.actor("far_acceptor"), case_id=case.id, thing="building", thing_id=str(ground.house.pk), at=MONDAY)
    with pytest.raises(Forbidden):
        tie_case(actor=world.actor("analyst"), case_id=case.id, thing="building", thing_id=str(ground.house.pk), at=MONDAY)
    assert not CaseTie.objects.exists() and not Event.objects.filter(type="case.tied").exists()


def test_a_tie_ends_and_stays_on_the_record(ground: SimpleNamespace, world: World, opened: Callable[..., Case]) -> None:
    case, actor = opened(), world.actor("acceptor")
    tie_case(actor=actor, case_id=case.id, thing="component", thing_id=str(ground.lamp.id), at=MONDAY)
    tie = CaseTie.objects.get()
    untie_case(actor=actor, case_id=case.id, tie_id=tie.id, at=MONDAY + timedelta(hours=1))
    assert not ties(case) and CaseTie.objects.get().ended_at == MONDAY + timedelta(hours=1)
    with pytest.raises(NotFound):
        untie_case(actor=actor, case_id=case.id, tie_id=tie.id, at=MONDAY + timedelta(hours=2))
    tie_case(actor=actor, case_id=case.id, thing="component", thing_id=str(ground.lamp.id), at=MONDAY + timedelta(hours=3))
    assert len(ties(case)) == 1 and CaseTie.objects.count() == 2
