"""A building and a room are called the same wherever they are shown."""

import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.association.queries import association
from jingwei.kit import db
from jingwei.registry.models import Building
from jingwei.registry.queries import BuildingFilter, building_page, called_sql, door_sql, label_sql, room_whole, rooms_named
from jingwei.registry.queries.naming import called
from jingwei.registry.rules.rooms import full_number
from tests.ground import build_ground
from tests.registry.houses import TODAY
from tests.world import World

pytestmark = pytest.mark.django_db
DOORS = [
    ("", "101", "101室"), ("2", "501", "2单元501室"), ("A", "1203A", "A单元1203A室"), ("甲", "302", "甲单元302室"), ("东", "12-1", "东单元12-1室"),
    ("A座", "501", "A座501室"), ("2单元", "501", "2单元501室"), ("3号楼", "B1-03", "3号楼B1-03室"), ("", "底层商铺", "底层商铺"), ("1", "301室", "1单元301室"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "number", "said"), DOORS)
def test_a_door_is_said_the_same_in_sql(unit: str, number: str, said: str) -> None:
    assert full_number(unit, number) == said
    assert db.row(f"select {door_sql('r')} from (select %s::text unit, %s::text number) r", [unit, number]) == (said,)


@pytest.mark.parametrize(
    ("facts", "is_called", "is_labelled"),
    [
        ({}, "延安路18号", "延安路18号"),
        ({"name": "大厦"}, "延安路18号", "延安路18号 大厦"),
        ({"address_id": None, "street": "外马路", "number": "5号"}, "外马路5号", "外马路5号"),
        ({"address_id": None, "street": "", "number": "", "name": "大厦"}, "大厦", "大厦"),
        ({"address_id": None, "street": "", "number": "", "name_en": "Tower"}, "Tower", "Tower"),
        ({"address_id": None, "street": "", "number": "", "code": "31010101300100001"}, "", "31010101300100001"),
        ({"address_id": None, "street": "", "number": "", "code": ""}, "", "18"),
    ],
)
def test_what_a_building_is_called(world: World, facts: dict[str, str | None], is_called: str, is_labelled: str) -> None:
    id = build_ground().house.pk
    Building.objects.filter(pk=id).update(**facts)
    assert db.row(f"select {called_sql()}, {label_sql()} from registry_building b where id = %s", [id]) == (is_called, is_labelled)
    assert called(Building.objects.select_related("address").get(pk=id)) == is_called


def test_lists_pages_and_pictures_agree(world: World) -> None:
    g = build_ground()
    whole = "延安路18号1单元101室"
    assert rooms_named([g.flat.id])[g.flat.id].label == whole == room_whole(actor=SYSTEM, room_id=g.flat.id, on=TODAY).called
    assert "延安路18号" in [row.called for row in building_page(actor=SYSTEM, wanted=BuildingFilter()).items]
    assert association(actor=SYSTEM, kind="room", id=str(g.flat.id), on=TODAY).centre.label == "延安路18号 1单元101室"
