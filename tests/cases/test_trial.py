"""A dispatch table tried on past cases says what would change, and changes nothing."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now

from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import NewCase, open_case, perform
from jingwei.cases.models import Case
from jingwei.cases.queries import Trial, try_dispatch_rules
from jingwei.catalogue.models import DispatchRule
from jingwei.catalogue.rules.table import DraftRule
from tests.api.conftest import rows_everywhere
from tests.world import IN_A1, IN_B, IN_FAR, START, World


def dispatched(world: World, matter: str, at: tuple[float, float], unit: str, opener: str = "acceptor") -> Case:
    case = open_case(actor=world.actor(opener), at=now(), new=NewCase(matter=matter, text="试", source="hotline", crs="EPSG:4326", x=at[0], y=at[1])).case
    assert case
    for move, form in (("accept", {}), ("file", {}), ("dispatch", {"unit": world.units[unit].pk})):
        case = perform(actor=SYSTEM, case_id=case.id, move=move, form=form, seen_version=case.version, at=now()).case
        assert case
    return case


@pytest.fixture
def month(world: World) -> list[Case]:
    """Two cases of class 06 and one of class 07 within the district, one far away; one more was never dispatched."""
    DispatchRule.objects.create(position=10, unit=world.units["chengguan"], valid_from=START)
    open_case(actor=world.actor("acceptor"), at=now(), new=NewCase(matter="06001", text="x", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1]))
    return [
        dispatched(world, "06001", IN_A1, "chengguan"),
        dispatched(world, "06010", IN_B, "lvhua"),
        dispatched(world, "07001", IN_A1, "chengguan"),
        dispatched(world, "06001", IN_FAR, "far_chengguan", "far_acceptor"),
    ]


def attempt(world: World, who: str, drafts: list[DraftRule], **more: int) -> Trial:
    return try_dispatch_rules(actor=world.actor(who), at=now(), drafts=drafts, on=localdate(), **more)


def test_who_would_go_elsewhere(world: World, month: list[Case]) -> None:
    before = rows_everywhere()
    drafts = [DraftRule(world.units["lvhua"].pk, matter="06"), DraftRule(world.units["chengguan"].pk)]
    trial = attempt(world, "dispatcher", drafts)
    assert rows_everywhere() == before
    assert (trial.looked_at, trial.elsewhere, trial.cut) == (3, 2, False)
    assert trial.units == [("chengguan单位", 3, 1), ("lvhua单位", 0, 2)]
    assert trial.agreed == (2, 2), "the table names whom people chose: before for two of three, after for two of three"
    newest, older = trial.shown
    assert (newest.number, newest.went, newest.now, newest.then) == (month[1].number, "lvhua单位", "chengguan单位", "lvhua单位")
    assert (older.number, older.place[1]) == (month[0].number, "甲一网格") and older.why.en.startswith("rule 1 matched: matter 06")


def test_the_table_in_force_changes_nothing(world: World, month: list[Case]) -> None:
    assert attempt(world, "dispatcher", [DraftRule(world.units["chengguan"].pk)]).elsewhere == 0


def test_no_rule_at_all_is_said(world: World, month: list[Case]) -> None:
    trial = attempt(world, "dispatcher", [])
    assert trial.elsewhere == 3 and trial.shown[0].then is None and (None, 0, 3) in trial.units


def test_a_broken_rule_is_named(world: World, month: list[Case]) -> None:
    trial = attempt(world, "dispatcher", [DraftRule(world.units["lvhua"].pk, matter="nope"), DraftRule(world.units["chengguan"].pk)])
    assert "nope" in trial.broken[0].en and trial.elsewhere == 0


def test_the_administrator_counts_every_case_and_is_told_of_none(world: World, month: list[Case]) -> None:
    trial = attempt(world, "system_admin", [])
    assert trial.looked_at == 4 and {(e.id, e.number) for e in trial.shown} == {(None, "")}


def test_each_sees_their_own(world: World, month: list[Case]) -> None:
    assert attempt(world, "far_acceptor", []).looked_at == 1
    assert attempt(world, "other_clerk", []).looked_at == 1, "the unit that holds it"
    assert attempt(world, "audit_admin", []).looked_at == 0


def test_it_stops_and_says_so(world: World, month: list[Case]) -> None:
    trial = attempt(world, "dispatcher", [], most=2)
    assert (trial.looked_at, trial.cut) == (2, True)


def test_only_the_days_asked_for(world: World, month: list[Case]) -> None:
    Case.objects.filter(id=month[0].id).update(opened_at=now() - timedelta(days=8))
    assert attempt(world, "dispatcher", [], days=7).looked_at == 2
    assert attempt(world, "dispatcher", [], days=9).looked_at == 3
