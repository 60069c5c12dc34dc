"""From any one thing everything tied to it: since when, from which source, and only what the asker may read."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.association.actions import read_association
from jingwei.association.queries import Association
from jingwei.association.rules.counts import shown
from jingwei.association.schemas import association_out
from jingwei.cases.actions import Named, tie_case
from jingwei.cases.models import Case
from jingwei.events.models import Event
from jingwei.kit.errors import Invalid, NotFound
from jingwei.registry.models import Pledge
from tests.cases.conftest import opened  # noqa: F401
from tests.ground import FAR_GRID, GRID, lives, resident, row
from tests.world import MONDAY, World

Look = Callable[..., Association]


@pytest.fixture
def look(world: World) -> Look:
    return lambda who, kind, id, **page: read_association(actor=world.actor(who), kind=kind, id=str(id), at=MONDAY, **page)


def labels(found: Association) -> dict[str, set[str]]:
    return {one.name: {edge.node.label for edge in one.edges} for one in found.lists}


def test_a_room_knows_its_people_house_papers_and_cases(ground: SimpleNamespace, look: Look, opened: Callable[..., Case]) -> None:  # noqa: F811
    case = opened(things=(Named("plate", "P000001"),))
    found = look("grid_lead", "room", ground.flat.id)
    assert labels(found) == {
        "residents": {"欧阳试一", "王试二"},
        "households": {"A18-101"},
        "buildings": {"延安路18号"},
        "addresses": {"延安路18号"},
        "pledges": {"出租房屋责任书"},
        "plates": {"P000001"},
        "grids": {"甲一网格"},
        "cases": {f"{case.number} 私搭乱建"},
        "former": set(),
    }
    edge = next(e for one in found.lists if one.name == "residents" for e in one.edges)
    assert (edge.tie, edge.since, edge.until, edge.source) == ("permanent", date(2020, 5, 1), None, "走访")
    (tied,) = next(one for one in found.lists if one.name == "cases").edges
    assert (tied.tie, tied.source, tied.node.id) == ("about", "report", str(case.id)) and tied.tie_id


def test_who_moved_away_is_counted_and_not_named(ground: SimpleNamespace, look: Look, world: World) -> None:
    former = next(one for one in look("grid_lead", "room", ground.flat.id).lists if one.name == "former")
    assert (former.known, former.hidden, former.edges) == (0, 1, [])
    out = association_out(look("grid_lead", "room", ground.flat.id))
    assert next(one.count for one in out.lists if one.part.code == "former") == "<10"


@pytest.mark.parametrize("who", ["acceptor", "dispatcher", "analyst", "department_clerk"])
def test_others_see_things_and_counts_but_no_name(ground: SimpleNamespace, look: Look, who: str) -> None:
    for kind, id in (("room", ground.flat.id), ("building", ground.house.pk), ("grid", GRID)):
        found = look(who, kind, id)
        said = association_out(found).model_dump_json()
        assert "欧阳" not in said and "王试" not in said and str(ground.father.id) not in said and str(ground.home.id) not in said
        people = next(one for one in association_out(found).lists if one.part.code == "residents")
        assert (people.count, people.items, people.hidden) == ("<10", [], True)
    for kind, id in (("resident", ground.father.id), ("household", ground.home.id)):
        with pytest.raises(NotFound):
            look(who, kind, id)


def test_find_by_each_direction(ground: SimpleNamespace, look: Look) -> None:
    """The person by the house, the house by the person, and so on: each edge leads back."""
    ways = {
        "resident": (ground.father.id, "rooms", ground.flat.id),
        "household": (ground.home.id, "rooms", ground.flat.id),
        "building": (ground.house.pk, "rooms", ground.flat.id),
        "organisation": (ground.shop.id, "rooms", ground.shop_room.id),
        "component": (ground.sign.id, "organisations", ground.shop.id),
        "address": (ground.number.pk, "buildings", ground.house.pk),
        "grid": (GRID, "organisations", ground.shop.id),
    }
    for kind, (id, part, wanted) in ways.items():
        found = look("grid_lead", kind, id)
        there = next(edge.node for one in found.lists if one.name == part for edge in one.edges if edge.node.id == str(wanted))
        back = look("grid_lead", there.kind, there.id)
        assert str(id) in {edge.node.id for one in back.lists for edge in one.edges}, (kind, there.kind)
    assert labels(look("grid_lead", "building", ground.house.pk))["near_components"] == {"路灯 7 号", "面馆店招"}
    sources = {e.node.label: e.source for one in look("grid_lead", "building", ground.house.pk).lists if one.name == "near_components" for e in one.edges}
    assert sources == {"路灯 7 号": "within_15m", "面馆店招": "footprint"}


def test_a_case_is_tied_by_hand_and_by_its_place(ground: SimpleNamespace, look: Look, world: World, opened: Callable[..., Case]) -> None:  # noqa: F811
    case = opened()
    tie_case(actor=world.actor("grid_lead"), case_id=case.id, thing="resident", thing_id=str(ground.father.id), at=MONDAY)
    found = look("grid_lead", "case", case.id)
    assert labels(found)["residents"] == {"欧阳试一"} and labels(found)["near_buildings"] == {"延安路18号"}
    assert next(e for one in found.lists if one.name == "residents" for e in one.edges).tie_id
    assert "欧阳" not in association_out(look("acceptor", "case", case.id)).model_dump_json()
    near = next(e for one in look("acceptor", "component", ground.sign.id).lists if one.name == "cases" for e in one.edges)
    assert (near.source, near.node.id) == ("within_15m", str(case.id))
    inside = next(e for one in look("acceptor", "building", ground.house.pk).lists if one.name == "cases" for e in one.edges)
    assert (inside.tie, inside.source) == ("same_place", "footprint")
    with pytest.raises(NotFound):
        look("far_acceptor", "case", case.id)


def test_only_reading_a_resident_is_recorded_as_reading_them(ground: SimpleNamespace, look: Look) -> None:
    look("grid_lead", "room", ground.flat.id)
    assert not Event.objects.filter(type="resident.read").exists()
    look("grid_lead", "resident", ground.father.id)
    event = Event.objects.get(type="resident.read")
    assert (event.subject_id, event.district, event.data) == (ground.father.id, "310101", {"role": "grid_lead", "purpose": "register"})


def test_a_merged_record_is_the_other_in_every_list(ground: SimpleNamespace, look: Look) -> None:
    twice = resident("欧阳试一", merged_into=ground.father.id)
    lives(twice, ground.empty, kind="temporary")
    signed = row(
        Pledge,
        kind="landlord",
        title="出租屋管理责任书",
        resident_id=twice.id,
        signed_date=date(2026, 1, 1),
        term=DateRange(date(2026, 1, 1), date(2027, 1, 1)),
    )
    (edge,) = next(one for one in look("grid_lead", "room", ground.empty.id).lists if one.name == "residents").edges
    assert edge.node.id == str(ground.father.id)
    of = look("grid_lead", "resident", twice.id)
    assert of.centre.id == str(ground.father.id)
    assert {e.node.id for one in of.lists if one.name == "rooms" for e in one.edges} == {str(ground.flat.id), str(ground.empty.id)}
    assert [e.node.id for one in of.lists if one.name == "pledges" for e in one.edges] == [str(ground.pledge.id), str(signed.id)]


def test_a_dormitory_comes_in_pages_and_each_person_once(ground: SimpleNamespace, look: Look) -> None:
    for i in range(45):
        lives(resident(f"试{i}"), ground.empty, date(2021, 1, 1 + i % 5), kind="temporary")
    seen: list[str] = []
    page: dict[str, Any] = {"size": 20}
    while True:
        one = next(one for one in look("grid_lead", "room", ground.empty.id, **page).lists if one.name == "residents")
        seen += [edge.node.id for edge in one.edges]
        if "after" not in page:
            assert one.known == 45 and len(one.edges) == 20
        if not one.next:
            break
        page |= {"part": "residents", "after": one.next}
    assert len(seen) == len(set(seen)) == 45


def test_outside_the_area_there_is_nothing(ground: SimpleNamespace, look: Look) -> None:
    for kind, id in (("room", ground.far_flat.id), ("grid", FAR_GRID), ("organisation", uuid4()), ("room", "1"), ("building", "x"), ("building", 10**30)):
        with pytest.raises(NotFound):
            look("grid_lead", kind, id)
    with pytest.raises(NotFound):
        look("system_admin", "room", ground.flat.id)
    with pytest.raises(NotFound):
        look("grid_lead", "nothing", 1)
    for page in ({"part": "nothing"}, {"after": "x"}, {"part": "residents", "after": "x"}):
        with pytest.raises(Invalid):
            look("grid_lead", "room", ground.flat.id, **page)


def test_counts_of_those_who_may_not_be_read() -> None:
    """Below ten nothing; above, whole tens, so that a house more or less does not show."""
    assert [shown(0, n) for n in (1, 9, 10, 19, 25)] == ["<10", "<10", "≥10", "≥10", "≥20"]
    assert shown(0, 0) == "0" and shown(0, 0, reads=False) == "<10"
    assert shown(7, 0) == "7" and shown(3, 4) == "3 + <10"


def test_the_nearest_components_of_the_matters_class_are_offered(ground: SimpleNamespace, look: Look, world: World, opened: Callable[..., Case]) -> None:  # noqa: F811
    case = opened(matter="01037", edition="GB/T 47678.5-2026")
    names = [edge.node.label for one in look("acceptor", "case", case.id).lists if one.name == "offered" for edge in one.edges]
    assert names == ["面馆店招", "路灯 7 号"], "the nearest first"
    tie_case(actor=world.actor("acceptor"), case_id=case.id, thing="component", thing_id=str(ground.sign.id), at=MONDAY)
    names = [edge.node.label for one in look("acceptor", "case", case.id).lists if one.name == "offered" for edge in one.edges]
    assert names == ["路灯 7 号"]
    assert not [one for one in look("acceptor", "case", opened().id).lists if one.name == "offered"], "a litter case is about no lamp"
