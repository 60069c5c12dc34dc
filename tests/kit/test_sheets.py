"""Any file becomes lines of cells: what it is, is recognised; what is hard is told, and nothing is lost in silence."""

import json
import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyogrio.raw import write as write_places

from jingwei.kit.errors import Invalid, TooLarge
from jingwei.kit.sheets import Sheet, Staged, look, rows, stage, values
from jingwei.kit.text import T


def of(path: Path, **said: str) -> tuple[Sheet, list[list[Any]]]:
    sheet = look(path, **said)
    return sheet, [[line.number, *line.cells] for line in rows(sheet)]


def text(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "table"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def book(tmp_path: Path, *table: list[Any], work: Any = None) -> Path:
    workbook = openpyxl.Workbook()
    for line in table:
        workbook.active.append(line)
    if work:
        work(workbook)
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as refused:
        of(path)
    assert refused.value.code == "unreadable_file" and refused.value.message.zh
    return refused.value.message.en


# -- CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_encoding_and_delimiter_are_recognised(tmp_path: Path, encoding: str, delimiter: str) -> None:
    table = [["姓名", "地址", "note"], ["王甲", "南京东路100号", "x"], ["李乙", "中山东一路1号2室", ""]]
    sheet, lines = of(text(tmp_path, "\r\n".join(delimiter.join(line) for line in table), encoding))
    assert sheet.format == "csv" and sheet.columns == ("姓名", "地址", "note") and not sheet.notes
    assert lines == [[2, *table[1]], [3, *table[2]]]


def test_rare_characters_of_gb18030(tmp_path: Path) -> None:
    sheet, lines = of(text(tmp_path, "姓名,地址\n㐂𠮷,中山路", "gb18030"))
    assert sheet.encoding == "gb18030" and lines[0][1] == "㐂𠮷"


def test_a_line_keeps_its_number_over_quoted_line_ends_and_empty_lines(tmp_path: Path) -> None:
    _, lines = of(text(tmp_path, 'a,b\n\n"1\n1",2\n,\n3,4\n'))
    assert lines == [[3, "1\n1", "2"], [6, "3", "4"]]


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    sheet, lines = of(text(tmp_path, "某社区人口信息表,,,\n2026年,,,\n姓名,性别,地址,电话\n王,男,某路,1\n"))
    assert sheet.header == 3 and sheet.columns == ("姓名", "性别", "地址", "电话") and lines == [[4, "王", "男", "某路", "1"]]


def test_doubled_and_empty_headers_are_told_and_kept(tmp_path: Path) -> None:
    sheet, lines = of(text(tmp_path, "电话,,电话\n1,2,3\n"))
    assert sheet.columns == ("电话", "#2", "电话 (2)") and len(sheet.notes) == 2 and lines == [[2, "1", "2", "3"]]


def test_a_sheet_of_65536_columns_is_refused(tmp_path: Path) -> None:
    assert "65,536 columns" in refusal(text(tmp_path, ",".join(f"c{n}" for n in range(65_536)) + "\n1,2\n"))


def test_empty_columns_to_the_right_are_no_columns(tmp_path: Path) -> None:
    sheet, lines = of(text(tmp_path, "a,b" + "," * 65_000 + "\n1,2" + "," * 65_000 + "\n"))
    assert sheet.columns == ("a", "b") and lines == [[2, "1", "2"]]


def test_a_line_of_more_cells_than_the_header_is_faulty_and_a_shorter_one_is_filled(tmp_path: Path) -> None:
    _, lines = of(text(tmp_path, "a,b\n1,2,3\n4\n5,6\n"))
    assert all(isinstance(cell, T) for cell in lines[0][1:]) and lines[1:] == [[3, "4", ""], [4, "5", "6"]]


def test_an_unclosed_quote_costs_its_own_line(tmp_path: Path) -> None:
    _, lines = of(text(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n7,8\n'))
    assert [line[0] for line in lines] == [2, 3, 4, 5]
    assert "quotes" in lines[1][1].en and lines[2:] == [[4, "5", "6"], [5, "7", "8"]]


def test_quotes_that_are_never_closed_end_the_reading(tmp_path: Path) -> None:
    assert "quotes" in refusal(text(tmp_path, "a,b\n" + '"x,y\n' * 1500))


def test_nul_and_undecodable_bytes_are_faults_of_their_cells(tmp_path: Path) -> None:
    _, lines = of(text(tmp_path, "姓名,地址\n王\0,某路\n".encode() + b"\xff\xfe\xfa,x\n" + "李,x\n".encode() * 50))
    assert "NUL" in lines[0][1].en and lines[0][2] == "某路"
    assert "can't be read" in lines[1][1].en and lines[1][2] == "x" and len(lines) == 52


def test_a_line_without_end_is_one_fault(tmp_path: Path) -> None:
    _, lines = of(text(tmp_path, "a,b\n1,2\n" + "x" * 3_000_000 + "\n3,4\n"))
    assert "too long" in lines[1][1].en and lines[2] == [4, "3", "4"]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufffd"), min_size=1, max_size=12), min_size=3, max_size=3), max_size=12))
@settings(max_examples=60, deadline=None)
def test_what_a_csv_writer_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["a", "b", "c"])
        writer.writerows(table)
    _, lines = of(path, delimiter=",", encoding="utf-8")
    assert [line[1:] for line in lines] == table


# -- Excel ----------------------------------------------------------------------------------------------------------


def test_a_workbook_gives_text_dates_and_whole_numbers(tmp_path: Path) -> None:
    path = book(tmp_path, ["姓名", "出生日期", "电话", "面积", "时间"], ["王", date(1990, 1, 2), 13800138000.0, 88.5, datetime(2026, 1, 2, 3, 4)])
    sheet, lines = of(path)
    assert sheet.format == "xlsx" and lines == [[2, "王", "1990-01-02", "13800138000", "88.5", "2026-01-02 03:04:00"]]


def test_a_card_number_that_excel_took_for_a_number_is_told_with_advice(tmp_path: Path) -> None:
    _, lines = of(book(tmp_path, ["姓名", "证件号码"], ["王", 310115199001011234], ["李", "310115199001011234"]))
    assert "3.10115E+17" in lines[0][2].zh and "文本" in lines[0][2].zh and "text" in lines[0][2].en
    assert lines[1] == [3, "李", "310115199001011234"]


def test_formulas_and_errors_are_faults_that_name_the_cell(tmp_path: Path) -> None:
    _, lines = of(book(tmp_path, ["a", "b"], ["x", "=A1&B1"], ["#REF!", "y"]))
    assert "B2" in lines[0][2].en and "formula" in lines[0][2].en and "A3" in lines[1][1].en


def test_merged_cells_are_read_with_what_they_show(tmp_path: Path) -> None:
    def merge(workbook: Any) -> None:
        workbook.active.merge_cells("B2:B3")

    sheet, lines = of(book(tmp_path, ["姓名", "地址"], ["王", "某路1号"], ["李", None], ["张", "某路2号"], work=merge))
    assert lines == [[2, "王", "某路1号"], [3, "李", "某路1号"], [4, "张", "某路2号"]] and any("merged" in note.en for note in sheet.notes)


def test_a_hidden_sheet_is_not_read_unless_asked_for(tmp_path: Path) -> None:
    def hide(workbook: Any) -> None:
        workbook.create_sheet("第二页").append(["c", "d"])
        workbook["第二页"].append([1, 2])
        workbook.active.sheet_state = "hidden"
        workbook.active.title = "藏"

    path = book(tmp_path, ["a", "b"], ["1", "2"], work=hide)
    sheet, lines = of(path)
    assert sheet.part == "第二页" and lines == [[2, "1", "2"]] and any("藏" in note.zh for note in sheet.notes)
    assert of(path, part="藏")[0].columns == ("a", "b")


def test_more_columns_than_a_sheet_of_ours_may_have(tmp_path: Path) -> None:
    assert "columns" in refusal(book(tmp_path, [f"c{n}" for n in range(16_384)], ["1"]))


def rewritten(path: Path, member: str, change: Any) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[member] = change(parts[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_a_column_beyond_excel_and_a_row_that_never_comes(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    assert "can't be read" in refusal(rewritten(book(tmp_path, ["a"], ["b"]), sheet, lambda x: x.replace(b'r="A1"', b'r="CRXP1"')))
    assert "lines" in refusal(rewritten(book(tmp_path, ["a"], ["b"]), sheet, lambda x: x.replace(b'<row r="2"', b'<row r="99999999999"')))


def test_entities_in_a_workbook_are_not_unfolded(tmp_path: Path) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    path = rewritten(book(tmp_path, ["a"], ["b"]), "xl/worksheets/sheet1.xml", lambda x: x.replace(b"<worksheet", laughs, 1))
    assert "can't be read" in refusal(path)


def test_a_zip_bomb_a_locked_workbook_and_an_old_one_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (200 << 20))
    assert "bomb" in refusal(bomb)
    locked = text(tmp_path, bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le"))
    assert "password" in refusal(locked)
    assert ".xlsx" in refusal(text(tmp_path, bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000))


def test_a_damaged_workbook_is_one_answer(tmp_path: Path) -> None:
    path = book(tmp_path, ["a", "b"], ["1", "2"])
    path.write_bytes(path.read_bytes()[:-200])
    refusal(path)


# -- what is no table -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"<html><table><tr><td>1</td></tr></table>", b"\n\n , ,\n", b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    refusal(text(tmp_path, content))


def test_a_file_of_more_than_2_gb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as out:
        os.truncate(out.fileno(), values.MOST_BYTES + 1)
    with pytest.raises(TooLarge):
        look(path)


# -- places ---------------------------------------------------------------------------------------------------------


def feature(name: str, lon: float = 121.5, lat: float = 31.2) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "properties": {"name": name, "n": 1, "b": None}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


@pytest.mark.parametrize("indent", [None, 1])
def test_geojson_on_one_line_or_many(tmp_path: Path, indent: int | None) -> None:
    path = text(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature("甲"), feature("乙")]}, ensure_ascii=False, indent=indent))
    sheet, lines = of(path)
    assert sheet.format == "geojson" and sheet.columns == ("name", "n", "b", "id", "geometry") and sheet.crs == "EPSG:4326"
    assert [line[:5] for line in lines] == [[1, "甲", "1", "", "甲"], [2, "乙", "1", "", "乙"]]
    assert json.loads(lines[0][5]) == {"type": "Point", "coordinates": [121.5, 31.2]}


def test_a_broken_feature_costs_itself_and_lines_of_features_are_read(tmp_path: Path) -> None:
    good = json.dumps(feature("a"))
    _, lines = of(text(tmp_path, f"{good}\n{good[:60]}\n{good}\n"))
    assert [line[0] for line in lines] == [1, 2, 3] and isinstance(lines[1][1], T) and lines[2][1] == "a"


def shapefile(tmp_path: Path, crs: str | None, *, encoding: str = "UTF-8", cpg: bool = True, names: tuple[str, ...] = ("井盖", "路灯")) -> Path:
    folder = tmp_path / "shp"
    folder.mkdir(exist_ok=True)
    points = shapely.to_wkb(shapely.points([[121.5, 31.2], [121.6, 31.3]] if crs != "EPSG:4549" else [[450_000, 3_450_000], [451_000, 3_450_000]]))
    written = [np.array(names, dtype=object), np.array([1, 2])]
    write_places(str(folder / "灯.shp"), points, written, ["name", "n"], geometry_type="Point", crs=crs, encoding=encoding)
    path = tmp_path / "shapes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            if cpg or file.suffix != ".cpg":
                archive.write(file, f"内/{file.name}")
    return path


@pytest.mark.parametrize("encoding", ["UTF-8", "CP936"])
@pytest.mark.parametrize("cpg", [True, False])
def test_a_zipped_shapefile_in_either_encoding_with_and_without_cpg(tmp_path: Path, encoding: str, cpg: bool) -> None:
    sheet, lines = of(shapefile(tmp_path, "EPSG:4490", encoding=encoding, cpg=cpg))
    assert sheet.format == "shapefile" and sheet.crs == "EPSG:4490" and sheet.columns == ("name", "n", "geometry")
    assert lines == [[1, "井盖", "1", "POINT (121.5 31.2)"], [2, "路灯", "2", "POINT (121.6 31.3)"]]


def test_a_projected_shapefile_comes_out_in_degrees_of_its_own_datum(tmp_path: Path) -> None:
    sheet, lines = of(shapefile(tmp_path, "EPSG:4549"))  # CGCS2000, Gauss–Krüger at 120°
    assert sheet.crs == "EPSG:4490" and any("4490" in note.en for note in sheet.notes)
    point = shapely.from_wkt(lines[0][3])
    assert 119.4 < point.x < 119.5 and 31.1 < point.y < 31.2


def test_a_shapefile_without_prj_leaves_the_question_open(tmp_path: Path) -> None:
    sheet, _ = of(shapefile(tmp_path, None))
    assert sheet.crs == "" and any(".prj" in note.en for note in sheet.notes)


def test_a_zip_without_its_table_and_one_without_shapes_are_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "EPSG:4326")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "part.zip", "w") as new:
        for name in old.namelist():
            if not name.endswith(".dbf"):
                new.writestr(name, old.read(name))
    assert ".dbf" in refusal(tmp_path / "part.zip")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as new:
        new.writestr("readme.txt", "x")
    assert "Shapefile" in refusal(tmp_path / "none.zip")


