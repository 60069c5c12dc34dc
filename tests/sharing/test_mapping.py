"""The mapping's language: what is wrong is named with its line and key; a row is read or refused with a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from jingwei.catalogue.rules.registry import ACTIONS, SOURCES
from jingwei.sharing.rules.mapping import Mapping, MappingFaults, read_mapping
from jingwei.sharing.rules.reading import HeaderFault, Reader, RowRefused
from tests.sharing.conftest import MAPPINGS

GOOD = """name = "city"
[file]
empty = ["-"]
[time]
zone = "Asia/Shanghai"
format = "%Y-%m-%d %H:%M:%S"
[case]
number = "{no}"
opened_at = "{opened}"
text = "{class}：{say}"
due_at = "{due}"
[matter]
edition = "e"
key = "{class}"
table = "matters.csv"
[unit]
key = "{unit}"
table = "units.csv"
[place]
area = "4403"
key = "{area}"
table = "areas.csv"
[source]
key = "{from}"
values = { "tel" = "hotline" }
[status]
key = "{status}"
open = ["open"]
[[move]]
move = "dispatch"
unit = true
[[move]]
move = "close"
when = ["done"]
at = "{closed}"
form = { note = "结果 {say}" }
"""
TABLES = {
    "matters.csv": "# source: x\nsource,code\nA,01\nB,02\n",
    "units.csv": "source,code,name\n7,U7,七\n",
    "areas.csv": "source,code\nx,440310001000\ny,440310003010\nz,440310001001002\n",
}
HEADER = ["no", "opened", "class", "say", "due", "unit", "area", "from", "status", "closed"]
ROW = ["1", "2018-02-08 15:34:40", "A", "路坏", "", "7", "x", "tel", "done", "2018-02-09 08:00:00"]


def mapping(text: str = GOOD) -> Mapping:
    def table(name: str) -> str:
        if name not in TABLES:
            raise FileNotFoundError(name)
        return TABLES[name]

    return read_mapping(text, table, sources=list(SOURCES), moves=list(ACTIONS))


def row(**other: str) -> list[str]:
    return [other.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


@pytest.mark.parametrize("name", ["pingshan_2018", "dc_2016"])
def test_what_ships_is_sound(name: str) -> None:
    folder = MAPPINGS / name
    found = read_mapping((folder / "map.toml").read_text(), lambda t: (folder / t).read_text(), sources=list(SOURCES), moves=list(ACTIONS))
    assert found.name == name and found.matters and found.units


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('name = "city"', 'name = "A city"', 1, "name"),
        ("[time]", "[time]\nzome = 1", 5, "time.zome"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', 5, "time.zone"),
        ('number = "{no}"', "", 7, "case.number"),
        ('number = "{no}"', "number = 7", 8, "case.number"),
        ('table = "units.csv"', 'table = "gone.csv"', 18, "unit.table"),
        ('area = "4403"', 'area = "44031"', 20, "place.area"),
        ('"tel" = "hotline"', '"tel" = "phone"', 25, "source.values"),
        ('move = "close"', 'move = "finish"', 33, "move.move"),
        ('when = ["done"]', 'when = "done"', 34, "move.when"),
        ("[status]", "[state]", 26, "state"),
        ('zone = "Asia/Shanghai"', "zone = ", 5, "TOML"),
    ],
)
def test_a_fault_names_its_line_and_key(old: str, new: str, line: int, key: str) -> None:
    assert old in GOOD
    with pytest.raises(MappingFaults) as caught:
        mapping(GOOD.replace(old, new, 1))
    assert (line, key) in [(f.line, f.key) for f in caught.value.faults]
    assert all(f.message.zh and f.message.en for f in caught.value.faults)


def test_a_table_with_one_source_twice_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "units.csv", "source,code\n7,U7\n7,U8\n")
    with pytest.raises(MappingFaults, match="twice"):
        mapping()


def test_a_row_is_read() -> None:
    said = Reader(mapping(), HEADER).read(2, ROW)
    assert (said.number, said.matter, said.unit, said.place, said.source, said.text) == ("1", "01", "U7", "440310001", "hotline", "A：路坏")
    assert said.opened_at == datetime(2018, 2, 8, 7, 34, 40, tzinfo=UTC) and said.due_at is None
    dispatch, close = said.moves
    assert (dispatch.move, dispatch.dated, dispatch.at, dispatch.unit) == ("dispatch", False, said.opened_at, True)
    assert (close.move, close.dated, close.at, close.form) == ("close", True, datetime(2018, 2, 9, 0, 0, tzinfo=UTC), {"note": "结果 路坏"})


@pytest.mark.parametrize(("area", "place"), [("x", "440310001"), ("y", "440310003010"), ("z", "440310001001002")])
def test_a_code_becomes_the_place_it_stands_for(area: str, place: str) -> None:
    assert Reader(mapping(), HEADER).read(2, row(area=area)).place == place


def test_a_case_that_is_open_in_the_source_stays_open() -> None:
    assert [m.move for m in Reader(mapping(), HEADER).read(2, row(status="open")).moves] == ["dispatch"]


def test_a_closing_whose_time_is_not_said_is_undated() -> None:
    close = Reader(mapping(), HEADER).read(2, row(closed="-")).moves[1]
    assert not close.dated


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"no": "-"}, "number is empty"),
        ({"opened": "-"}, "no opening time"),
        ({"opened": "08/02/2018"}, "not of the format"),
        ({"opened": "2018-02-30 00:00:00"}, "not of the format"),
        ({"opened": "9999-01-01 00:00:00"}, "not between"),
        ({"class": "C"}, 'unknown class "C"'),
        ({"unit": "-"}, "there is no unit"),
        ({"unit": "8"}, 'unknown unit "8"'),
        ({"area": ""}, "there is no place"),
        ({"from": "fax"}, 'unknown source "fax"'),
        ({"status": "lost"}, 'unknown status "lost"'),
        ({"closed": "2018-02-01 00:00:00"}, "before the last step"),
        ({"say": "a\x00b"}, "can't be kept"),
        ({"say": "\udcff"}, "can't be kept"),
    ],
)
def test_a_row_is_refused_with_its_reason(other: dict[str, Any], reason: str) -> None:
    with pytest.raises(RowRefused) as caught:
        Reader(mapping(), HEADER).read(2, row(**other))
    assert reason in caught.value.reason.en and caught.value.reason.zh


def test_a_number_that_stands_twice_is_refused_and_names_the_line() -> None:
    reader = Reader(mapping(), HEADER)
    reader.read(2, ROW)
    with pytest.raises(RowRefused, match="line 2"):
        reader.read(3, ROW)


def test_a_short_row_is_refused() -> None:
    with pytest.raises(RowRefused, match="columns"):
        Reader(mapping(), HEADER).read(2, ROW[:-1])


def test_missing_columns_are_named() -> None:
    with pytest.raises(HeaderFault) as caught:
        Reader(mapping(), HEADER[:-2])
    assert caught.value.missing == ["status", "closed"]
