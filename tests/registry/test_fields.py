"""The field dictionary: nothing is on before everything is said of it; what is off is neither written nor shown; some things can be no field at all."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.kit.text import T
from jingwei.registry import models
from jingwei.registry.actions import Description, define_field, describe_field, load_fields, switch_off, switch_on
from jingwei.registry.models import Field
from jingwei.registry.queries import dictionary, fields_on, own_fields, read_more, require_on, shown
from jingwei.registry.rules.fields import MAY_HAVE_OWN, NEEDED, THINGS, FieldValue, WrongValue, missing, read_dictionary, read_value
from jingwei.registry.rules.forbidden import forbidden
from tests.world import FIELDS, MONDAY, World

pytestmark = pytest.mark.django_db
AT = MONDAY + timedelta(hours=1)
SAID = Description("宠物犬", "Dogs", "centre", "犬只登记上门服务", "本市养犬条例第九条", 12, "closed", "本市标准")


@pytest.fixture
def empty(world: World) -> World:
    """A city without a dictionary."""
    Field.objects.all().delete()
    return world


def shipped() -> str:
    return FIELDS.read_text("utf-8")


def refused(problem: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {e.field for e in problem.value.errors}


# What ships

# Columns that are the table's own bookkeeping, or follow from others; and those that the dictionary calls otherwise.
BOOKKEEPING = frozenset(
    {"id", "pk", "district", "place", "import_id", "version", "words", "point", "crs", "more", "grams"}
    | {"merged_into", "address_key", "state_from", "period", "source", "source_id", "erased_date", "predecessors", "previous"}
)
CALLED = {
    "given": "geometry",
    "number_from": "number",
    "number_to": "number",
    "term": "from_date",
    "scan_sha256": "scan",
    "scan_mime": "scan",
    "scan_name": "scan",
}


@pytest.mark.parametrize("thing", THINGS)
def test_the_dictionary_has_every_column_that_can_be_written(thing: str) -> None:
    """A new column of a thing without a line here is on no list of what is recorded, and this fails."""
    fields = {row.field.name for row in read_dictionary(shipped()) if row.field.thing == thing}
    model = {"premises": models.Premises}.get(thing) or getattr(models, thing.capitalize())
    columns = set()
    for column in model._meta.get_fields():
        name = column.name.removesuffix("_sealed").removesuffix("_index").removesuffix("_id") if column.concrete else ""
        if name and name not in BOOKKEEPING and column.name not in BOOKKEEPING:
            columns.add(CALLED.get(column.name, name))
    columns -= {"residency": {"resident"}, "room": {"building"}}.get(thing, set())  # whose it is, where it is: without that it is nothing
    assert columns - fields == set()


def test_every_line_that_ships_is_sound_and_personal_ones_end() -> None:
    rows = read_dictionary(shipped())
    assert len(rows) > 80 and not [row for row in rows if row.faults]
    for row in rows:
        assert not forbidden(row.field.name, *row.field.title, thing=row.field.thing)
        assert set(missing(row.field)) <= {"owner", "legal_basis"}
        assert not row.field.personal or (row.field.retention_months or 0) > 0


def test_about_people_everything_is_personal() -> None:
    assert all(row.field.personal for row in read_dictionary(shipped()) if row.field.thing in ("resident", "household", "residency"))


# Loading


def test_without_an_owner_no_field_can_be_on(empty: World) -> None:
    report = load_fields(actor=SYSTEM, at=AT, text=shipped())
    assert report.added > 80 and not report.refused
    with pytest.raises(Refused) as problem:
        switch_on(actor=SYSTEM, at=AT, fields=[("room", "number"), ("room", "use")])
    assert refused(problem) == {"room.number.owner", "room.use.owner"}
    assert fields_on("room") == frozenset()


def test_a_field_without_a_basis_stays_off_until_the_city_names_its_own(empty: World) -> None:
    load_fields(actor=SYSTEM, at=AT, text=shipped(), owner="centre")
    with pytest.raises(Refused) as problem:
        switch_on(actor=SYSTEM, at=AT, fields=[("resident", "name"), ("resident", "phone")])
    assert refused(problem) == {"resident.phone.legal_basis"}
    assert not Field.objects.filter(is_on=True).exists(), "all or none"


def test_loading_again_changes_nothing_and_keeps_what_the_city_has_described(empty: World) -> None:
    load_fields(actor=SYSTEM, at=AT, text=shipped(), owner="centre")
    Field.objects.filter(thing="resident", name="phone").update(legal_basis="本市条例", retention_months=6)
    again = load_fields(actor=SYSTEM, at=AT, text=shipped(), owner="street")
    assert (again.added, again.changed) == (0, 0)
    phone = Field.objects.get(thing="resident", name="phone")
    assert (phone.legal_basis, phone.retention_months, phone.owner.code) == ("本市条例", 6, "centre")


def test_lines_that_are_wrong_are_refused_and_the_rest_goes_in(empty: World) -> None:
    head = "thing,name,title,title_en,type,personal,purpose,legal_basis,retention_months,sharing,standard\n"
    lines = ["room,a,甲,A,text,no,x,x,0,open,x", "resident,nation,民族,Nation,text,yes,x,x,1,open,x", "moon,a,甲,A,text,no,x,x,0,open,x"]
    lines += ["room,a,甲,A,text,no,x,x,0,open,x", "room,b,乙,B,text,no,x,x,minus,open,x", "room,c,丙,C,blob,no,x,x,0,open,x"]
    report = load_fields(actor=SYSTEM, at=AT, text="# edition: 1\n" + head + "\n".join(lines), owner="centre")
    assert (report.added, [line for line, _ in report.refused]) == (1, [4, 5, 6, 7, 8])
    with pytest.raises(Invalid):
        load_fields(actor=SYSTEM, at=AT, text="a,b\n1,2")
    with pytest.raises(Invalid):
        load_fields(actor=SYSTEM, at=AT, text=shipped(), owner="nobody")


def test_the_command(empty: World) -> None:
    said = StringIO()
    call_command("load_fields", owner="centre", switch_on=True, stdout=said)
    assert "on" in said.getvalue() and fields_on("room") and not fields_on("resident"), "personal fields are not switched on from a shell"
    with pytest.raises(CommandError, match="no unit"):
        call_command("load_fields", owner="nobody", stdout=said)


# Who


def test_who_describes_and_who_switches_on_are_two(world: World) -> None:
    system, security = world.actor("system_admin"), world.actor("security_admin")
    phone = dictionary().of("resident")["phone"]
    said = Description("手机", "Mobile", "centre", "应急联络", "本市条例第三条", 6, "closed", "GB/T 31000-2015")
    with pytest.raises(Forbidden):
        describe_field(actor=security, at=AT, thing="resident", name="phone", seen_version=phone.version, said=said)
    described = describe_field(actor=system, at=AT, thing="resident", name="phone", seen_version=phone.version, said=said)
    assert not described.is_on and described.version == phone.version + 1, "another purpose: it is switched on anew"
    with pytest.raises(Forbidden):
        switch_on(actor=system, at=AT, fields=[("resident", "phone")])
    assert switch_on(actor=security, at=AT, fields=[("resident", "phone")])[0].is_on
    kinds = Event.objects.filter(subject_key="resident.phone", at=AT).values_list("type", flat=True)
    assert set(kinds) == {"field.described", "field.switched_on"}


def test_the_one_who_has_described_it_does_not_switch_it_on_in_another_office(world: World) -> None:
    """Offices change hands: yesterday's system administrator may be today's security administrator."""
    Field.objects.filter(thing="resident", name="phone").update(is_on=False, described_by=world.people["security_admin"].pk)
    with pytest.raises(Forbidden) as problem:
        switch_on(actor=world.actor("security_admin"), at=AT, fields=[("resident", "phone")])
    assert problem.value.code == "four_eyes"


@pytest.mark.parametrize("who", ["worker", "registrar", "street_operator", "audit_admin", "analyst"])
def test_nobody_else_touches_the_dictionary(world: World, who: str) -> None:
    actor = world.actor(who) if who in world.people else Actor(1, "x", ())
    for attempt in (
        lambda: define_field(actor=actor, at=AT, thing="resident", name="dogs", type="number", said=SAID, personal=True),
        lambda: describe_field(actor=actor, at=AT, thing="room", name="use", seen_version=2, said=SAID),
        lambda: switch_on(actor=actor, at=AT, fields=[("room", "use")]),
        lambda: switch_off(actor=actor, at=AT, fields=[("room", "use")]),
        lambda: load_fields(actor=actor, at=AT, text=shipped()),
    ):
        with pytest.raises(Forbidden):
            attempt()


# Describing


def test_a_field_that_is_on_must_stay_fully_said(world: World) -> None:
    use = dictionary().of("room")["use"]
    with pytest.raises(Refused) as problem:
        describe_field(actor=SYSTEM, at=AT, thing="room", name="use", seen_version=use.version, said=Description("用途", owner="centre"))
    assert {"purpose", "legal_basis", "sharing", "standard", "retention_months"} <= refused(problem)
    with pytest.raises(Conflict) as conflict:
        describe_field(actor=SYSTEM, at=AT, thing="room", name="use", seen_version=use.version - 1, said=SAID)
    assert conflict.value.extra["present"]["version"] == use.version
    with pytest.raises(NotFound):
        describe_field(actor=SYSTEM, at=AT, thing="room", name="nothing", seen_version=1, said=SAID)


def test_the_database_itself_holds_the_rule(world: World) -> None:
    for change in (
        {"purpose": ""},
        {"owner": None},
        {"legal_basis": ""},
        {"retention_months": None},
        {"standard": ""},
        {"sharing": ""},
        {"retention_months": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Field.objects.filter(thing="resident", name="phone").update(**change)


def test_a_title_can_not_bring_in_what_is_never_recorded(world: World) -> None:
    home = dictionary().of("resident")["home_place"]
    with pytest.raises(Invalid) as problem:
        describe_field(actor=SYSTEM, at=AT, thing="resident", name="home_place", seen_version=home.version, said=Description("民族"))
    assert problem.value.errors[0].field == "title"


# A city's own fields


def test_an_own_field_is_defined_switched_on_written_and_shown(world: World) -> None:
    define_field(actor=world.actor("system_admin"), at=AT, thing="resident", name="dogs", type="number", said=SAID, personal=True)
    with pytest.raises(Refused):
        read_more("resident", {"dogs": "2"})
    switch_on(actor=world.actor("security_admin"), at=AT, fields=[("resident", "dogs")])
    assert [field.name for field in own_fields("resident")] == ["dogs"]
    assert read_more("resident", {"dogs": "2"}) == {"dogs": 2} and read_more("resident", {"dogs": " "}) == {}
    with pytest.raises(Invalid) as problem:
        read_more("resident", {"dogs": "zwei"})
    assert problem.value.errors[0].field == "more.dogs"
    record = {"id": 1, "name": "张三", "more": {"dogs": 2, "gone": "x"}}
    assert shown("resident", record) == {"id": 1, "name": "张三", "more": {"dogs": 2}}


@pytest.mark.parametrize(
    ("thing", "name", "title", "type", "personal", "part"),
    [
        ("resident", "minzu", "民族", "text", True, "name"),
        ("resident", "kind2", "重点人员类型", "text", True, "title"),
        ("resident", "x", "Religion", "text", True, "title"),
        ("room", "alone", "独居老人", "yes_no", False, "title"),
        ("resident", "dogs", "宠物犬", "number", False, "personal"),
        ("residency", "dogs", "宠物犬", "number", True, "thing"),
        ("resident", "Dogs", "宠物犬", "number", True, "name"),
        ("resident", "dogs", "宠物犬", "sealed", True, "type"),
        ("resident", "dogs", "宠物犬", "choice", True, "choices"),
        ("resident", "phone", "电话", "text", True, "name"),
    ],
)
def test_what_can_not_be_defined(world: World, thing: str, name: str, title: str, type: str, personal: bool, part: str) -> None:
    before = Field.objects.count()
    with pytest.raises(Invalid) as problem:
        define_field(actor=SYSTEM, at=AT, thing=thing, name=name, type=type, said=Description(title), personal=personal)
    assert part in {e.field for e in problem.value.errors} and Field.objects.count() == before


def test_a_choice_can_not_smuggle_it_in_either(world: World) -> None:
    with pytest.raises(Invalid) as problem:
        define_field(
            actor=SYSTEM, at=AT, thing="resident", name="kind2", type="choice", said=SAID, personal=True, choices=[("a", "汉族", ""), ("b", "低保户", "")]
        )
    assert {e.field for e in problem.value.errors} == {"choices"}


CHOICE = FieldValue("room", "x", T("甲", "A"), type="choice", choices=(("a", T("好", "good")), ("b", T("坏", "bad"))))


@pytest.mark.parametrize(
    ("type", "given", "kept"),
    [
        ("text", " 甲 ", "甲"),
        ("number", "3", 3),
        ("number", 2.5, 2.5),
        ("date", "2026-02-28", "2026-02-28"),
        ("yes_no", "是", True),
        ("yes_no", "no", False),
        ("choice", "good", "a"),
        ("choice", "b", "b"),
        ("text", "", None),
    ],
)
def test_values_of_own_fields(type: str, given: object, kept: object) -> None:
    assert read_value(CHOICE if type == "choice" else FieldValue("room", "x", T("甲", "A"), type=type), given) == kept


@pytest.mark.parametrize(
    ("type", "given"),
    [("number", "1e999"), ("number", "NaN"), ("number", True), ("date", "2026-02-30"), ("yes_no", "maybe"), ("choice", "c"), ("text", "x" * 501), ("text", 5)],
)
def test_values_that_an_own_field_can_not_hold(type: str, given: object) -> None:
    with pytest.raises(WrongValue):
        read_value(CHOICE if type == "choice" else FieldValue("room", "x", T("甲", "A"), type=type), given)


# Off


def test_what_is_off_is_neither_written_nor_shown(world: World) -> None:
    switch_off(actor=world.actor("system_admin"), at=AT, fields=[("resident", "phone")])
    with pytest.raises(Refused) as problem:
        require_on("resident", ["name", "phone"])
    assert refused(problem) == {"phone"} and "联系电话" in problem.value.errors[0].message.zh
    assert shown("resident", {"name": "张三", "phone": "1", "version": 3}) == {"name": "张三", "version": 3}


def test_without_what_it_needs_nothing_is_registered(world: World) -> None:
    switch_off(actor=world.actor("security_admin"), at=AT, fields=[("resident", "name")])
    require_on("resident", ["phone"])
    with pytest.raises(Refused) as problem:
        require_on("resident", ["phone"], new=True)
    assert refused(problem) == {"name"}


def test_the_snapshot_costs_one_statement(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    fields_on("resident")
    with django_assert_num_queries(1):
        fields_on("resident")


def test_what_is_needed_and_where_own_fields_stand_is_in_the_tables() -> None:
    names = {(row.field.thing, row.field.name) for row in read_dictionary(shipped())}
    assert {(thing, name) for thing, needed in NEEDED.items() for name in needed} <= names
    for thing in THINGS:
        model = {"premises": models.Premises}.get(thing) or getattr(models, thing.capitalize())
        assert (thing in MAY_HAVE_OWN) == any(f.name == "more" for f in model._meta.get_fields())
