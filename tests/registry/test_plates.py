"""QR plates: given out once, printed on paper, voided; a link that cannot be guessed."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.crypto import sign
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Refused
from jingwei.registry.actions import end_room, issue_plates, print_plates, void_plate
from jingwei.registry.models import Plate
from jingwei.registry.queries import plates_of, public_plate
from jingwei.registry.rules.plates import SIGNED, link_part, plate_number, read_link
from jingwei.registry.schemas.plates import plate_link, plate_sheet
from tests.registry.houses import AT, TODAY, nowhere, on_the_map, registered, rooms_of
from tests.world import World

pytestmark = pytest.mark.django_db


@given(st.integers(1, 99_999_999), st.binary(min_size=32, max_size=32))
def test_a_link_is_read_back_and_carries_eighty_bits_of_the_signature(n: int, signature: bytes):
    number = plate_number("310101", n)
    part = link_part(number, signature)
    assert read_link(part) == read_link(part.lower()) == (number, signature[:SIGNED]) and SIGNED * 8 >= 80


@given(st.text(max_size=40))
def test_any_other_text_is_no_link(text: str):
    found = read_link(text)
    assert found is None or link_part(*found).startswith(found[0])


def test_the_key_of_a_purpose_signs_nothing_else():
    assert sign("1", purpose="plate") != sign("1", purpose="other") != sign("2", purpose="other")


def test_a_building_and_its_rooms_get_one_plate_each(world: World):
    building, clerk = registered(), world.actor("station_clerk")
    rooms = rooms_of(building, "101", "102")
    first = issue_plates(actor=clerk, at=AT, building_id=building.pk)
    assert [p.number for p in first] == ["31010100000001", "31010100000002", "31010100000003"]
    assert issue_plates(actor=clerk, at=AT, building_id=building.pk) == []
    void_plate(actor=clerk, at=AT, plate_id=first[1].id, reason="损坏")
    again = issue_plates(actor=clerk, at=AT, building_id=building.pk, rooms=[rooms[0].id], own=False)
    assert [p.number for p in again] == ["31010100000004"]
    rows = plates_of(actor=clerk, building_id=building.pk)
    assert {(row.room, row.voided_at is not None) for row in rows} == {("", False), ("101室", True), ("101室", False), ("102室", False)}
    data = Event.objects.get(type="building.plate_voided").data
    assert data["number"] == first[1].number and data["reason"] == "损坏"


def test_who_does_not_keep_the_register_gives_voids_and_prints_none(world: World):
    building = registered()
    plate = issue_plates(actor=SYSTEM, at=AT, building_id=building.pk)[0]
    for who, error in (("worker", Forbidden), ("far_clerk", NotFound)):
        with pytest.raises(error):
            issue_plates(actor=world.actor(who), at=AT, building_id=building.pk)
        with pytest.raises(error):
            void_plate(actor=world.actor(who), at=AT, plate_id=plate.id, reason="x")
        with pytest.raises(error):
            print_plates(actor=world.actor(who), at=AT, plates=[plate.id])
    assert not Event.objects.filter(type="building.plates_printed").exists()


def test_plates_are_for_registered_buildings_and_rooms_of_theirs(world: World):
    with pytest.raises(Refused):
        issue_plates(actor=SYSTEM, at=AT, building_id=on_the_map().pk)
    with pytest.raises(Invalid):
        issue_plates(actor=SYSTEM, at=AT, building_id=registered(key="2").pk, rooms=[nowhere()])


def test_the_sheet_is_a_pdf_of_24_a_page_and_its_printing_is_on_record(world: World):
    building, clerk = registered(), world.actor("station_clerk")
    rooms_of(building, *(str(n) for n in range(101, 126)))
    plates = issue_plates(actor=clerk, at=AT, building_id=building.pk)
    shown = print_plates(actor=clerk, at=AT, plates=[p.id for p in plates])
    assert [p.number for p in shown] == [p.number for p in plates] and shown[1].room == "101室"
    pdf = plate_sheet(shown, at=AT, language="zh", base="https://example.org/q/")
    assert pdf.startswith(b"%PDF") and _pages(pdf) == 2
    assert Event.objects.get(type="building.plates_printed").data["numbers"] == [p.number for p in plates]


def _pages(pdf: bytes) -> int:
    import re

    counts = [int(n) for n in re.findall(rb"/Count (\d+)", BytesIO(pdf).getvalue())]
    return max(counts) if counts else pdf.count(b"/Type /Page\n")


def test_an_ended_rooms_plate_is_void_and_prints_no_more(world: World):
    building, clerk = registered(), world.actor("station_clerk")
    room = rooms_of(building, "101")[0]
    plate = issue_plates(actor=clerk, at=AT, building_id=building.pk, own=False)[0]
    end_room(actor=clerk, at=AT, room_id=room.id, seen_version=1, on=TODAY, reason="拆除")
    with pytest.raises(NotFound):
        print_plates(actor=clerk, at=AT, plates=[plate.id])
    assert Plate.objects.get().voided_at == AT


def test_what_anybody_may_know_is_the_building_its_grid_and_unit(world: World):
    building = registered()
    rooms_of(building, "101")
    plate = issue_plates(actor=SYSTEM, at=AT, building_id=building.pk, own=False)[0]
    known: Any = public_plate(plate.number)
    assert (known.called, known.grid, known.community, known.unit, known.voided) == ("南京东路100号", "甲一网格", "甲居委会", "station单位", False)
    assert public_plate("31010199999999") is None
    assert plate_link(plate.number).startswith(plate.number + ".")
