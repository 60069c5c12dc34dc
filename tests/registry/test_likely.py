"""Two records that are likely one person: the rule with its reasons, the list within one's areas, and what is remembered of two who are not."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import Newcomer, end_resident, merge_residents, move_in, register_resident, switch_off, tell_apart
from jingwei.registry.models import Resident, Room, ToldApart
from jingwei.registry.queries import likely_pairs
from jingwei.registry.rules.likely import LIKELY, REASONS, Told, likeness, names_alike, slips
from tests.registry.test_residents import TODAY, card, everything, family, refused
from tests.world import FAR, MONDAY, A, World

MAY, JUNE = date(1980, 5, 1), date(1980, 6, 1)
DAY = date(1980, 5, 17)


def told(name: str, born: date | None = None, number: str = "", **more: Any) -> Told:
    return Told(name, born, kind="identity_card" if number else "", number=number, **more)


# -- the rule -------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (told("欧阳试一", MAY), told("欧阳 试一", MAY), ("name_same", "born_month")),
        (told("欧阳试一", MAY, phone=b"1"), told("欧阳试二", MAY, phone=b"1"), ("born_month", "name_near", "phone_same")),
        (told("王试", phone=b"1"), told("王试", phone=b"1"), ("phone_same", "name_same")),
        (told("欧阳试一", DAY, exact=True), told("欧阳试二", DAY, exact=True), ("born_day", "name_near")),
        (told("欧阳试一", DAY, "990101198005170017", exact=True), told("欧阳试一", DAY, "990101198005170220", exact=True), ()),
        (told("欧阳试一", DAY, "990101198005170017", exact=True), told("欧阳试一", DAY, "990101198005170025", exact=True),
         ("born_day", "number_typo", "name_same")),
        (told("欧阳试一", DAY, "990101198005170017", exact=True), told("王试", DAY, "990101198005170017", exact=True), ("number_same", "born_day")),
        (told("John Smith", DAY, exact=True), told("Smith, Jon", DAY, exact=True), ("born_day", "name_near")),
    ],
)  # fmt: skip
def test_what_makes_two_records_likely_one_person(one: Told, other: Told, reasons: tuple[str, ...]) -> None:
    found = likeness(one, other)
    assert (found.score >= LIKELY) == bool(reasons)
    if reasons:
        assert found.reasons == reasons


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("王试", MAY), told("王试", JUNE)),  # a common name
        (told("欧阳试一", MAY), told("欧阳试二", MAY)),  # one letter other, and nothing else
        (told("欧阳试一", phone=b"1"), told("王试二", phone=b"1")),  # a couple's telephone
        # Twins: born together, under one roof, with numbers side by side.
        (
            told("欧阳试一", DAY, "990101198005170017", exact=True, phone=b"1", rooms=frozenset([1])),
            told("欧阳试二", DAY, "990101198005170025", exact=True, phone=b"1", rooms=frozenset([1])),
        ),
        (told("欧阳试一", MAY, sex="1"), told("欧阳试一", JUNE, sex="2")),
        (told(""), told("")),
    ],
)
def test_what_does_not(one: Told, other: Told) -> None:
    assert likeness(one, other).score < LIKELY


def test_every_reason_has_words() -> None:
    assert all(reason.zh and reason.en for reason in REASONS.values())


LETTERS = st.text("王李欧阳试一二三", max_size=4) | st.lists(st.text("aeno", min_size=1, max_size=7), max_size=3).map(" ".join)


@given(LETTERS, LETTERS)
def test_slips_are_the_same_both_ways_and_none_between_equals(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert (slips(one, other) == 0) == (one == other)
    assert names_alike(one, other) == names_alike(other, one)


@given(LETTERS, LETTERS, st.sampled_from([None, MAY, JUNE]), st.sampled_from([b"", b"1"]))
def test_likeness_is_the_same_both_ways(one: str, other: str, born: date | None, phone: bytes) -> None:
    pair = told(one, born, phone=phone), told(other, MAY, phone=b"1")
    assert likeness(*pair) == likeness(*reversed(pair))


# -- the list -------------------------------------------------------------------------------------------------------------------------------------


def alone(place: str = A + "001", **facts: str) -> UUID:
    return register_resident(actor=SYSTEM, at=MONDAY, place=place, facts={"name": "欧阳试一"} | facts).id


def pairs(world: World, who: str = "station_clerk", place: str = "") -> list[tuple[set[UUID], tuple[str, ...]]]:
    return [({pair.one.who.id, pair.other.who.id}, pair.likeness.reasons) for pair in likely_pairs(actor=world.actor(who), place=place).items]


@pytest.mark.django_db
def test_pairs_come_with_their_reasons_the_likeliest_first(world: World, flats: list[Room]) -> None:
    ids = family(world, flats[0])
    same_phone = alone(phone="138 0000 1234")
    same_month = alone(name="王试二二", born="1982-03")
    [again] = move_in(actor=SYSTEM, at=MONDAY, room_id=flats[0].id, people=[Newcomer({"name": "欧阳试四", "born": "2015-06"})], from_date=TODAY).residents
    twice = alone(name="李试八", born="1990-01"), alone(A + "002", name="李试八", born="1990-01")
    found = pairs(world)
    assert ({ids[0], same_phone}, ("phone_same", "name_same")) in found
    assert (set(twice), ("name_same", "born_month")) in found
    assert ({ids[2], again}, ("born_month", "name_near", "room_same")) in found  # the youngest, written otherwise
    assert not any(same_month in both for both, _ in found)
    scores = [pair.likeness.score for pair in likely_pairs(actor=world.actor("station_clerk")).items]
    assert scores == sorted(scores, reverse=True) and min(scores) >= LIKELY


@pytest.mark.django_db
def test_one_number_in_two_districts(world: World) -> None:
    """As two platforms have it that became one; fifteen digits are kept as eighteen, so that these are one number too."""
    here, there = alone(identity_number=card(7)), alone(FAR + "001", name="欧阳试乙", born="1980-01")
    number = Resident.objects.filter(id=here).values("identity_kind", "identity_sealed", "identity_index").get()
    Resident.objects.filter(id=there).update(**number)
    [pair] = likely_pairs(actor=SYSTEM, place=A).items
    assert {pair.one.who.id, pair.other.who.id} == {here, there} and pair.likeness.reasons[0] == "number_same"
    assert pairs(world) == []  # the other record lies where the clerk keeps nothing


@pytest.mark.django_db
def test_the_list_is_for_who_keeps_the_register_and_of_one_street(world: World) -> None:
    alone(phone="13800001234"), alone(phone="13800001234")
    assert len(pairs(world)) == 1 and pairs(world, place=A + "002") == []
    for who in ("worker", "acceptor", "system_admin"):
        with pytest.raises(Forbidden):
            pairs(world, who)
    with pytest.raises(Forbidden):
        pairs(world, place=FAR)
    with pytest.raises(Invalid):
        likely_pairs(actor=SYSTEM, place=A[:6])


@pytest.mark.django_db
def test_who_is_merged_ended_or_told_apart_is_not_put_forward(world: World) -> None:
    one, other, third = (alone(phone="13800001234") for _ in range(3))
    assert len(pairs(world)) == 3
    clerk = world.actor("station_clerk")
    tell_apart(actor=clerk, at=MONDAY, one=third, other=one)
    left = [both for both, _ in pairs(world)]
    assert len(left) == 2 and {one, third} not in left
    merge_residents(actor=clerk, at=MONDAY, kept=one, kept_version=1, other=other, other_version=1)
    assert pairs(world) == []
    fourth = alone(phone="13800001234")
    end_resident(actor=clerk, at=MONDAY, resident_id=third, seen_version=1, reason="mistake", on=TODAY)
    assert [both for both, _ in pairs(world)] == [{one, fourth}]


@pytest.mark.django_db
def test_many_pairs_take_as_many_statements_as_one(world: World) -> None:
    def statements(people: int) -> int:
        alone(name="司徒试七", born=f"19{50 + people}-01"), alone(name="司徒试七", born=f"19{50 + people}-01")
        with CaptureQueriesContext(connection) as sent:
            assert len(pairs(world)) == people
        return len(sent)

    statements(1)  # the dictionary is read once
    assert statements(2) == statements(3)


@pytest.mark.django_db
def test_an_offices_telephone_makes_nobody_one_person(world: World) -> None:
    for n in range(8):
        alone(name=f"欧阳试{'一二三四五六七八'[n]}", phone="13800001234", born=f"19{60 + n}-01")
    assert pairs(world) == []


@pytest.mark.django_db
def test_a_field_that_is_off_speaks_for_nobody(world: World) -> None:
    alone(phone="13800001234"), alone(phone="13800001234")
    switch_off(actor=SYSTEM, at=MONDAY, fields=[("resident", "phone")])
    assert pairs(world) == []


# -- told apart -----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_that_two_are_two_is_remembered_once_and_recorded_at_both(world: World) -> None:
    one, other = alone(), alone()
    clerk = world.actor("station_clerk")
    tell_apart(actor=clerk, at=MONDAY, one=one, other=other)
    tell_apart(actor=clerk, at=MONDAY, one=other, other=one)
    assert ToldApart.objects.count() == 1
    events = Event.objects.filter(type="resident.told_apart")
    assert {(e.subject_id, e.data["other"]) for e in events} == {(one, str(other)), (other, str(one))} and events.count() == 2
    merge_residents(actor=clerk, at=MONDAY, kept=one, kept_version=1, other=other, other_version=1)  # it was a mistake: they can be merged all the same
    assert Resident.objects.get(id=other).merged_into == one


@pytest.mark.django_db
def test_who_may_not_tell_apart_and_whom(world: World) -> None:
    one, other, far = alone(), alone(), alone(FAR + "001")
    refused(Forbidden, lambda: tell_apart(actor=world.actor("worker"), at=MONDAY, one=one, other=other))
    refused(NotFound, lambda: tell_apart(actor=world.actor("station_clerk"), at=MONDAY, one=one, other=far))
    refused(Invalid, lambda: tell_apart(actor=SYSTEM, at=MONDAY, one=one, other=one), field="other")
    merge_residents(actor=SYSTEM, at=MONDAY, kept=one, kept_version=1, other=other, other_version=1)
    before = everything()
    with pytest.raises(Refused, match="merged"):
        tell_apart(actor=SYSTEM, at=MONDAY, one=one, other=other)
    assert everything() == before and not ToldApart.objects.exists()
