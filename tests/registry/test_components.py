"""Components, frontages and signs: registered, numbered, changed, moved, in states one after the other; lists and tiles within the scope."""

from datetime import timedelta
from typing import Any

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.kit.ids import new_id
from jingwei.registry.actions import (
    ComponentFacts,
    OrganisationFacts,
    Spot,
    change_component,
    load_component_classes,
    load_shipped_classes,
    move_component,
    register_component,
    register_organisation,
    set_state,
)
from jingwei.registry.models import Component, ComponentClass, ComponentCondition
from jingwei.registry.queries import ComponentFilter, component_classes, component_counts, component_page, component_tile, component_whole
from tests.tiles import features
from tests.world import IN_A1, IN_A2, IN_B, IN_FAR, MONDAY, NOWHERE, A, World

LAMP, COVER, SIGN, FRONTAGE = "01037", "01001", "03007", "90001"


def spot(at: tuple[float, float], east: float = 0) -> Spot:
    return Spot("EPSG:4326", at[0] + east, at[1])


@pytest.fixture(autouse=True)
def _classes(request: pytest.FixtureRequest) -> None:
    if "world" in request.fixturenames or "standing_world" in request.fixturenames:
        request.getfixturevalue("world" if "world" in request.fixturenames else "standing_world")
        load_shipped_classes(at=MONDAY)


def lamp(world: World, at: tuple[float, float] = IN_A1, *, by: str = "street_operator", east: float = 0, klass: str = LAMP, **more: Any) -> Component:
    facts = ComponentFacts(**{k: more.pop(k) for k in list(more) if k in ComponentFacts.__dataclass_fields__})
    return register_component(actor=world.actor(by) if by else SYSTEM, at=MONDAY, klass=klass, spot=spot(at, east), facts=facts, **more)


def told(error: pytest.ExceptionInfo[Any]) -> set[str]:
    return {e.field for e in error.value.errors}


def events(component: Component) -> list[str]:
    return sorted(Event.objects.filter(subject_id=component.id).values_list("type", flat=True))


# -- classes


@pytest.mark.django_db
def test_the_classes_of_the_standard(world: World) -> None:
    assert {e: ComponentClass.objects.filter(edition=e).count() for e in ("GB/T 47678.5-2026", "GB/T 30428.2-2013")} == {
        "GB/T 47678.5-2026": 153,
        "GB/T 30428.2-2013": 128,
    }
    lamps = ComponentClass.objects.get(edition="GB/T 47678.5-2026", code=LAMP)
    assert (lamps.name, lamps.name_en, lamps.kind, lamps.replaces) == ("路灯", "Street lamp", "component", ["0137"])
    assert set(ComponentClass.objects.filter(kind="sign", edition__contains="2026").values_list("name", flat=True)) == {"户外广告", "牌匾标识"}
    assert all(done.added == done.changed == 0 for done in load_shipped_classes(at=MONDAY))


@pytest.mark.django_db
def test_a_table_of_classes_that_is_wrong_names_line_and_column(world: World) -> None:
    head = "kind,code,major,major_name,name,name_en,replaces,attributes\n"
    before = ComponentClass.objects.count()
    for text, field in (
        (head, "edition"),
        ("# edition: x\nkind,code\n", "major"),
        ("# edition: x\n" + head + "component,91001,90,本市,灯,,,\n", "line 3"),
        ("# edition: x\n" + head + "ghost,90001,90,本市,灯,,,\n", "line 3"),
    ):
        with pytest.raises(Invalid) as error:
            load_component_classes(actor=SYSTEM, at=MONDAY, text=text)
        assert field in told(error)
    with pytest.raises(Forbidden):
        load_component_classes(actor=world.actor("street_operator"), at=MONDAY, text=head)
    assert ComponentClass.objects.count() == before


# -- registering and numbering


