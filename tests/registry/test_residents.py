"""People come into the register, move, and leave: what each action does, and what it refuses."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Refused
from jingwei.registry.actions import (
    HouseholdWanted,
    Newcomer,
    change_household,
    change_resident,
    correct_residency,
    end_resident,
    move,
    move_in,
    move_out,
    register_resident,
    split_household,
    switch_off,
)
from jingwei.registry.models import Household, Residency, Resident, Room
from jingwei.registry.queries import household_whole, people_of_room, rooms_of_resident, whole_resident
from jingwei.registry.rules.numbers import check_digit
from tests.world import FAR, MONDAY, A, World

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def card(n: int, born: str = "19800101") -> str:
    """An identity number that nobody can have: no region begins with 99."""
    first = f"990101{born}{n:03d}"
    return first + check_digit(first)


FAMILY = [
    Newcomer({"name": "欧阳试一", "identity_number": card(1), "phone": "13800001234"}, relation="户主", tenure="owner"),
    Newcomer({"name": "王试二", "identity_number": card(2, "19820305")}, relation="配偶"),
    Newcomer({"name": "欧阳试三", "born": "2015-06", "sex": "男"}, relation="子"),
]


def family(world: World, where: Room, since: date = date(2024, 5, 1), **more: Any) -> list[UUID]:
    return move_in(actor=world.actor("station_clerk"), at=MONDAY, room_id=where.id, people=FAMILY, from_date=since, **more).residents


def everything() -> list[Any]:
    """All that stands in the tables of people, for "nothing has changed"."""
    return [sorted(map(str, model.objects.values_list())) for model in (Resident, Household, Residency)]


def refused(kind: type[Problem], do: Any, *, field: str = "", code: str = "") -> Problem:
    """`do` is refused so, and nothing has changed."""
    before, events = everything(), Event.objects.count()
    with pytest.raises(kind) as told:
        do()
    assert everything() == before and Event.objects.count() == events
    assert not field or field in [e.field for e in told.value.errors], told.value.errors
    assert not code or told.value.code == code
    return told.value


# -- moving in ------------------------------------------------------------------------------------------------------------------------------------


def test_a_family_is_registered_into_a_room_in_one_form(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    here = people_of_room(actor=world.actor("worker"), room_id=flats[0].id, on=TODAY)
    [home] = here.households
    assert [m.who.name for m in home.members] == ["欧阳试一", "王试二", "欧阳试三"]
    assert home.head_id == ids[0] and home.kind == "family"
    first = home.members[0].who
    assert (first.born, first.sex) == (date(1980, 1, 1), "1")  # the number tells them
    assert (first.identity_masked, first.phone_masked) == (f"9{'*' * 16}{card(1)[-1]}", "138****1234")
    assert [m.stay.relation for m in home.members] == ["02", "10", "20"]
    assert {e.type for e in Event.objects.filter(subject_id=ids[0])} == {"resident.registered", "resident.moved_in"}


def test_what_is_written_is_sealed(world: World, flats: list[Room]) -> None:
    row = Resident.objects.get(id=family(world, flats[0])[0])
    kept = b"".join(bytes(v) for v in (row.name_sealed, row.identity_sealed, row.phone_sealed) if v)
    assert "欧阳".encode() not in kept and card(1).encode() not in kept and b"13800001234" not in kept
    written = str(list(Event.objects.values_list("data", "subject_key")))
    assert "欧阳" not in written and card(1) not in written


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"people": []}, "people"),
        ({"people": [Newcomer({"name": ""})]}, "people.0.name"),
        ({"people": [Newcomer({"name": "王试", "identity_number": card(1)[:-1] + "?"})]}, "people.0.identity_number"),
        ({"people": [Newcomer({"name": "王试", "identity_number": "99010119801301001" + check_digit("99010119801301001")})]}, "people.0.identity_number"),
        ({"people": [Newcomer({"name": "王试", "phone": "1"})]}, "people.0.phone"),
        ({"people": [Newcomer({"name": "王试"}, relation="邻居")]}, "people.0.relation"),
        ({"people": [Newcomer({"name": "王试"}, tenure="squatter")]}, "people.0.tenure"),
        ({"people": [Newcomer({"name": "王试"}, relation="户主"), Newcomer({"name": "李试"}, relation="02")]}, "people.1.relation"),
        ({"people": [FAMILY[1], FAMILY[1]]}, "people.1.identity_number"),
        ({"people": [Newcomer({"name": "王试", "faith": "x"})]}, "people.0.faith"),
        ({"from_date": date(2026, 11, 17)}, "from_date"),
        ({"from_date": date(1979, 1, 1)}, "from_date"),
        ({"kind": "for ever"}, "kind"),
        ({"household": HouseholdWanted(kind="crew")}, "household.kind"),
    ],
)
def test_a_wrong_form_names_its_field(world: World, flats: list[Room], change: dict[str, Any], field: str) -> None:
    form: dict[str, Any] = {"people": FAMILY, "from_date": date(2024, 5, 1)}
    refused(Invalid, lambda: move_in(actor=world.actor("worker"), at=MONDAY, room_id=flats[0].id, **form | change), field=field)


def test_rooms_that_are_not_there_or_not_ones_own(world: World, flats: list[Room]) -> None:
    def into(who: str, room_id: UUID) -> Any:
        return lambda: move_in(actor=world.actor(who), at=MONDAY, room_id=room_id, people=FAMILY, from_date=TODAY)

    refused(NotFound, into("worker", uuid4()))
    refused(NotFound, into("worker", flats[3].id))  # another district
    refused(NotFound, into("worker", flats[2].id))  # another grid
    refused(Forbidden, into("acceptor", flats[0].id))  # sees the room, and no people
    Room.objects.filter(id=flats[1].id).update(ended_date=TODAY)
    refused(Refused, into("worker", flats[1].id), code="room_ended")


def test_a_known_number_is_refused_with_the_record_that_is_there(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    again = [Newcomer({"name": "另一人", "identity_number": card(1).lower()})]
    told = refused(
        Conflict,
        lambda: move_in(actor=world.actor("worker"), at=MONDAY, room_id=flats[1].id, people=again, from_date=TODAY),
        field="people.0.identity_number",
        code="already_registered",
    )
    assert told.extra["present"] == {"id": str(ids[0])}


def test_a_number_known_elsewhere_says_no_more_than_that(world: World, flats: list[Room]) -> None:
    family(world, flats[0])
    again = [Newcomer({"name": "欧阳试一", "identity_number": card(1)})]
    told = refused(
        Conflict,
        lambda: move_in(actor=world.actor("far_worker"), at=MONDAY, room_id=flats[3].id, people=again, from_date=TODAY),
        code="registered_elsewhere",
    )
    assert "present" not in told.extra


def test_who_has_moved_out_elsewhere_is_taken_over_by_number_and_name(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    keeper = world.actor("street_operator")
    # The street's keeper sees all of its rooms; somebody of another district does not, and stands for "elsewhere".
    far = SYSTEM.__class__(id=999, name="远", held=tuple(h.__class__(h.role, FAR, h.unit_id, h.unit_path) for h in keeper.held))

    def claim(name: str) -> Any:
        who = Newcomer({"name": name, "identity_number": card(1)}, claim=True)
        return lambda: move_in(actor=far, at=MONDAY, room_id=flats[3].id, people=[who], from_date=TODAY)

    refused(Invalid, claim("欧阳试一"), field="people.0.identity_number")  # still lives there
    move_out(actor=SYSTEM, at=MONDAY, room_id=flats[0].id, residents={ids[0]: None}, on=date(2026, 11, 1))
    refused(Invalid, claim("别的名字"), field="people.0.identity_number")
    assert claim("欧阳试一")().residents == [ids[0]]
    assert Resident.objects.get(id=ids[0]).place == FAR + "001"
    with pytest.raises(NotFound):
        whole_resident(actor=world.actor("station_clerk"), resident_id=ids[0])


def test_nobody_has_two_permanent_rooms(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    again = [Newcomer(resident_id=ids[0])]

    def into_the_next(**more: Any) -> Any:
        return lambda: move_in(actor=world.actor("worker"), at=MONDAY, room_id=flats[1].id, people=again, from_date=TODAY, **more)

    told = refused(Invalid, into_the_next(), field="people.0.resident_id", code="two_permanent_rooms")
    assert "延安路18号1单元101室" in told.errors[0].message.zh
    into_the_next(kind="temporary")()
    assert len(rooms_of_resident(actor=world.actor("worker"), resident_id=ids[0])) == 2


def test_the_same_key_registers_a_family_once(world: World, flats: list[Room]) -> None:
    first = family(world, flats[0], command="k1")
    second = move_in(actor=world.actor("station_clerk"), at=MONDAY, room_id=flats[0].id, people=FAMILY, from_date=TODAY, command="k1")
    assert second.repeated and second.residents == first and Resident.objects.count() == 3


def test_a_field_that_is_off_is_neither_written_nor_shown(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("resident", "phone")])
    who = Newcomer({"name": "王试四", "phone": "13800001234"})
    refused(
        Refused,
        lambda: move_in(actor=world.actor("worker"), at=MONDAY, room_id=flats[1].id, people=[who], from_date=TODAY),
        field="people.0.phone",
        code="field_off",
    )
    assert whole_resident(actor=world.actor("worker"), resident_id=ids[0]).who.phone_masked == ""


def test_somebody_may_be_registered_without_a_room(world: World) -> None:
    row = register_resident(actor=world.actor("worker"), at=MONDAY, place=A + "001", facts={"name": "王试五"})
    assert whole_resident(actor=world.actor("worker"), resident_id=row.id).present == []
    refused(Invalid, lambda: register_resident(actor=world.actor("worker"), at=MONDAY, place=A + "002", facts={"name": "王试六"}), field="place")


# -- moving ---------------------------------------------------------------------------------------------------------------------------------------


def test_a_household_moves_together(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0], household=HouseholdWanted(number="A18"))
    clerk = world.actor("station_clerk")
    move(actor=clerk, at=MONDAY, residents=dict.fromkeys(ids), from_room=flats[0].id, room_id=flats[2].id, on=date(2026, 6, 1))
    left, there = (people_of_room(actor=clerk, room_id=r.id, on=TODAY) for r in (flats[0], flats[2]))
    assert left.households == [] and [m.who.id for m in left.former] != []
    [home] = there.households
    assert [m.who.id for m in home.members] == ids and (home.number, home.head_id) == ("A18", ids[0])
    assert [m.stay.relation for m in home.members] == ["02", "10", "20"]
    assert {r.place for r in Resident.objects.all()} == {A + "002"}
    before = people_of_room(actor=clerk, room_id=flats[0].id, on=date(2026, 5, 31))
    assert [m.who.id for h in before.households for m in h.members] == ids
    assert [h.to_date for h in before.households] == [date(2026, 6, 1)]  # the old household ended with its last member
    assert people_of_room(actor=clerk, room_id=flats[0].id, on=date(2024, 4, 30)).households == []


def test_one_moves_out_and_the_others_stay(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    move_out(actor=clerk, at=MONDAY, room_id=flats[0].id, residents={ids[0]: 1}, on=date(2026, 6, 1))
    [home] = people_of_room(actor=clerk, room_id=flats[0].id, on=TODAY).households
    assert [m.who.id for m in home.members] == ids[1:] and home.head_id is None
    change_household(actor=clerk, at=MONDAY, household_id=home.id, seen_version=home.version, head=ids[1])
    assert household_whole(actor=clerk, household_id=home.id).head_id == ids[1]
    row = Resident.objects.get(id=ids[0])
    assert (row.place, row.version) == (A + "001", 2)


@pytest.mark.parametrize("on", [date(2024, 5, 1), date(2020, 1, 1), TODAY + timedelta(days=1)])
def test_a_day_that_can_not_be(world: World, flats: list[Room], on: date) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    refused(Invalid, lambda: move_out(actor=clerk, at=MONDAY, room_id=flats[0].id, residents={ids[0]: None}, on=on), field="on")
    refused(Invalid, lambda: move(actor=clerk, at=MONDAY, residents={ids[0]: None}, from_room=flats[0].id, room_id=flats[1].id, on=on), field="on")


def test_a_move_that_can_not_be(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")

    def moved(**change: Any) -> Any:
        form: dict[str, Any] = {"residents": {ids[0]: None}, "from_room": flats[0].id, "room_id": flats[1].id, "on": date(2026, 6, 1)}
        return lambda: move(actor=clerk, at=MONDAY, **form | change)

    refused(Invalid, moved(room_id=uuid4()), field="room_id")
    refused(Invalid, moved(room_id=flats[3].id), field="room_id")
    refused(Invalid, moved(room_id=flats[0].id), field="room_id")
    refused(Invalid, moved(from_room=flats[1].id, room_id=flats[2].id), field="residents")
    refused(Conflict, moved(residents={ids[0]: 7}), code="stale_version")
    refused(NotFound, moved(residents={uuid4(): None}))


def test_a_wrong_day_is_put_right_and_that_is_said(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    stay = Residency.objects.get(resident_id=ids[0])

    def correct(**said: Any) -> Any:
        return lambda: correct_residency(actor=clerk, at=MONDAY, residency_id=stay.id, seen_version=1, **said)

    refused(Invalid, correct(from_date=date(1979, 1, 1)), field="from_date")
    refused(Invalid, correct(to_date=date(2026, 1, 1)), field="to_date")  # that is moving out
    refused(Invalid, correct(said_relation="邻居"), field="relation")
    correct(from_date=date(2023, 1, 1))()
    assert Residency.objects.get(id=stay.id).period.lower == date(2023, 1, 1)
    told = Event.objects.get(type="resident.residency_corrected").data
    assert told["before"] == {"from": "2024-05-01"} and told["after"] == {"from": "2023-01-01"}
    refused(Conflict, correct(from_date=date(2022, 1, 1)), code="stale_version")


def test_a_correction_does_not_make_two_permanent_rooms(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    move(actor=clerk, at=MONDAY, residents={ids[2]: None}, from_room=flats[0].id, room_id=flats[1].id, on=date(2026, 6, 1))
    late = Residency.objects.get(resident_id=ids[2], room_id=flats[1].id)
    refused(
        Invalid,
        lambda: correct_residency(actor=clerk, at=MONDAY, residency_id=late.id, seen_version=1, from_date=date(2026, 5, 1)),
        field="from_date",
        code="two_permanent_rooms",
    )


def test_a_residency_that_never_was_is_struck_out(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    stay = Residency.objects.get(resident_id=ids[2])
    refused(
        Forbidden,
        lambda: correct_residency(actor=world.actor("worker"), at=MONDAY, residency_id=stay.id, seen_version=1, mistaken=True),
    )
    clerk = world.actor("station_clerk")
    correct_residency(actor=clerk, at=MONDAY, residency_id=stay.id, seen_version=1, mistaken=True)
    assert [m.who.id for h in people_of_room(actor=clerk, room_id=flats[0].id, on=date(2025, 1, 1)).households for m in h.members] == ids[:2]
    move_in(actor=clerk, at=MONDAY, room_id=flats[1].id, people=[Newcomer(resident_id=ids[2])], from_date=date(2025, 1, 1))
    refused(Refused, lambda: correct_residency(actor=clerk, at=MONDAY, residency_id=stay.id, seen_version=2, from_date=TODAY), code="struck_out")


def test_a_registration_ends(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")

    def end(**change: Any) -> Any:
        form: dict[str, Any] = {"resident_id": ids[0], "seen_version": 1, "reason": "died", "on": date(2026, 10, 1)}
        return lambda: end_resident(actor=clerk, at=MONDAY, **form | change)

    refused(Invalid, end(reason="key person"), field="reason")
    refused(Invalid, end(on=TODAY + timedelta(days=1)), field="on")
    end()()
    row = Resident.objects.get(id=ids[0])
    assert (row.ended_date, row.end_reason) == (date(2026, 10, 1), "died")
    assert Residency.objects.get(resident_id=ids[0]).period.upper == date(2026, 10, 1)
    refused(Refused, end(seen_version=2), code="resident_ended")
    back = [Newcomer(resident_id=ids[0])]
    refused(Refused, lambda: move_in(actor=clerk, at=MONDAY, room_id=flats[1].id, people=back, from_date=TODAY), code="resident_ended")
    end_resident(actor=clerk, at=MONDAY, resident_id=ids[1], seen_version=1, reason="left", on=date(2026, 10, 1))
    move_in(actor=clerk, at=MONDAY, room_id=flats[1].id, people=[Newcomer(resident_id=ids[1])], from_date=TODAY)
    assert Resident.objects.get(id=ids[1]).ended_date is None


def test_a_household_is_split(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    home = Household.objects.get()

    def split(**change: Any) -> Any:
        form: dict[str, Any] = {"household_id": home.id, "seen_version": 1, "residents": ids[1:], "head": ids[1]}
        return lambda: split_household(actor=clerk, at=MONDAY, **form | change)

    refused(Invalid, split(residents=ids, head=ids[0]), field="residents")
    refused(Invalid, split(head=ids[0]), field="head")
    refused(Invalid, split(residents=[uuid4()]), field="residents")
    new = split()()
    now = people_of_room(actor=clerk, room_id=flats[0].id, on=TODAY)
    assert {h.id: [m.who.id for m in h.members] for h in now.households} == {home.id: ids[:1], new.id: ids[1:]}
    earlier = people_of_room(actor=clerk, room_id=flats[0].id, on=TODAY - timedelta(days=1))
    assert {h.id: [m.who.id for m in h.members] for h in earlier.households} == {home.id: ids}


# -- changing -------------------------------------------------------------------------------------------------------------------------------------


def test_facts_change_and_the_record_says_which(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    change_resident(actor=clerk, at=MONDAY, resident_id=ids[2], seen_version=1, facts={"name": "欧阳改三", "identity_number": card(3, "20150701")})
    who = whole_resident(actor=clerk, resident_id=ids[2]).who
    assert (who.name, who.born, who.sex, who.version) == ("欧阳改三", date(2015, 7, 1), "1", 2)
    told = Event.objects.get(type="resident.changed").data
    assert told["fields"] == ["born", "identity", "identity_kind", "name"] and "欧阳" not in str(told)
    refused(
        Conflict,
        lambda: change_resident(actor=clerk, at=MONDAY, resident_id=ids[2], seen_version=2, facts={"identity_number": card(1)}),
        code="already_registered",
    )
    refused(Invalid, lambda: change_resident(actor=clerk, at=MONDAY, resident_id=ids[2], seen_version=2, facts={"born": "2001-01"}), field="born")
    refused(Conflict, lambda: change_resident(actor=clerk, at=MONDAY, resident_id=ids[2], seen_version=1, facts={"phone": ""}), code="stale_version")


def test_nothing_changed_is_not_recorded(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    row = change_resident(actor=world.actor("worker"), at=MONDAY, resident_id=ids[0], seen_version=1, facts={"name": "欧阳试一", "phone": "138-0000-1234"})
    assert row.version == 1 and not Event.objects.filter(type="resident.changed").exists()


def test_times_are_the_citys(world: World, flats: list[Room]) -> None:
    """At 23:30 in Shanghai it is still today there, though the day has ended elsewhere."""
    late = datetime.combine(TODAY, datetime.min.time(), MONDAY.tzinfo) + timedelta(hours=23, minutes=30)
    assert move_in(actor=world.actor("worker"), at=late, room_id=flats[0].id, people=FAMILY[:1], from_date=TODAY).residents
