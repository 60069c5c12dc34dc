"""Who heads a household, how the others stand to that head, who keeps house apart; a resident's own fields and registered home."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Invalid, Refused
from jingwei.registry.actions import (
    Description,
    HouseholdWanted,
    Newcomer,
    change_household,
    change_resident,
    define_field,
    merge_residents,
    move_in,
    register_resident,
    split_household,
    switch_off,
    switch_on,
)
from jingwei.registry.models import Household, Resident, Room
from jingwei.registry.queries import home_name, homes_found, people_of_room, whole_resident
from tests.api.conftest import Caller, caller, problem  # noqa: F401
from tests.registry.test_residents import TODAY, family, refused
from tests.world import MONDAY, A, World

pytestmark = pytest.mark.django_db


def standing(world: World, room: Room) -> list[dict[UUID, str]]:
    """The relations of everybody in a room, a household each."""
    now = people_of_room(actor=world.actor("station_clerk"), room_id=room.id, on=TODAY)
    return [{m.stay.record: m.stay.relation for m in home.members} for home in now.households]


def test_with_another_head_the_relations_are_to_that_one(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    home = Household.objects.get()
    change_household(actor=world.actor("station_clerk"), at=MONDAY, household_id=home.id, seen_version=1, head=ids[1], relations={ids[0]: "配偶"}, number="A18")
    assert standing(world, flats[0]) == [{ids[1]: "02", ids[0]: "10", ids[2]: ""}]  # what the child is to the new head nobody has said
    told = Event.objects.get(type="household.changed").data
    assert told["relations_before"] == {str(ids[0]): "02", str(ids[1]): "10", str(ids[2]): "20"} and told["number"] == "A18"
    home.refresh_from_db()
    assert (home.head_id, home.number, home.version) == (ids[1], "A18", 2)


def test_the_same_head_again_changes_no_relation(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    change_household(actor=world.actor("station_clerk"), at=MONDAY, household_id=Household.objects.get().id, seen_version=1, head=ids[0], kind="collective")
    assert standing(world, flats[0]) == [{ids[0]: "02", ids[1]: "10", ids[2]: "20"}]
    assert Event.objects.get(type="household.changed").data == {"kind": "collective"}


def test_a_change_that_can_not_be(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0], household=HouseholdWanted(number="A18"))
    move_in(
        actor=world.actor("station_clerk"),
        at=MONDAY,
        room_id=flats[0].id,
        people=[Newcomer({"name": "赵试四"})],
        from_date=TODAY,
        household=HouseholdWanted(number="A19"),
    )
    home = Household.objects.get(number="A18")

    def change(**said: Any) -> Any:
        return lambda: change_household(actor=world.actor("station_clerk"), at=MONDAY, household_id=home.id, **{"seen_version": 1} | said)

    refused(Invalid, change(head=uuid4()), field="head")
    refused(Invalid, change(number="A19"), field="number")
    refused(Invalid, change(kind="club"), field="kind")
    refused(Invalid, change(relations={ids[1]: "20"}), field="relations")
    refused(Invalid, change(head=ids[1], relations={ids[0]: "隔壁"}), field="relations.0")
    refused(Invalid, change(head=ids[1], relations={ids[2]: "30", ids[0]: "户主"}), field="relations.1")
    refused(Invalid, change(head=ids[1], relations={uuid4(): "20"}), field="relations.0")
    refused(Conflict, change(seen_version=9, head=ids[1]), code="stale_version")
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("household", "number"), ("residency", "relation")])
    refused(Refused, change(number="A20"), code="field_off")
    refused(Refused, change(head=ids[1], relations={ids[0]: "10"}), code="field_off")
    change_household(actor=world.actor("station_clerk"), at=MONDAY, household_id=home.id, seen_version=1, head=ids[1])
    assert Household.objects.get(id=home.id).head_id == ids[1]


def test_those_who_split_off_stand_to_their_own_head(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    home = Household.objects.get()

    def split(relations: dict[UUID, str]) -> Any:
        form: dict[str, Any] = {"household_id": home.id, "seen_version": 1, "residents": ids[1:], "head": ids[1], "number": "B1"}
        return lambda: split_household(actor=world.actor("station_clerk"), at=MONDAY, relations=relations, **form)

    refused(Invalid, split({ids[0]: "10"}), field="relations.0")  # who stays
    split({ids[2]: "20"})()
    assert standing(world, flats[0]) == [{ids[0]: "02"}, {ids[1]: "02", ids[2]: "20"}]


def test_the_doors_name_what_is_wrong(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    ids = [str(id) for id in family(world, flats[0])]
    home, clerk = Household.objects.get(), caller("station_clerk")
    said = problem(clerk("PATCH", f"/households/{home.id}", {"seen_version": 1, "head": ids[1], "relations": [{"id": ids[0], "relation": "x"}]}), 422)
    assert said["errors"][0]["field"] == "relations.0"
    assert clerk("PATCH", f"/households/{home.id}", {"seen_version": 1, "head": ids[1], "relations": [{"id": ids[0], "relation": "10"}]}).status_code == 204
    answer = clerk("POST", f"/households/{home.id}/split", {"seen_version": 2, "residents": [ids[2]], "head": ids[2], "number": "B1"})
    assert answer.status_code == 200 and json.loads(answer.content)["residents"] == [ids[2]]
    said = json.loads(clerk("GET", f"/households/{home.id}").content)
    assert said["head"] == ids[1] and [m["who"]["id"] for m in said["members"]] == ids[1::-1]


# -- a city's own fields, and the registered home -----------------------------------------------------------------------------------------------


@pytest.fixture
def dogs(world: World) -> None:
    said = Description("养犬数量", "Dogs", world.units["chengguan"].id, "犬只免疫提醒", "地方养犬条例", 24, "closed", "地方")
    define_field(actor=world.actor("system_admin"), at=MONDAY, thing="resident", name="dogs", type="number", said=said, personal=True)
    switch_on(actor=world.actor("security_admin"), at=MONDAY, fields=[("resident", "dogs")])


def test_an_own_field_is_said_changed_and_emptied(world: World, flats: list[Room], dogs: None) -> None:
    clerk = world.actor("station_clerk")
    [id] = move_in(actor=clerk, at=MONDAY, room_id=flats[0].id, people=[Newcomer({"name": "王试"}, more={"dogs": "2"})], from_date=TODAY).residents
    for version, (value, more) in enumerate([(3, {"dogs": 3}), (None, {})], start=1):
        change_resident(actor=clerk, at=MONDAY, resident_id=id, seen_version=version, facts={}, more={"dogs": value})
        assert whole_resident(actor=clerk, resident_id=id).more == more
    assert change_resident(actor=clerk, at=MONDAY, resident_id=id, seen_version=3, facts={}, more={"dogs": ""}).version == 3  # nothing new
    assert [e.data["fields"] for e in Event.objects.filter(type="resident.changed")] == [["more"], ["more"]]


def test_a_wrong_value_is_named_by_person_and_field(world: World, flats: list[Room], dogs: None, caller: Callable[..., Caller]) -> None:  # noqa: F811
    people = [{"name": "王试"}, {"name": "李试", "more": {"dogs": "zwei"}}]
    said = problem(caller("worker")("POST", f"/rooms/{flats[0].id}/people", {"people": people, "from_date": "2026-01-01"}), 422)
    assert [e["field"] for e in said["errors"]] == ["people.1.more.dogs"]
    people[1]["more"] = {"cats": 1}
    said = problem(caller("worker")("POST", f"/rooms/{flats[0].id}/people", {"people": people, "from_date": "2026-01-01"}), 422)
    assert said["code"] == "field_off" and [e["field"] for e in said["errors"]] == ["people.1.more.cats"]
    assert not Resident.objects.exists()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("杭州西湖", "浙江省杭州市西湖区"),
        ("黄浦", "上海市黄浦区"),
        ("上海", "上海市"),
        ("朝阳市", "辽宁省朝阳市"),
        ("仙桃", "湖北省仙桃市"),
        ("3301 06", "浙江省杭州市西湖区"),
        ("西湖杭州", None),
        ("市辖区", None),
        ("%", None),
        (" ", None),
    ],
)
def test_a_registered_home_is_found_by_its_letters(words: str, first: str | None) -> None:
    assert next((home.name for home in homes_found(words)), None) == first


@pytest.mark.parametrize(
    ("code", "name"), [("330106", "浙江省杭州市西湖区"), ("310101", "上海市黄浦区"), ("310101013014", "上海市黄浦区"), ("990101", ""), ("", "")]
)
def test_a_registered_home_has_its_whole_name(code: str, name: str) -> None:
    assert home_name(code) == name


def test_a_registered_home_is_shown_by_its_name(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    id = family(world, flats[0])[0]
    found = json.loads(caller("worker")("POST", "/residents/homes/search", {"text": "杭州西湖"}).content)["items"]
    assert caller("worker")("PATCH", f"/residents/{id}", {"seen_version": 1, "home_place": found[0]["code"]}).status_code == 204
    who = json.loads(caller("worker")("GET", f"/residents/{id}").content)["who"]
    assert (who["home_place"], who["home_name"]) == ("330106", "浙江省杭州市西湖区")


def test_pledges_of_a_resident_are_those_of_every_record_of_theirs(world: World, flats: list[Room], caller: Callable[..., Caller]) -> None:  # noqa: F811
    father, child, clerk = *(str(id) for id in family(world, flats[0])[::2]), caller("station_clerk")
    twin = str(register_resident(actor=world.actor("station_clerk"), at=MONDAY, place=A + "001", facts={"name": "欧阳试一"}).id)
    form = {"kind": "landlord", "title": "出租屋管理责任书", "signed_date": "2026-01-01", "first_date": "2026-01-01", "last_date": "2026-12-31"}
    for id in (father, twin):
        assert clerk("POST", "/pledges", form | {"resident_id": id, "room_id": str(flats[0].id)}).status_code == 201

    def of(id: str, by: Caller = clerk) -> list[str]:
        return sorted(one["resident_id"] for one in json.loads(by("GET", f"/pledges?resident={id}").content)["items"])

    assert of(father) == [father] and of(child) == [] and of(str(uuid4())) == []
    merge_residents(actor=world.actor("station_clerk"), at=MONDAY, kept=UUID(father), kept_version=1, other=UUID(twin), other_version=1)
    assert of(father) == sorted([father, twin]) and of(father, caller("acceptor")) == []