@pytest.mark.django_db
def test_a_lamp_is_registered_with_the_next_code_of_its_class(world: World) -> None:
    first, second, cover = lamp(world, owner="市政"), lamp(world, IN_B), lamp(world, klass=COVER)
    assert [c.code for c in (first, second, cover)] == ["31010101037000001", "31010101037000002", "31010101001000001"]
    assert (first.place, first.name, first.owner, first.district) == (A + "001", "路灯", "市政", "310101")
    assert events(first) == ["component.registered"]
    condition = ComponentCondition.objects.get(component_id=first.id)
    assert (condition.state, condition.to_at) == ("intact", None)


@pytest.mark.django_db
def test_numbers_are_never_given_again(world: World) -> None:
    lamp(world)
    second = lamp(world)
    set_state(actor=SYSTEM, at=MONDAY, component_id=second.id, state="removed")
    ComponentCondition.objects.all().delete()
    Component.objects.filter(id=second.id).delete()
    assert lamp(world).code.endswith("000003")
    assert lamp(world, code="31010101037000009").code.endswith("000009")
    assert lamp(world).code.endswith("000010")
    with pytest.raises(Refused) as error:
        lamp(world, code="31010101037000009")
    assert error.value.code == "component_code_taken"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"klass": "99999"}, "klass"), ({"edition": "nope"}, "klass"), ({"at": NOWHERE}, "position"), ({"at": (200.0, 31.0)}, "position"),
        ({"code": "31010101001000001"}, "code"), ({"code": "12"}, "code"), ({"code": "31010901037000001"}, "code"), ({"state": "lost"}, "state"),
        ({"owner_code": "91310101MA1FPX1234"}, "owner_code"), ({"accuracy": "Z"}, "accuracy"), ({"attributes": {"x": "y"}}, "attributes"),
        ({"placed_date": MONDAY.date() + timedelta(1)}, "changed_date"), ({"klass": SIGN}, "organisation_id"),
        ({"organisation_id": new_id("310101", MONDAY)}, "organisation_id"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_writes_nothing(world: World, more: dict[str, Any], field: str) -> None:
    before = Component.objects.count(), Event.objects.count()
    with pytest.raises(Invalid) as error:
        lamp(world, **more)
    assert told(error) == {field} and (Component.objects.count(), Event.objects.count()) == before


@pytest.mark.django_db
def test_gcj02_is_converted_and_the_key_sent_twice_registers_once(world: World) -> None:
    first = register_component(
        actor=world.actor("street_operator"), at=MONDAY, klass=LAMP, spot=Spot("GCJ-02", 121.4866, 31.2330), facts=ComponentFacts(), command="k"
    )
    again = register_component(actor=world.actor("street_operator"), at=MONDAY, klass=LAMP, spot=spot(IN_A1), facts=ComponentFacts(), command="k")
    assert again.id == first.id and Component.objects.count() == 1
    assert first.place == A + "001" and abs(first.geometry.x - 121.482) < 0.001 and first.crs == "EPSG:4326"


@pytest.mark.django_db
def test_who_may_not_keep_the_register(world: World) -> None:
    for by in ("worker", "acceptor", "department_clerk", "far_acceptor", "system_admin"):
        with pytest.raises(Forbidden):
            lamp(world, by=by)
    with pytest.raises(Forbidden):
        lamp(world, IN_FAR)
    assert Component.objects.count() == 0


# -- changing, moving, states


@pytest.mark.django_db
def test_a_change_says_what_was_before_and_a_stale_one_is_refused(world: World) -> None:
    it, clerk = lamp(world), world.actor("station_clerk")
    changed = change_component(actor=clerk, at=MONDAY, component_id=it.id, seen_version=1, facts=ComponentFacts(keeper="照明所", accuracy="A"))
    assert (changed.version, changed.keeper, changed.name) == (2, "照明所", "路灯")
    assert Event.objects.get(type="component.changed").data["before"] == {"keeper": "", "accuracy": ""}
    with pytest.raises(Conflict) as error:
        change_component(actor=clerk, at=MONDAY, component_id=it.id, seen_version=1, facts=ComponentFacts())
    assert error.value.extra["present"]["version"] == 2
    same = change_component(actor=clerk, at=MONDAY, component_id=it.id, seen_version=2, facts=ComponentFacts(keeper="照明所", accuracy="A"))
    assert same.version == 2 and events(it) == ["component.changed", "component.registered"]


@pytest.mark.django_db
def test_a_worker_reports_a_state_and_its_history_is_kept(world: World) -> None:
    it, case = lamp(world), new_id("310101", MONDAY)
    set_state(actor=world.actor("worker"), at=MONDAY + timedelta(hours=1), component_id=it.id, state="damaged", remark="灯罩碎了", case_id=case)
    set_state(actor=world.actor("acceptor"), at=MONDAY + timedelta(hours=5), component_id=it.id, state="intact")
    history = component_whole(actor=world.actor("worker"), component_id=it.id).conditions
    assert [(c.state, c.note) for c in history] == [("intact", ""), ("damaged", "灯罩碎了"), ("intact", "")]
    assert history[1].case_id == case and history[1].to_at == history[0].from_at and history[0].to_at is None
    assert Component.objects.get(id=it.id).version == 3


@pytest.mark.django_db
def test_states_that_are_refused(world: World) -> None:
    it, worker = lamp(world), world.actor("worker")
    for state in ("intact", "nope"):
        with pytest.raises(Invalid):
            set_state(actor=worker, at=MONDAY, component_id=it.id, state=state)
    with pytest.raises(Forbidden):
        set_state(actor=worker, at=MONDAY, component_id=it.id, state="removed")
    with pytest.raises(NotFound):
        set_state(actor=world.actor("second_worker"), at=MONDAY, component_id=it.id, state="damaged")
    with pytest.raises(Forbidden):
        set_state(actor=world.actor("analyst"), at=MONDAY, component_id=it.id, state="damaged")
    set_state(actor=world.actor("street_operator"), at=MONDAY, component_id=it.id, state="removed")
    with pytest.raises(Invalid):
        set_state(actor=world.actor("street_operator"), at=MONDAY, component_id=it.id, state="intact")
    with pytest.raises(Refused):
        move_component(actor=world.actor("street_operator"), at=MONDAY, component_id=it.id, seen_version=2, spot=spot(IN_A2))


@pytest.mark.django_db
def test_two_states_of_one_moment_keep_their_order(world: World) -> None:
    it = lamp(world)
    for state in ("damaged", "missing", "intact"):
        set_state(actor=SYSTEM, at=MONDAY - timedelta(days=1), component_id=it.id, state=state)
    rows = list(ComponentCondition.objects.filter(component_id=it.id).order_by("from_at"))
    assert len(rows) == 4 and sum(r.to_at is None for r in rows) == 1


@pytest.mark.django_db
def test_a_component_moves_into_another_grid_but_not_out_of_the_area(world: World) -> None:
    it, operator = lamp(world), world.actor("street_operator")
    moved = move_component(actor=operator, at=MONDAY, component_id=it.id, seen_version=1, spot=spot(IN_A2))
    assert (moved.place, moved.code, moved.version) == (A + "002", it.code, 2)
    with pytest.raises(Forbidden):
        move_component(actor=operator, at=MONDAY, component_id=it.id, seen_version=2, spot=spot(IN_FAR))
    assert Component.objects.get(id=it.id).place == A + "002"


@pytest.mark.django_db
def test_a_frontage_and_a_sign_belong_to_an_organisation(world: World) -> None:
    shop = register_organisation(actor=SYSTEM, at=MONDAY, facts=OrganisationFacts("面馆"), place=A + "001")
    sign = lamp(world, klass=SIGN, organisation_id=shop.id, attributes={"面积": "3"})
    lamp(world, klass=FRONTAGE, edition="本市部件", organisation_id=shop.id, attributes={"长度": "6"})
    assert component_whole(actor=world.actor("worker"), component_id=sign.id).organisation == shop
    found = component_page(actor=world.actor("worker"), wanted=ComponentFilter(organisation=shop.id)).items
    assert {c.klass.kind for c in found} == {"sign", "frontage"}


# -- lists and tiles


@pytest.fixture
def some(world: World) -> list[Component]:
    """Two lamps in A-001, one in A-002, one in B (damaged), a cover in B, and one lamp far away."""
    made = [lamp(world, owner="市政"), lamp(world, east=0.001), lamp(world, IN_A2), lamp(world, IN_B), lamp(world, IN_B, klass=COVER)]
    set_state(actor=SYSTEM, at=MONDAY, component_id=made[3].id, state="damaged")
    return [*made, lamp(world, IN_FAR, by="")]


@pytest.mark.django_db
def test_lists_by_place_class_state_owner_and_words_within_the_scope(world: World, some: list[Component]) -> None:
    def codes(by: str, **wanted: Any) -> list[str]:
        return [c.code for c in component_page(actor=world.actor(by), wanted=ComponentFilter(**wanted)).items]

    assert len(codes("acceptor")) == 5 and codes("acceptor") == sorted(codes("acceptor"))
    assert len(codes("worker")) == 2 and len(codes("far_worker")) == 1 and codes("system_admin") == []
    assert len(codes("acceptor", place=A)) == 3 and len(codes("acceptor", klass=(COVER,))) == 1 and len(codes("acceptor", klass=("01",))) == 5
    assert codes("acceptor", state=("damaged",)) == [some[3].code] and codes("acceptor", owner="市") == [some[0].code]
    assert len(codes("acceptor", q="路灯")) == 4 and codes("acceptor", q=some[1].code) == [some[1].code] and codes("acceptor", q="不存在") == []
    assert component_counts(actor=world.actor("acceptor"), wanted=ComponentFilter()) == {"intact": 4, "damaged": 1}
    set_state(actor=SYSTEM, at=MONDAY, component_id=some[0].id, state="removed")
    assert len(codes("acceptor")) == 4 and codes("acceptor", state=("removed",)) == [some[0].code]
    assert {k.code: n for k, n in component_classes(actor=world.actor("acceptor")) if n} == {LAMP: 3, COVER: 1}


@pytest.mark.django_db
def test_pages_go_on_where_the_last_one_ended(world: World, some: list[Component]) -> None:
    seen, after = [], None
    while True:
        page = component_page(actor=world.actor("acceptor"), wanted=ComponentFilter(), after=after, size=2)
        seen += [c.code for c in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == sorted(c.code for c in some[:5])


TILE = {"z": 13, "x": 6860, "y": 3347}


@pytest.mark.django_db
@pytest.mark.parametrize("gathered", [True, False])
def test_a_tile_shows_what_the_list_shows_and_loses_none(world: World, some: list[Component], gathered: bool) -> None:
    def count(by: str, **wanted: Any) -> int:
        whole = component_tile(actor=world.actor(by), wanted=ComponentFilter(**wanted), gathered=gathered, **TILE)
        return sum(f.get("n", 1) for f in features(whole, "clusters" if gathered else "components"))

    assert count("acceptor") == 5 and count("worker") == 2 and count("system_admin") == 0 and count("far_acceptor") == 0
    assert count("acceptor", klass=(COVER,)) == 1 and count("acceptor", state=("damaged",)) == 1 and count("acceptor", q="路灯") == 4


@pytest.mark.django_db
def test_cells_say_how_many_are_at_fault_and_what_a_single_one_is(world: World, some: list[Component]) -> None:
    found = features(component_tile(actor=world.actor("acceptor"), wanted=ComponentFilter(), **TILE), "clusters")
    in_b = next(f for f in found if f["n"] == 2)
    assert in_b["faulty"] == 1 and "klass" not in in_b and "id" not in in_b
    alone = next(f for f in found if f.get("id") == str(some[2].id))
    assert alone.items() >= {"n": 1, "faulty": 0, "klass": LAMP, "state": "intact"}.items()


@pytest.mark.django_db
def test_lists_and_tiles_take_one_statement(world: World, some: list[Component], django_assert_num_queries: Any) -> None:
    actor = world.actor("acceptor")
    with django_assert_num_queries(1):
        component_page(actor=actor, wanted=ComponentFilter(klass=("01",), q="路灯", place="310101"))
    with django_assert_num_queries(1):
        component_tile(actor=actor, wanted=ComponentFilter(klass=("01",)), **TILE)
    with django_assert_num_queries(3):
        component_whole(actor=actor, component_id=some[0].id)
