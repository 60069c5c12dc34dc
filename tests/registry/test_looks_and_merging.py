"""Two records of one person; and who looked at a person's data."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import (
    Newcomer,
    link_looks,
    merge_residents,
    move,
    move_in,
    move_out,
    record_reading,
    switch_off,
    unmask,
    unmerge_residents,
)
from jingwei.registry.models import Resident, Room
from jingwei.registry.queries import ResidentFilter, looks_of_ticket, looks_page, people_of_room, residents_page, residents_search, whole_resident
from tests.registry.test_residents import TODAY, card, everything, family, refused
from tests.world import FAR, MONDAY, A, World

pytestmark = pytest.mark.django_db


def alone(world: World, where: Room, since: date, **facts: str) -> UUID:
    """One more record, of somebody without a number."""
    return move_in(actor=SYSTEM, at=MONDAY, room_id=where.id, people=[Newcomer({"name": "欧阳试一"} | facts)], from_date=since).residents[0]


def merge(world: World, kept: UUID, other: UUID, who: str = "station_clerk", versions: tuple[int, int] | None = None) -> Any:
    rows = {r.id: r.version for r in Resident.objects.filter(id__in=[kept, other])}
    mine, theirs = versions or (rows.get(kept, 1), rows.get(other, 1))
    return merge_residents(actor=world.actor(who), at=MONDAY, kept=kept, kept_version=mine, other=other, other_version=theirs)


# -- merging --------------------------------------------------------------------------------------------------------------------------------------


def test_two_records_are_read_as_one(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = alone(world, flats[2], date(2020, 1, 1))
    move_out(actor=SYSTEM, at=MONDAY, room_id=flats[2].id, residents={other: None}, on=date(2024, 1, 1))
    merge(world, ids[0], other)
    clerk = world.actor("station_clerk")
    whole = whole_resident(actor=clerk, resident_id=other)
    assert whole.who.id == ids[0] and [m.id for m in whole.merged] == [other]
    assert [s.from_date for s in whole.present + whole.former] == [date(2024, 5, 1), date(2020, 1, 1)]
    [line] = residents_search(actor=clerk, text="欧阳试一").items
    assert line.who.id == ids[0]
    earlier = people_of_room(actor=clerk, room_id=flats[2].id, on=date(2023, 1, 1))
    assert [m.who.id for h in earlier.households for m in h.members] == [ids[0]]


def test_unmerging_is_exact(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = alone(world, flats[2], date(2020, 1, 1))
    move_out(actor=SYSTEM, at=MONDAY, room_id=flats[2].id, residents={other: None}, on=date(2024, 1, 1))

    def facts() -> list[Any]:
        return [list(Resident.objects.order_by("id").values("id", "place", "name_sealed", "identity_index", "merged_into", "ended_date")), everything()[1:]]

    before = facts()
    merge(world, ids[0], other)
    assert facts() != before
    unmerge_residents(actor=world.actor("station_clerk"), at=MONDAY, other=other, seen_version=Resident.objects.get(id=other).version)
    assert facts() == before
    assert [e.type for e in Event.objects.filter(subject_id=other, type__startswith="resident.un").order_by("id")] == ["resident.unmerged"]


def test_two_permanent_rooms_at_once_are_not_merged(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = alone(world, flats[2], date(2020, 1, 1))
    told = refused(Refused, lambda: merge(world, ids[0], other), code="permanent_overlap")
    assert "18号" in told.message.zh and "20号" in told.message.zh


def test_two_identity_cards_are_two_persons(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    refused(Refused, lambda: merge(world, ids[0], ids[1]), code="different_people")


def test_who_may_not_merge_and_what(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = register(world)
    refused(Forbidden, lambda: merge(world, ids[0], other, "worker"))
    refused(NotFound, lambda: merge(world, ids[0], uuid4()))
    refused(Invalid, lambda: merge(world, ids[0], ids[0]), field="other")
    refused(Conflict, lambda: merge(world, ids[0], other, versions=(1, 9)), code="stale_version")
    refused(Refused, lambda: unmerge_residents(actor=world.actor("station_clerk"), at=MONDAY, other=other, seen_version=1), code="not_merged")
    merge(world, ids[0], other)
    refused(Refused, lambda: merge(world, ids[1], other), code="merged")
    with pytest.raises(Refused, match="merged"):
        move_in(actor=SYSTEM, at=MONDAY, room_id=flats[1].id, people=[Newcomer(resident_id=other)], from_date=TODAY)


def register(world: World) -> UUID:
    from jingwei.registry.actions import register_resident

    return register_resident(actor=world.actor("worker"), at=MONDAY, place=A + "001", facts={"name": "欧阳试一"}).id


def test_a_merged_person_still_has_one_permanent_room(world: World, flats: list[Room]) -> None:
    """The other record's residency counts as the person's own."""
    other = alone(world, flats[0], date(2020, 1, 1))
    kept = register(world)
    merge(world, kept, other)
    assert Resident.objects.get(id=kept).place == A + "001"
    refused(
        Invalid,
        lambda: move_in(actor=SYSTEM, at=MONDAY, room_id=flats[1].id, people=[Newcomer(resident_id=kept)], from_date=TODAY),
        code="two_permanent_rooms",
    )
    move(actor=SYSTEM, at=MONDAY, residents={kept: None}, from_room=flats[0].id, room_id=flats[2].id, on=date(2026, 1, 1))
    assert Resident.objects.get(id=kept).place == A + "002"


# -- looks ----------------------------------------------------------------------------------------------------------------------------------------


def test_each_look_is_on_record(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    worker, clerk = world.actor("worker"), world.actor("station_clerk")
    for minutes in (0, 3, 20):  # opened anew after three minutes: the same look
        record_reading(actor=worker, at=MONDAY + timedelta(minutes=minutes), resident_id=ids[0])
    record_reading(actor=worker, at=MONDAY + timedelta(minutes=21), resident_id=ids[0], purpose="case")
    record_reading(actor=clerk, at=MONDAY + timedelta(minutes=22), resident_id=ids[0])
    seen = unmask(actor=worker, at=MONDAY + timedelta(minutes=30), resident_id=ids[0], fields=["phone"], purpose="service", reason="约定上门时间")
    assert (seen.phone, seen.identity_number) == ("13800001234", "")
    looks = looks_page(actor=clerk, resident_id=ids[0]).items
    assert [(look.kind, look.purpose, look.role) for look in looks] == [
        ("resident.unmasked", "service", "worker"),
        ("resident.read", "register", "station_clerk"),
        ("resident.read", "case", "worker"),
        ("resident.read", "register", "worker"),
        ("resident.read", "register", "worker"),
    ]
    assert (looks[0].reason, looks[0].fields, looks[0].unit, looks[0].who) == ("约定上门时间", ["phone"], "station单位", "worker甲")
    assert "13800001234" not in str(list(Event.objects.values_list("data")))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "  。。。。  "}, "reason"),
        ({"reason": "啊啊啊啊"}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"fields": []}, "fields"),
        ({"fields": ["name_sealed"]}, "fields"),
    ],
)
def test_numbers_are_shown_for_a_reason_alone(world: World, flats: list[Room], change: dict[str, Any], field: str) -> None:
    ids = family(world, flats[0])
    form: dict[str, Any] = {"fields": ["identity"], "purpose": "check", "reason": "核对证件号码"}
    refused(Invalid, lambda: unmask(actor=world.actor("worker"), at=MONDAY, resident_id=ids[0], **form | change), field=field)


def test_a_field_that_is_off_is_not_unmasked(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("resident", "identity")])
    refused(
        Invalid,
        lambda: unmask(actor=world.actor("worker"), at=MONDAY, resident_id=ids[0], fields=["identity"], purpose="check", reason="核对证件号码"),
        field="fields",
    )


def test_who_may_look_and_who_may_see_who_looked(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    for name in ("second_worker", "far_worker", "acceptor", "analyst", "audit_admin", "system_admin"):
        actor = world.actor(name)
        for look in (
            lambda actor=actor: record_reading(actor=actor, at=MONDAY, resident_id=ids[0]),
            lambda actor=actor: unmask(actor=actor, at=MONDAY, resident_id=ids[0], fields=["phone"], purpose="check", reason="核对证件号码"),
            lambda actor=actor: whole_resident(actor=actor, resident_id=ids[0]),
        ):
            refused(NotFound, look)
        if name == "audit_admin":
            assert looks_page(actor=actor, resident_id=ids[0]).items == []
        else:
            refused(NotFound, lambda actor=actor: looks_page(actor=actor, resident_id=ids[0]))


def test_looks_are_paged(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    for day in range(5):
        record_reading(actor=world.actor("worker"), at=MONDAY + timedelta(days=day), resident_id=ids[0])
    first = looks_page(actor=world.actor("worker"), resident_id=ids[0], size=2)
    second = looks_page(actor=world.actor("worker"), resident_id=ids[0], size=2, after=first.next)
    third = looks_page(actor=world.actor("worker"), resident_id=ids[0], size=2, after=second.next)
    assert [look.at.day for page in (first, second, third) for look in page.items] == [20, 19, 18, 17, 16] and third.next is None


def test_the_resident_reads_who_looked_by_a_link_that_ends(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = register(world)
    worker = world.actor("worker")
    record_reading(actor=worker, at=MONDAY, resident_id=ids[0])
    record_reading(actor=worker, at=MONDAY, resident_id=other)
    refused(Forbidden, lambda: link_looks(actor=worker, at=MONDAY, resident_id=ids[0]))
    refused(Invalid, lambda: link_looks(actor=world.actor("station_clerk"), at=MONDAY, resident_id=ids[0], days=31), field="days")
    ticket, until = link_looks(actor=world.actor("station_clerk"), at=MONDAY + timedelta(minutes=1), resident_id=ids[0], days=7)
    assert until == TODAY + timedelta(days=7)
    seen = looks_of_ticket(ticket=ticket, at=MONDAY)
    assert seen.name == "欧***" and [look.kind for look in seen.looks] == ["resident.looks_linked", "resident.read"]
    for wrong, at in ((ticket, MONDAY + timedelta(days=8)), (ticket[:-1] + ("a" if ticket[-1] != "a" else "b"), MONDAY), ("", MONDAY), ("x:y:z", MONDAY)):
        with pytest.raises(NotFound, match="over"):
            looks_of_ticket(ticket=wrong, at=at)


def test_looks_follow_a_merge(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    other = register(world)
    record_reading(actor=world.actor("worker"), at=MONDAY, resident_id=other)
    merge(world, ids[0], other)
    assert record_reading(actor=world.actor("worker"), at=MONDAY + timedelta(hours=1), resident_id=other) == ids[0]
    assert len(looks_page(actor=world.actor("worker"), resident_id=ids[0]).items) == 2


# -- lists and search -----------------------------------------------------------------------------------------------------------------------------


def names(found: Any) -> list[str]:
    return [line.who.name for line in found.items]


def test_lists_by_place_age_kind_and_state(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    clerk = world.actor("station_clerk")
    visitor = move_in(actor=SYSTEM, at=MONDAY, room_id=flats[2].id, people=[Newcomer({"name": "李试五"})], from_date=TODAY, kind="temporary").residents[0]
    move_out(actor=SYSTEM, at=MONDAY, room_id=flats[0].id, residents={ids[1]: None}, on=date(2026, 6, 1))

    def listed(**wanted: Any) -> set[str]:
        return set(names(residents_page(actor=clerk, wanted=ResidentFilter(**wanted), on=TODAY)))

    assert listed() == {"欧阳试一", "欧阳试三", "李试五"}
    assert listed(place=A + "002") == {"李试五"} == listed(kind="temporary") == listed(room_id=flats[2].id)
    assert listed(state="former") == {"王试二"} == listed(state="former", room_id=flats[0].id)
    assert listed(age_from=0, age_to=17) == {"欧阳试三"} and listed(age_from=18) == {"欧阳试一"}
    assert listed(place=FAR) == set()
    assert names(residents_page(actor=world.actor("second_worker"), wanted=ResidentFilter(), on=TODAY)) == ["李试五"]
    assert names(residents_page(actor=world.actor("analyst"), wanted=ResidentFilter(), on=TODAY)) == []
    first = residents_page(actor=clerk, wanted=ResidentFilter(), on=TODAY, size=2)
    second = residents_page(actor=clerk, wanted=ResidentFilter(), on=TODAY, size=2, after=first.next)
    assert len(first.items) == 2 and [line.who.id for line in second.items] == [visitor] and second.next is None
    assert first.items[0].room and first.items[0].room.short == "1单元101室"


def test_people_are_found_by_number_and_by_parts_of_the_name(world: World, flats: list[Room]) -> None:
    family(world, flats[0])
    for name in ("欧阳一", "小欧阳", "阳试欧", "John Smith"):
        move_in(actor=SYSTEM, at=MONDAY, room_id=flats[2].id, people=[Newcomer({"name": name})], from_date=TODAY)
    clerk = world.actor("station_clerk")

    def found(text: str, who: Any = clerk, **more: Any) -> list[str]:
        return names(residents_search(actor=who, text=text, **more))

    assert found(card(1)) == found(card(1).lower()) == found(f" {card(1)[:6]} {card(1)[6:]}") == ["欧阳试一"]
    assert found("138 0000 1234") == found("+86 13800001234") == ["欧阳试一"]
    assert found("欧阳试一") == ["欧阳试一"]
    assert set(found("欧阳")) == {"欧阳试一", "欧阳试三", "欧阳一", "小欧阳", "阳试欧"}
    assert found("欧阳")[3:] == ["小欧阳", "阳试欧"]  # the beginning, then inside, then its letters
    assert found("smith") == ["John Smith"] and found("試") == [] and found("") == [] and found("13800009999") == []
    assert found("欧阳", place=A + "002") == ["欧阳一", "小欧阳", "阳试欧"]
    for name in ("far_worker", "acceptor", "audit_admin"):
        assert found("欧阳", world.actor(name)) == found(card(1), world.actor(name)) == []
