"""The link of a QR plate: public things for anybody, the room for who works there, nothing for a link that isn't ours."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.registry.actions import issue_plates, void_plate
from jingwei.registry.models import Plate
from jingwei.registry.schemas.plates import plate_link
from tests.api.conftest import Caller
from tests.registry.houses import AT, lives, registered, rooms_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def plate(world: World) -> Plate:
    building = registered()
    lives(rooms_of(building, "101", "102")[0])
    return issue_plates(actor=SYSTEM, at=AT, building_id=building.pk)[1]


def test_a_resident_reads_the_building_its_grid_and_whom_to_call_and_nothing_of_persons(plate: Plate):
    before = Event.objects.count()
    answer = Client().get(f"/q/{plate_link(plate.number)}", headers={"Accept-Language": "zh"})
    text = answer.content.decode()
    assert answer.status_code == 200 and all(word in text for word in ("南京东路100号", "甲一网格", "station单位", plate.number, "12345"))
    assert not any(word in text for word in ("张三", "101室", "worker", str(plate.room_id)))
    assert answer.cookies == {} and answer["Cache-Control"] == "no-store" and Event.objects.count() == before, "nothing is kept of who reads a code"


def test_reading_a_code_writes_nothing(plate: Plate):
    with CaptureQueriesContext(
        connection,
    ) as sent:
        Client().get(f"/q/{plate_link(plate.number)}")
    assert all(q["sql"].lstrip().lower().startswith(("select", "with")) for q in sent.captured_queries) and len(sent) <= 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link[:-4],
        lambda link: "31010100000009" + link[14:],
        lambda link: "x",
        lambda link: "%00",
    ],
)
def test_a_link_that_was_not_signed_here_is_no_plate(plate: Plate, spoil: Callable[[str], str]):
    answer = Client().get(f"/q/{spoil(plate_link(plate.number))}")
    assert answer.status_code == 404 and "南京东路" not in answer.content.decode()


def test_who_works_there_goes_on_to_the_room_and_others_do_not(plate: Plate, world: World):
    link = f"/q/{plate_link(plate.number)}"
    inside = Caller(world, "worker").client.get(link)
    assert (inside.status_code, inside["Location"]) == (302, f"/register/rooms/{plate.room_id}")
    for who in ("second_worker", "far_acceptor", "system_admin"):
        answer = Caller(world, who).client.get(link)
        assert answer.status_code == 200 and str(plate.room_id) not in answer.content.decode()


def test_a_void_plate_says_so_to_everybody(plate: Plate, world: World):
    void_plate(actor=SYSTEM, at=AT, plate_id=plate.id, reason="损坏")
    for client in (Client(), Caller(world, "worker").client):
        answer = client.get(f"/q/{plate_link(plate.number)}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200 and "void" in answer.content.decode()


def test_the_link_takes_no_writing(plate: Plate):
    assert Client().post(f"/q/{plate_link(plate.number)}").status_code == 405
