"""Bad input by name, each through the import as it stands in a file: the row is refused with its reason, the rest goes in, and the counts add up."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Invalid
from jingwei.registry.models import Building, Import, Residency, Resident, Room
from jingwei.registry.queries import import_rejects, opened
from tests.registry.importing import HEAD, begin, card, counts, family, premises, reasons, run, table
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _street(world: World) -> None:
    premises()


def refused(row: Import) -> dict[int, str]:
    """{line: why} of the reject file."""
    return {int(line["line"]): line["reason_en"] for line in csv.DictReader(io.StringIO("".join(import_rejects(actor=SYSTEM, import_id=row.id))))}


def adds_up(row: Import, added: int, *lines: int) -> str:
    """So many went in, these lines did not, and there are no others. The reasons, for looking at."""
    assert row.status == "done" and counts(row) == (added, 0, 0, len(lines)), reasons(row)
    assert sum(counts(row)) == row.lines and sorted(refused(row)) == list(lines)
    return " | ".join(refused(row).values())


def people(*lines: list[str], head: list[str] = HEAD) -> Import:
    return run("residents", table(head, *lines))


def one(number: str, address: str = "测试路1号101室", **more: str) -> list[str]:
    return ["赵丁", number, "", address, more.get("kind", "常住"), "", "", more.get("since", "2024-05-01")]


FAMILY = family("H1", "测试路1号101室", 1)


def test_a_card_with_a_wrong_check_digit() -> None:
    right = card(9)
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    row = people(*FAMILY, one(wrong), one(right))
    assert f"the last should be {right[-1]}" in adds_up(row, 4, 5)


def test_an_impossible_birth_date() -> None:
    head = [*HEAD, "出生日期"]
    lines = [
        [*FAMILY[0], "1990-01-02"],
        [*one(card(11, birth="19900230")), ""],
        [*one(""), "1990-02-30"],
        [*one(""), "2031-01-01"],
        [*one(card(12)), "1985-07-07"],
    ]
    why = adds_up(people(*lines, head=head), 1, 3, 4, 5, 6)
    assert "no such day" in why and "impossible month of birth" in why and "the number says" in why


def test_a_person_in_two_permanent_rooms() -> None:
    row = people(*FAMILY, one(card(20)), one(card(20), "测试路3号201室"), one(card(20), "测试路3号202室", kind="暂住"))
    # The third line is somebody known by now, and changes what is known of them: another, temporary room.
    assert counts(row) == (4, 1, 0, 1) and sum(counts(row)) == row.lines and "lives permanently elsewhere" in refused(row)[6]
    assert Residency.objects.filter(kind="permanent").count() == 4


def test_a_room_in_no_building() -> None:
    before = Room.objects.count()
    row = run("rooms", table(["楼栋地址", "室号"], ["测试路1号", "301"], ["测试路77号", "101"], ["", "5"], ["测试路3号", "302"]))
    assert "no such building" in adds_up(row, 2, 3, 4) and Room.objects.count() == before + 2


def test_a_polygon_that_crosses_itself() -> None:
    bow = "POLYGON ((121.481 31.235, 121.482 31.236, 121.482 31.235, 121.481 31.236, 121.481 31.235))"
    sound = "POLYGON ((121.483 31.235, 121.484 31.235, 121.484 31.236, 121.483 31.235))"
    row = run("buildings", table(["id", "wkt"], ["bow", bow], ["sound", sound], ["empty", "POLYGON EMPTY"], ["cut", "POLYGON ((121.4 31.2, 12"]))
    why = adds_up(row, 1, 2, 4, 5)
    assert "crosses itself" in why and "Self-intersection" in why and "is empty" in why and "no valid WKT" in why
    assert Building.objects.filter(source_id="sound").exists()


def test_a_sheet_of_65536_columns() -> None:
    before = Import.objects.count()
    with pytest.raises(Invalid) as wide:
        begin("residents", (",".join(f"c{n}" for n in range(65_536)) + "\n" + ",".join("x" * 65_536) + "\n").encode())
    assert "65,536 columns" in wide.value.message.en and "Delete those that are not needed" in wide.value.message.en and Import.objects.count() == before


def workbook(*lines: list[Any], **cells: Any) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    for cell, value in cells.items():
        book.active[cell] = value
    book.save(content)
    return content.getvalue()


def test_formulas_in_cells() -> None:
    row = run("residents", workbook(HEAD, *FAMILY, one(card(30)), A3="=A2", D5='=CONCAT("测试路1号","101室")', C2="=1+1"))
    # A formula costs its row wherever the cell is used: the telephone of line 2, the name of line 3, the address of line 5.
    assert "formula" in adds_up(row, 1, 2, 3, 5)


def test_formulas_as_text_are_text_and_leave_as_text() -> None:
    row = people(*FAMILY, ["=CMD()", card(31), "", "测试路1号101室", "", "", "", ""])
    adds_up(row, 3, 5)
    assert ",'=CMD()," in "".join(import_rejects(actor=SYSTEM, import_id=row.id))


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "utf-8-sig"])
def test_a_file_in_gb18030_or_another_encoding(encoding: str) -> None:
    content = table(HEAD, *FAMILY, one(card(40)[:-1] + "*")).decode().encode(encoding)
    assert "Identity number" in adds_up(run("residents", content), 3, 5)
    assert {opened(r.name_sealed, "name") for r in Resident.objects.all()} == {"王甲", "李乙", "王丙"}


def test_a_rare_character_that_gb18030_alone_has() -> None:
    row = run("residents", table(HEAD, ["王㛃", card(41), "", "测试路1号101室", "常住", "户主", "", ""]).decode().encode("gb18030"))
    adds_up(row, 1)
    assert opened(Resident.objects.get().name_sealed, "name") == "王㛃"


def test_doubled_headers() -> None:
    looked = begin("residents", table(["姓名", "证件号码", "地址", "地址", ""], ["王甲", card(1), "测试路1号101室", "别处", "x"]))
    assert looked.sheet.columns == ("姓名", "证件号码", "地址", "地址 (2)") or looked.sheet.columns[3] == "地址 (2)"
    assert "stands again in column 4" in " ".join(note.en for note in looked.sheet.notes)
    assert [g.target for g in looked.guesses].count("address") == 1
    adds_up(run("residents", table([*HEAD, "姓名"], *[[*line, "别名"] for line in FAMILY], [*one("12"), ""])), 3, 5)


def test_card_numbers_in_scientific_notation() -> None:
    as_text = run("residents", table(HEAD, *FAMILY, one("3.10115E+17"), one("3.10115199001011E+17")))
    assert "scientific notation" in adds_up(as_text, 3, 5, 6) and "format the column as text" in refused(as_text)[5]
    as_number = run("residents", workbook(HEAD, one(card(50)), one(""), B3=310115199001011234))
    assert "lost its last digits" in adds_up(as_number, 1, 3)


def test_all_of_it_in_one_file_and_the_counts_still_add_up() -> None:
    bad = [one("123"), one("3.10115E+17"), one(card(60), "无此路1号"), one(card(1), "测试路3号201室"), ["", card(61), "", "测试路1号101室", "", "", "", ""]]
    row = people(*FAMILY, *bad, one(card(62)))
    adds_up(row, 4, 5, 6, 7, 8, 9)
    assert row.counts["run"]["counts"] == {"added": 4, "changed": 0, "unchanged": 0, "refused": 5}
