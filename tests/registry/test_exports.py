"""What goes out: within one's areas, masked, on the record, and such that it can be imported again."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid
from jingwei.kit.sheets import look, rows
from jingwei.kit.sheets.writing import FORMATS, plain_cell
from jingwei.registry.actions.exporting import export_register
from jingwei.registry.models import Building
from tests.registry.importing import HEAD, card, counts, family, premises, run, table
from tests.world import MONDAY, A, B, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(world: World) -> World:
    premises()
    run("residents", table(HEAD, *family("H1", "测试路1号101室", 1)))
    return world


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_people_go_out_masked_and_it_is_on_the_record(street: World) -> None:
    found = lines(export_register(actor=street.actor("station_clerk"), at=MONDAY, kind="residents", format="csv"))
    assert {line["姓名"] for line in found} == {"王甲", "李乙", "王丙"} and {line["地址"] for line in found} == {"测试路1号101室"}
    assert card(1) not in str(found) and "13800138000" not in str(found) and any("138****8000" in line["电话"] for line in found)
    said = Event.objects.get(type="register.exported").data
    assert (said["rows"], said["unmasked"]) == (3, False)


def test_numbers_in_full_need_a_reason(street: World) -> None:
    clerk = street.actor("station_clerk")
    with pytest.raises(Invalid):
        export_register(actor=clerk, at=MONDAY, kind="residents", format="csv", unmasked=True)
    path = export_register(actor=clerk, at=MONDAY, kind="residents", format="csv", unmasked=True, reason="与派出所核对人口")
    assert card(1) in path.read_text("utf-8-sig")
    assert Event.objects.get(type="register.exported").data["reason"] == "与派出所核对人口"


def test_only_one_s_own_areas_and_people_only_for_who_keeps_them(street: World) -> None:
    clerk = street.actor("station_clerk")
    assert len(lines(export_register(actor=clerk, at=MONDAY, kind="buildings", format="csv"))) == 2
    for actor, kind, area in ((clerk, "buildings", B), (street.actor("acceptor"), "residents", ""), (street.actor("system_admin"), "rooms", "")):
        with pytest.raises(Forbidden):
            export_register(actor=actor, at=MONDAY, kind=kind, format="csv", area=area)
    assert len(lines(export_register(actor=street.actor("acceptor"), at=MONDAY, kind="rooms", format="csv", area=A))) == 8


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", ["buildings", "grids"])
def test_every_format_is_read_back(street: World, format: str, kind: str) -> None:
    path = export_register(actor=SYSTEM, at=MONDAY, kind=kind, format=format)  # type: ignore[arg-type]
    sheet = look(path)
    found = list(rows(sheet))
    assert sheet.format == format and len(found) == (3 if kind == "buildings" else 4)
    if kind == "buildings":
        assert {"测试路1号", "测试路3号", "乙路5号"} <= {cell for line in found for cell in line.cells if isinstance(cell, str)}


def test_rooms_and_buildings_go_round(street: World) -> None:
    """What was exported changes nothing when it is imported."""
    assert counts(run("rooms", export_register(actor=SYSTEM, at=MONDAY, kind="rooms", format="csv").read_bytes())) == (0, 0, 12, 0)
    content = export_register(actor=SYSTEM, at=MONDAY, kind="buildings", format="geojson").read_bytes()
    assert counts(run("buildings", content))[0] == 0 and len(json.loads(content)["features"]) == 3


def test_no_cell_is_a_formula(street: World) -> None:
    Building.objects.filter(source_id="a").update(name="=HYPERLINK(1)")
    assert any(line["名称"] == "'=HYPERLINK(1)" for line in lines(export_register(actor=SYSTEM, at=MONDAY, kind="buildings", format="csv")))
    book = openpyxl.load_workbook(export_register(actor=SYSTEM, at=MONDAY, kind="buildings", format="xlsx"))
    assert all(cell.data_type != "f" for line in book.active for cell in line)
    assert [plain_cell(t) for t in ("=1", "+1", "-2.5", "-x", "@a", "普通")] == ["'=1", "+1", "-2.5", "'-x", "'@a", "普通"]


def test_a_table_without_positions_is_no_map(street: World) -> None:
    with pytest.raises(Invalid):
        export_register(actor=SYSTEM, at=MONDAY, kind="residents", format="geopackage")
