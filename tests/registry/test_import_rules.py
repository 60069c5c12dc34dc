"""Which column is what, and what a row says, on plain values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit.coords import wgs84_to_gcj02
from jingwei.kit.errors import Invalid
from jingwei.kit.text import T
from jingwei.registry.rules.imports import premises, residents, rows
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.rules.imports.mapping import check, suggest
from jingwei.registry.rules.imports.shapes import shape_of
from jingwei.registry.rules.numbers import check_digit

TODAY = date(2026, 11, 22)


def number(first17: str) -> str:
    return first17 + check_digit(first17)


CARD = number("99000019900102001")
KIND = KINDS["residents"]


def guessed(kind: str, columns: list[str], *lines: list[str]) -> dict[str, str]:
    return {g.column: g.target for g in suggest(KINDS[kind], columns, lines) if g.target}


def test_chinese_titles_and_what_people_otherwise_call_them() -> None:
    columns = ["姓名", "身份证号", "联系电话", "性别", "现居住地址", "与户主的关系", "人员类型", "户号", "备注"]
    found = guessed("residents", columns)
    assert found == {
        "姓名": "name",
        "身份证号": "identity",
        "联系电话": "phone",
        "性别": "sex",
        "现居住地址": "address",
        "与户主的关系": "relation",
        "人员类型": "residency_kind",
        "户号": "household",
    }


def test_a_name_that_says_little_is_known_by_its_values() -> None:
    lines = [["王甲", CARD, "13800138000"], ["李乙", number("99000019910203002"), "13900139000"]]
    assert guessed("residents", ["姓名", "号码", "#3"], *lines) == {"姓名": "name", "号码": "identity", "#3": "phone"}


def test_no_target_is_given_twice_and_the_better_name_wins() -> None:
    assert guessed("residents", ["电话", "电话 (2)", "姓名"]) == {"电话": "phone", "姓名": "name"}


@pytest.mark.parametrize("column", ["民族", "政治面貌", "宗教信仰", "是否吸毒", "是否重点人员", "精神病史", "人脸照片", "刑满释放时间", "religion", "HIV"])
def test_a_column_that_is_never_recorded_is_named_and_has_no_target(column: str) -> None:
    (name, banned) = suggest(KIND, ["姓名", column], [["王", "x"]])
    assert name.target == "name" and banned.target == "" and banned.why == "forbidden" and banned.forbidden
    assert check(KIND, ["姓名", "地址", column], ["name", "address", "note" if column == "x" else "phone"])[2] == ""


def test_what_is_kept_for_the_same_headers_goes_before_a_guess_but_never_before_the_law() -> None:
    kept = {"甲": "name", "民族": "phone"}
    assert [(g.target, g.why) for g in suggest(KIND, ["甲", "民族"], [], kept)] == [("name", "kept"), ("", "forbidden")]


def test_a_mapping_that_lacks_or_doubles_something_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        check(KIND, ["a", "b", "c"], ["name", "name", "nothing"])
    fields = [e.field for e in refused.value.errors]
    assert fields == ["mapping.b", "mapping.c", "mapping"] and "Address" in refused.value.errors[2].message.en
    assert check(KINDS["components"], ["a", "b", "c", "d", "e"], ["code", "lon", "lat", "attributes", "attributes"])


# -- rows -----------------------------------------------------------------------------------------------------------

SAID = {"name": "王 小明", "identity": CARD, "phone": "13800138000.0", "address": "某路1号2室", "birth_date": "1990/1/2", "relation": "户主"}


def test_a_resident_as_a_spreadsheet_leaves_them() -> None:
    found = residents.read(2, SAID | {"from_date": "45000", "residency_kind": "流动人口"}, TODAY)
    assert found.facts.name == "王小明" and found.facts.phone == "13800138000" and found.relation == "02"
    assert found.first == date(2023, 3, 15) and found.kind == "temporary" and found.facts.sex == "1" and found.facts.born == date(1990, 1, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"identity": CARD[:17] + ("0" if CARD[17] != "0" else "1")}, "check digit"),
        ({"identity": "9.90000E+17"}, "scientific"),
        ({"identity": number("99000019901332001"), "birth_date": ""}, "does not exist"),
        ({"birth_date": "1990-01-03"}, "the number says 1990-01-02"),
        ({"birth_date": "abc"}, "no date"),
        ({"sex": "女"}, "Sex"),
        ({"relation": "朋友的朋友"}, "relation"),
        ({"address": ""}, "Address"),
        ({"from_date": "2999-01-01"}, "Since"),
        ({"residency_kind": "重点人员"}, "none of"),
        ({"to_date": "2020-01-01"}, "Since"),
        ({"name": "=1+1"}, "Name"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_in_which_column(change: dict[str, str], said: str) -> None:
    with pytest.raises(rows.RowFault) as wrong:
        residents.read(2, SAID | change, TODAY)
    assert said in wrong.value.why.en and wrong.value.why.zh


def test_every_fault_of_a_row_is_said_at_once() -> None:
    with pytest.raises(rows.RowFault) as wrong:
        residents.read(2, SAID | {"phone": "12", "birth_date": "x"}, TODAY)
    assert "Telephone" in wrong.value.why.en and "Birth date" in wrong.value.why.en


def test_a_cell_that_could_not_be_read_refuses_the_row_only_where_it_is_needed() -> None:
    plan = rows.Plan.of(KIND, ["姓名", "备注"], ["name", ""])
    assert plan.said(["王", T("坏", "bad")]) == {"name": "王"}
    with pytest.raises(rows.RowFault, match="Name: bad"):
        plan.said([T("坏", "bad"), "x"])


@given(st.dates(date(1850, 1, 1), date(2100, 1, 1)))
def test_a_day_is_read_in_every_way_it_is_written(day: date) -> None:
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day} 00:00:00"):
        assert rows.day(text) == day
    if day > date(1901, 1, 1):
        assert rows.day(str((day - date(1899, 12, 30)).days)) == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_resident(text: str) -> None:
    for column in KIND.columns:
        try:
            residents.read(1, SAID | {column: text}, TODAY)
        except rows.RowFault as wrong:
            assert wrong.why.zh and wrong.why.en


# -- places ---------------------------------------------------------------------------------------------------------


def test_points_of_the_map_services_are_brought_home() -> None:
    lon, lat = wgs84_to_gcj02(121.49, 31.24)
    shape, crs = shape_of({"lon": str(lon), "lat": str(lat)}, "GCJ-02")
    x, y = map(float, shape.removeprefix("SRID=4326;POINT (").removesuffix(")").split())
    assert crs == "EPSG:4326" and abs(x - 121.49) < 1e-6 and abs(y - 31.24) < 1e-6
    assert shape_of({"lon": "121.49", "lat": "31.24", "crs": "CGCS2000"}, "")[1] == "EPSG:4490"


@pytest.mark.parametrize(
    "said",
    [
        {"lon": "0", "lat": "0"},
        {"lon": "450000", "lat": "3450000"},
        {"lon": "x", "lat": "31"},
        {"geometry": "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"},
        {"geometry": "POLYGON EMPTY"},
        {"geometry": "nothing"},
        {"geometry": "POLYGON ((450000 1, 450001 1, 450001 2, 450000 1))"},
        {"lon": "121", "lat": "31", "crs": "北京54"},
    ],
)
def test_geometry_that_is_none_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(rows.RowFault):
        shape_of(said, "EPSG:4326")


def test_a_room_by_its_parts_and_by_its_whole_address() -> None:
    parts = premises.read_room(1, {"building": "某路1号3栋", "unit": "2", "number": "1201室", "use": "住宅", "area": "88.5㎡", "tenure": "出租"})
    whole = premises.read_room(1, {"address": "某路1号3栋2单元1201室"})
    assert (
        parts.door == whole.door == ("2", 12, "1201")
        and parts.building == whole.building
        and parts.facts == {"use": "residence", "area": 88.5, "tenure": "rented"}
    )
    assert premises.read_room(1, {"building": "x", "number": "03", "floor": "地下1层"}).door.floor == -1
    for said in ({"building": "x"}, {"number": "1"}, {"building": "x", "number": "1", "floor": "0"}, {"building": "x", "number": "1", "area": "-3"}):
        with pytest.raises(rows.RowFault):
            premises.read_room(1, said)