def test_a_geopackage_and_its_layers(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    for layer, lon in (("lamps", 121.5), ("covers", 121.6)):
        points = shapely.to_wkb(shapely.points([[lon, 31.2], [lon, 31.3]]))
        data = [np.array([layer, None], dtype=object), np.array(["2026-01-02", "NaT"], dtype="datetime64[D]")]
        write_places(str(path), points, data, ["name", "day"], layer=layer, geometry_type="Point", crs="EPSG:4326", driver="GPKG", append=path.exists())
    sheet, lines = of(path)
    assert sheet.format == "geopackage" and sheet.parts == ("lamps", "covers") and any("covers" in note.en for note in sheet.notes)
    assert lines == [[1, "lamps", "2026-01-02", "POINT (121.5 31.2)"], [2, "", "", "POINT (121.5 31.3)"]]
    assert of(path, part="covers")[1][0][1] == "covers"


def test_gdal_is_given_nothing_but_what_it_was_looked_at_for(tmp_path: Path) -> None:
    refusal(text(tmp_path, b"SQLite format 3\0" + b"\0" * 2000))
    sheet, _ = of(text(tmp_path, "<OGRVRTDataSource><OGRVRTLayer name='passwd'>\n</OGRVRTLayer></OGRVRTDataSource>"))
    assert sheet.format == "csv"


# -- the staged form ------------------------------------------------------------------------------------------------


def test_staged_lines_are_found_by_block_with_their_faults(tmp_path: Path) -> None:
    path = text(tmp_path, "a,b\n" + "".join(f"{n},x\n" for n in range(25)) + "1,2,3\n")
    staged = stage(rows(look(path)), tmp_path / "lines", 10)
    assert (staged.lines, staged.blocks) == (26, 3) and Staged.at(tmp_path / "lines") == staged
    assert [line.number for block in range(3) for line in staged.block(block)] == list(range(2, 28))
    assert staged.block(1)[0] == (12, ["10", "x"]) and isinstance(staged.block(2)[-1].cells[0], T)
    assert stage([], tmp_path / "none", 10).blocks == 0
