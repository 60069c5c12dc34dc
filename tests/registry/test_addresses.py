"""The address tree: who may change it, what is kept of what it was, and which standard address a text means."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jingwei.accounts.actions import grant_role, register_person
from jingwei.accounts.queries import actor_of_person
from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.kit.ids import new_id
from jingwei.registry.actions import (
    NewAddress,
    Written,
    add_alias,
    address_base_map,
    drop_alias,
    end_address,
    enter_address,
    enter_addresses,
    judge_address,
    move_address,
    rename_address,
)
from jingwei.registry.models import Address, AddressAlias, Building, Room
from jingwei.registry.queries import address_at, address_match, address_page, address_whole, forget_gazetteer, place_search
from jingwei.registry.rules import addresses as rules
from tests.api.conftest import Caller, problem
from tests.world import FAR, MONDAY, START, STREET, A

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_names(world):
    forget_gazetteer()
    yield
    forget_gazetteer()


@pytest.fixture
def caller(world):
    return lambda name: Caller(world, name)


@pytest.fixture
def registrar(world):
    """Keeps the register of the street."""
    person = register_person(actor=SYSTEM, at=MONDAY, username="registrar", name="录入员", password=None, area=STREET, check=False)
    grant_role(actor=SYSTEM, at=MONDAY, person=person, role="registrar", area=STREET, from_date=START)
    return actor_of_person(person.pk)


def enter(actor, kind, name, parent=None, place=STREET, at=MONDAY, **more):
    return enter_address(actor=actor, at=at, new=NewAddress(kind=kind, name=name, parent_id=parent.pk if parent else None, place=place, **more))


@pytest.fixture
def tree(registrar):
    """大名路 with 12弄 (buildings 1号, 3号) and 100号; 竹海花园 with 8幢."""
    road = enter(registrar, "road", "大名路")
    lane = enter(registrar, "number", "12弄", road, A)
    found = {"road": road, "lane": lane, "house": enter(registrar, "building", "3号", lane, A), "number": enter(registrar, "number", "100号", road, A)}
    found["one"] = enter(registrar, "building", "1号", lane, A)
    found["estate"] = enter(registrar, "estate", "竹海花园")
    found["block"] = enter(registrar, "building", "8号楼", found["estate"], A, crs="EPSG:4326", x=121.482, y=31.235)
    return found


def registered(address, *rooms, floors=6, source_id="b1"):
    """A building at an address, with rooms (unit, number)."""
    building = Building.objects.create(
        source="test", source_id=source_id, kind="residential", place=A + "001", address=address, floors_above=floors, code=f"{A}{address.pk:05}",
        period=DateRange(START, None), given=Point(121.482, 31.235, srid=4326),
    )  # fmt: skip
    for unit, number in rooms:
        Room.objects.create(
            district=A[:6], id=new_id(A[:6], MONDAY), place=A + "001", building=building, unit=unit, number=number,
            address_key=rules.room_key(address.key, unit, number),
        )  # fmt: skip
    return building


def rows():
    return Address.objects.count(), AddressAlias.objects.count(), Event.objects.count()


# -- entering --------------------------------------------------------------------------------------------------------------------------------


def test_a_node_is_called_by_all_above_it(tree):
    house = tree["house"]
    assert (house.standard, house.key, house.place) == ("大名路12弄3号", "大名路12弄3号", A)
    assert tree["block"].key == "竹海花园8幢" and tree["block"].point.x == pytest.approx(121.482)
    event = Event.objects.filter(type="address.entered", subject_key=str(house.pk)).get()
    assert event.data["standard"] == "大名路12弄3号" and event.actor_name == "录入员"


@pytest.mark.parametrize("written", ["3号", "３号", "三号"])
def test_a_name_stands_once_below_a_node_however_it_is_written(tree, registrar, written):
    before = rows()
    with pytest.raises(Refused, match="already"):
        enter(registrar, "building", written, tree["lane"], A)
    assert rows() == before


def test_two_streets_of_one_name_in_one_place_are_refused(tree, registrar):
    with pytest.raises(Refused, match="already"):
        enter(registrar, "road", "大名路")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "number"}, "kind"),  # a number has a street above it
        ({"kind": "castle"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "大" * 101}, "name"),
        ({"name": "大\x00路"}, "name"),
        ({"place": "31"}, "place"),
        ({"place": "3101o1"}, "place"),
        ({"x": 200.0, "y": 95.0}, "position"),
    ],
)
def test_what_can_not_be_an_address_is_refused_by_its_field(registrar, change, field):
    before = rows()
    with pytest.raises(Invalid) as refusal:
        enter_address(actor=registrar, at=MONDAY, new=NewAddress(**({"kind": "road", "name": "新路", "place": STREET} | change)))
    assert refusal.value.errors[0].field == field and rows() == before


def test_a_building_has_nothing_below_it(tree, registrar):
    with pytest.raises(Invalid):
        enter(registrar, "number", "5号", tree["house"], A)


def test_an_address_lies_in_the_place_of_the_one_above(tree, registrar):
    with pytest.raises(Invalid):
        enter(SYSTEM, "number", "7号", tree["road"], FAR)


@pytest.mark.parametrize("who", ["worker", "acceptor", "analyst", "system_admin", "far_acceptor"])
def test_only_those_who_keep_the_register_of_the_area_change_it(world, tree, who):
    actor, before = world.actor(who), rows()
    for change in (
        lambda: enter(actor, "number", "9号", tree["road"], A + "001"),
        lambda: enter(actor, "road", "另一路"),
        lambda: rename_address(actor=actor, at=MONDAY, address_id=tree["road"].pk, name="小名路"),
        lambda: move_address(actor=actor, at=MONDAY, address_id=tree["house"].pk, parent_id=tree["number"].pk),
        lambda: end_address(actor=actor, at=MONDAY, address_id=tree["number"].pk, reason="拆除"),
        lambda: judge_address(actor=actor, at=MONDAY, address_id=tree["number"].pk, status="IN"),
        lambda: add_alias(actor=actor, at=MONDAY, address_id=tree["number"].pk, name="老一百"),
    ):
        with pytest.raises(Forbidden):
            change()
    assert rows() == before


def test_who_keeps_a_community_enters_numbers_there_on_a_street_that_is_the_districts(world):
    road, clerk = enter(SYSTEM, "road", "长街", place=A[:6]), world.actor("station_clerk")
    assert enter(clerk, "number", "1号", road, A).place == A
    whole = address_whole(actor=clerk, address_id=road.pk)
    assert (whole.keeps, whole.extends) == (False, True)
    for refused in (lambda: enter(clerk, "number", "2号", road, STREET), lambda: rename_address(actor=clerk, at=MONDAY, address_id=road.pk, name="短街")):
        with pytest.raises(Forbidden):
            refused()


def test_a_registrar_changes_nothing_in_another_place(tree, registrar):
    far = enter(SYSTEM, "road", "远方路", place=FAR)
    with pytest.raises(Forbidden):
        rename_address(actor=registrar, at=MONDAY, address_id=far.pk, name="近路")
    with pytest.raises(NotFound):
        rename_address(actor=registrar, at=MONDAY, address_id=10**12, name="近路")


# -- renaming and moving ----------------------------------------------------------------------------------------------------------------------


def test_renaming_carries_all_below_and_keeps_the_former_name_with_its_days(tree, registrar):
    registered(tree["house"], ("", "401"))
    row = rename_address(actor=registrar, at=TUESDAY, address_id=tree["road"].pk, name="远洋路", seen_version=1)
    assert row.standard == "远洋路" and row.version == 2
    assert set(Address.objects.filter(standard__startswith="远洋路").values_list("key", flat=True)) == {
        "远洋路",
        "远洋路12弄",
        "远洋路12弄1号",
        "远洋路12弄3号",
        "远洋路100号",
    }
    assert Room.objects.get().address_key == "远洋路12弄3号401"
    former = AddressAlias.objects.get()
    assert (former.name, former.kind, former.valid_from, former.valid_to) == ("大名路", "former", MONDAY.date(), TUESDAY.date())
    assert [address_at(row.pk, day) for day in (MONDAY.date(), TUESDAY.date())] == ["大名路", "远洋路"]
    assert [h.type for h in address_whole(actor=registrar, address_id=row.pk).history] == ["address.renamed", "address.entered"]


def test_a_name_that_comes_back_is_no_former_one(tree, registrar):
    for days, name in enumerate(("远洋路", "大名路"), start=1):
        rename_address(actor=registrar, at=MONDAY + timedelta(days=days), address_id=tree["road"].pk, name=name)
    assert list(AddressAlias.objects.values_list("name", flat=True)) == ["远洋路"]


def test_a_taken_name_changes_nothing(tree, registrar):
    enter(registrar, "road", "远洋路")
    before = rows()
    with pytest.raises(Refused, match="already"):
        rename_address(actor=registrar, at=TUESDAY, address_id=tree["road"].pk, name="远洋路")
    assert rows() == before and Address.objects.get(pk=tree["house"].pk).standard == "大名路12弄3号"


def test_somebody_faster_is_a_conflict_with_the_present_state(tree, registrar):
    rename_address(actor=registrar, at=TUESDAY, address_id=tree["road"].pk, name="远洋路", seen_version=1)
    with pytest.raises(Conflict) as conflict:
        rename_address(actor=registrar, at=TUESDAY, address_id=tree["road"].pk, name="近洋路", seen_version=1)
    assert conflict.value.extra["present"]["name"] == "远洋路"


def test_a_node_moves_with_all_below_it(tree, registrar):
    move_address(actor=registrar, at=TUESDAY, address_id=tree["house"].pk, parent_id=tree["number"].pk)
    house = Address.objects.get(pk=tree["house"].pk)
    assert house.standard == "大名路100号3号"
    assert AddressAlias.objects.get(address=house).name == "大名路12弄3号"


def test_nothing_stands_below_itself_or_where_its_kind_does_not(tree, registrar):
    inner = enter(registrar, "number", "6号", tree["lane"], A)
    for row, parent in ((tree["lane"], inner), (tree["lane"], tree["lane"]), (tree["road"], tree["house"]), (tree["house"], None)):
        with pytest.raises(Invalid):
            move_address(actor=registrar, at=TUESDAY, address_id=row.pk, parent_id=parent.pk if parent else None)


# -- ending, judging, other names --------------------------------------------------------------------------------------------------------------


def test_an_ended_address_is_no_more_found_and_its_name_is_free(tree, registrar):
    ended = end_address(actor=registrar, at=TUESDAY, address_id=tree["number"].pk, reason="拆除", seen_version=1)
    assert (ended.status, ended.valid_to) == ("AB", TUESDAY.date())
    assert "大名路100号" not in [c.standard for c in address_match(actor=registrar, text="大名路100号").candidates]
    enter(registrar, "number", "100号", tree["road"], A, at=TUESDAY)
    with pytest.raises(Refused, match="ended"):
        rename_address(actor=registrar, at=TUESDAY, address_id=tree["number"].pk, name="101号")


def test_what_is_in_use_does_not_end(tree, registrar):
    registered(tree["block"])
    for row in (tree["road"], tree["block"]):
        with pytest.raises(Refused):
            end_address(actor=registrar, at=TUESDAY, address_id=row.pk, reason="拆除")
    with pytest.raises(Invalid):
        end_address(actor=registrar, at=TUESDAY, address_id=tree["number"].pk, reason=" ")


def test_what_was_found_on_the_spot_is_kept(tree, registrar):
    assert judge_address(actor=registrar, at=TUESDAY, address_id=tree["number"].pk, status="IN").status == "IN"
    assert Event.objects.get(type="address.judged").data == {"standard": "大名路100号", "before": "OC", "status": "IN"}
    with pytest.raises(Invalid):
        judge_address(actor=registrar, at=TUESDAY, address_id=tree["number"].pk, status="AB")


def test_a_former_name_is_history_a_popular_one_may_go(tree, registrar):
    popular = add_alias(actor=registrar, at=MONDAY, address_id=tree["estate"].pk, name="老竹园")
    with pytest.raises(Refused):
        add_alias(actor=registrar, at=MONDAY, address_id=tree["estate"].pk, name="老竹园 ")
    with pytest.raises(Refused):
        add_alias(actor=registrar, at=MONDAY, address_id=tree["estate"].pk, name="竹海花园")
    rename_address(actor=registrar, at=TUESDAY, address_id=tree["estate"].pk, name="竹海新苑")
    drop_alias(actor=registrar, at=TUESDAY, address_id=tree["estate"].pk, alias_id=popular.pk)
    with pytest.raises(Refused, match="history"):
        drop_alias(actor=registrar, at=TUESDAY, address_id=tree["estate"].pk, alias_id=AddressAlias.objects.get().pk)


# -- browsing --------------------------------------------------------------------------------------------------------------------------------


def test_the_tree_is_paged_and_figures_come_as_figures(tree, registrar):
    for n in (10, 2, 1, 33):
        enter(registrar, "number", f"{n}号", tree["road"], A)
    names, after = [], None
    while True:
        page = address_page(actor=registrar, parent_id=tree["road"].pk, after=after, size=2)
        names += [n.name for n in page.items]
        if (after := page.next) is None:
            break
    assert names == ["1号", "2号", "10号", "12弄", "33号", "100号"]
    assert {n.name: n.children for n in address_page(actor=registrar, parent_id=None, within=A).items} == {"大名路": 6, "竹海花园": 1}
    assert address_page(actor=registrar, parent_id=None, within=FAR).items == []


# -- matching --------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("上海市黄浦区外滩街道大名路12弄3号401室", "大名路12弄3号"),
        ("大名路１２弄３号", "大名路12弄3号"),
        ("大名路十二弄三号", "大名路12弄3号"),
        ("大名路100#", "大名路100号"),
        ("大铭路100号", "大名路100号"),
        ("大名100号", "大名路100号"),
        ("竹海花园8-1-302", "竹海花园8号楼"),
        ("竹海花苑8幢", "竹海花园8号楼"),
        ("大名路", "大名路"),
        ("大名路777号", "大名路"),
    ],
)
def test_which_address_a_text_means(tree, registrar, text, standard):
    assert address_match(actor=registrar, text=text).candidates[0].standard == standard


def test_a_former_and_a_popular_name_lead_to_the_address(tree, registrar):
    rename_address(actor=registrar, at=TUESDAY, address_id=tree["road"].pk, name="远洋路")
    add_alias(actor=registrar, at=TUESDAY, address_id=tree["estate"].pk, name="老竹园")
    first = address_match(actor=registrar, text="大名路100号").candidates[0]
    assert (first.standard, first.through) == ("远洋路100号", "大名路")
    assert address_match(actor=registrar, text="老竹园8幢").candidates[0].standard == "竹海花园8号楼"


def test_the_reasons_go_down_to_floor_and_room(tree, registrar):
    building = registered(tree["block"], ("1", "302"), ("2", "302"))
    first = address_match(actor=registrar, text="黄浦区竹海花园8幢1单元3层302室").candidates[0]
    assert [(r.element, r.verdict) for r in first.reasons] == [
        ("division", "agrees"), ("name", "agrees"), ("building", "agrees"), ("unit", "agrees"), ("floor", "agrees"), ("room", "agrees"),
    ]  # fmt: skip
    assert [(r.building_id, r.unit, r.number) for r in first.rooms] == [(building.pk, "1", "302")]
    assert {r.element: r.verdict for r in address_match(actor=registrar, text="竹海花园8幢1单元9层901室").candidates[0].reasons}["floor"] == "differs"


def test_rooms_are_told_only_to_those_who_work_there(world, tree):
    registered(tree["block"], ("1", "302"))
    assert address_match(actor=world.actor("worker"), text="竹海花园8幢1单元302").candidates[0].rooms
    for name in ("far_worker", "system_admin"):
        assert address_match(actor=world.actor(name), text="竹海花园8幢1单元302").candidates[0].rooms == []


def test_of_two_streets_of_one_name_the_district_decides_and_then_the_distance(tree, registrar):
    near = enter(SYSTEM, "number", "100号", enter(SYSTEM, "road", "大名路", place=FAR), FAR, x=121.485, y=31.265)
    assert address_match(actor=registrar, text="虹口区大名路100号").candidates[0].id == near.pk
    assert address_match(actor=registrar, text="黄浦区大名路100号").candidates[0].id == tree["number"].pk
    assert address_match(actor=registrar, text="大名路100号", near=(121.485, 31.265)).candidates[0].id == near.pk
    assert {c.id for c in address_match(actor=registrar, text="大名路100号", within=A).candidates} & {near.pk} == set()


def test_what_names_nothing_finds_nothing(tree, registrar):
    for text in ("", "-", "302室", "%%%", "\\_", "字" * 300, "\x00"):
        assert address_match(actor=registrar, text=text).candidates == []


def test_a_list_goes_into_the_tree_once(registrar):
    written = [Written(STREET, "新昌路5弄2号301室", 121.48, 31.23), Written(STREET, "新昌路5弄2号"), Written(STREET, "新昌路８号"), Written(STREET, "302室")]
    ids = enter_addresses(actor=registrar, at=MONDAY, written=written, source="test")
    assert [Address.objects.get(pk=i).standard if i else None for i in ids] == ["新昌路5弄2号", "新昌路5弄2号", "新昌路8号", None]
    before = rows()[0]
    assert enter_addresses(actor=registrar, at=MONDAY, written=written, source="test") == ids and rows()[0] == before
    with pytest.raises(Forbidden), transaction.atomic():
        enter_addresses(actor=registrar, at=MONDAY, written=[Written(FAR, "远方路1号")], source="test")


def test_the_house_numbers_of_the_base_map_become_addresses_once(world):
    for n, place in ((98, A + "001"), (100, A + "002")):
        Building.objects.create(
            source="test", source_id=str(n), kind="yes", place=place, street="大名路", number=f"{n}号" if n == 98 else str(n), period=DateRange(START, None),
            given=Point(121.482, 31.235, srid=4326),
        )  # fmt: skip
    for _ in range(2):
        assert address_base_map(actor=SYSTEM, at=MONDAY) == 2
        assert set(Building.objects.values_list("address__standard", "address__place")) == {("大名路98号", A + "001"), ("大名路100号", A + "002")}
        assert Address.objects.get(kind="road").place == A[:6]
    with pytest.raises(Forbidden):
        address_base_map(actor=world.actor("acceptor"), at=MONDAY)


def test_the_days_of_an_address_do_not_end_before_they_begin(tree, registrar):
    same_day = end_address(actor=registrar, at=MONDAY, address_id=tree["number"].pk, reason="登记有误")
    assert same_day.valid_to == MONDAY.date() + timedelta(days=1) > date(2026, 1, 1)


def test_the_box_for_places_finds_standard_addresses_too(tree, registrar):
    assert [f.label for f in place_search(actor=registrar, q="竹海花园8幢")] == ["竹海花园8号楼"]  # the others have no point
    assert place_search(actor=registrar, q="") == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/addresses", {"kind": "castle", "name": "甲", "place": A}, "kind"),
        ("/addresses", {"kind": "road", "name": "", "place": A}, "name"),
        ("/addresses", {"kind": "road", "name": "甲路", "place": A, "more": 1}, "more"),
        ("/addresses", {"kind": "road", "name": "甲路", "place": A, "position": {"crs": "EPSG:4326", "x": 999, "y": 1}}, "position"),
        ("/addresses", {"kind": "road", "name": "甲路", "place": A, "parent": "1"}, "parent"),
        ("/addresses", {"kind": "road", "name": "甲\ud800", "place": A}, "name"),
        ("/addresses/match", {"text": ""}, "text"),
        ("/addresses/match", {"text": "x" * 201}, "text"),
        ("/addresses/match", {"text": "x", "limit": 51}, "limit"),
        ("/addresses/match", {"text": "x", "lon": 181, "lat": 1}, "lon"),
    ],
)
def test_bad_input_is_named(world, caller, path, body, field):
    answer = problem(caller("station_clerk")("POST", path, body), 422)
    assert field in "".join(e["field"] for e in answer["errors"]), answer


def test_the_door_tells_elements_and_reasons(tree, caller):
    answer = json.loads(caller("worker")("POST", "/addresses/match", {"text": "黄浦区大名路100号"}).content)
    assert [(e["label"], e["text"]) for e in answer["elements"]] == [("district", "黄浦区"), ("road", "大名路"), ("roadno", "100号")]
    assert answer["candidates"][0]["reasons"][1]["words"] == {"zh": "路名或小区一致：大名路", "en": "street or estate agrees: 大名路"}
