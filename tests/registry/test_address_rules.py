"""Addresses on plain values: normal form, elements, likeness. Every address in here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules.addresses import EMPTY, Gazetteer, Standard, compare, core, endings, normal, parse, parts_of, path, read, room_key

GAZETTEER = Gazetteer.of(
    [
        ("31", 1, "上海市"), ("3101", 2, "市辖区"), ("310101", 3, "黄浦区"), ("310115", 3, "浦东新区"),
        ("33", 1, "浙江省"), ("3301", 2, "杭州市"), ("330110", 3, "余杭区"), ("330106", 3, "西湖区"), ("330110005", 4, "五常街道"),
        ("3307", 2, "金华市"), ("330784", 3, "永康市"), ("65", 1, "新疆维吾尔自治区"), ("3601", 2, "南昌市"), ("36", 1, "江西省"), ("360103", 3, "西湖区"),
        ("3304", 2, "嘉兴市"), ("330481", 3, "海宁市"),
    ]
)  # fmt: skip
WRITTEN = st.text(
    alphabet=st.one_of(
        st.sampled_from("上海市浙江省西湖区五常街道路巷弄号幢栋座单元层楼室村社区小区大厦 -－—#＃(（)）一二十百０1２9ABab附近与，"), st.characters()
    ),
    max_size=60,
)


def said(text, gazetteer=GAZETTEER):
    return " ".join(f"{e.label}={e.text}" for e in parse(text, gazetteer))


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("文一西路１２３４号３号楼二单元1201室", "文一西路1234号3幢2单元1201"),
        ("文一西路1234号 3栋 2单元 1201", "文一西路1234号3幢2单元1201"),
        ("幸福里十二号楼", "幸福里12幢"),
        ("幸福里12#楼", "幸福里12号"),
        ("大名路100号（近甲路）", "大名路100号"),
        ("b座15F", "B座15层"),
        ("五常街道办事处甲村委会", "五常街道甲村"),
        ("一百零三号", "103号"),
        ("三○二室", "302"),
        ("", ""),
    ],
)
def test_one_form_for_many_ways_of_writing(written, one):
    assert normal(written) == one


@given(WRITTEN)
def test_the_normal_form_of_a_normal_form_is_itself(text):
    assert normal(normal(text)) == normal(text)


@given(WRITTEN)
@pytest.mark.parametrize("gazetteer", [GAZETTEER, EMPTY], ids=["gazetteer", "suffixes alone"])
def test_the_elements_cover_the_text_without_overlap(gazetteer, text):
    elements = parse(text, gazetteer)
    assert "".join(e.text for e in elements) == text
    end = 0
    for e in elements:
        assert e.start == end < e.end and e.text == text[e.start : e.end]
        end = e.end
    assert end == len(text)


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("浙江省杭州市余杭区五常街道文一西路1234号", "prov=浙江省 city=杭州市 district=余杭区 town=五常街道 road=文一西路 roadno=1234号"),
        ("上海黄浦大名路12弄3号401室", "city=上海 district=黄浦 road=大名路 roadno=12弄 houseno=3号 roomno=401室"),
        ("新疆某某路5号", "prov=新疆 road=某某路 roadno=5号"),
        ("金华永康市方圆镇下河村8号", "city=金华 district=永康市 town=方圆镇 community=下河村 roadno=8号"),
        ("浙江省杭州市浙江省杭州市西湖区甲乙路6号", "redundant=浙江省 redundant=杭州市 prov=浙江省 city=杭州市 district=西湖区 road=甲乙路 roadno=6号"),
        ("海宁路20号", "road=海宁路 roadno=20号"),
        ("竹海花园12-3-1001", "poi=竹海花园 houseno=12 redundant=- cellno=3 redundant=- roomno=1001"),
        ("竹海花园12-1001室", "poi=竹海花园 houseno=12 redundant=- roomno=1001室"),
        ("甲乙路98-114号", "road=甲乙路 roadno=98-114号"),
        ("竹海花园二期八幢甲单元302", "poi=竹海花园 subpoi=二期 houseno=八幢 cellno=甲单元 roomno=302"),
        ("甲乙路29号丙丁大厦B座5层某某公司", "road=甲乙路 roadno=29号 poi=丙丁大厦 houseno=B座 floorno=5层 person=某某公司"),
        ("甲乙路与丙丁路交叉口", "road=甲乙路 assist=与 subroad=丙丁路 assist=交叉口"),
        ("甲乙路100#", "road=甲乙路 roadno=100#"),
        ("318国道12号", "road=318国道 roadno=12号"),
        ("下河村3组6号", "community=下河村 roadno=3组6号"),
        ("下河村5组", "community=下河村 group=5组"),
        ("甲乙路5号（近丙丁路）", "road=甲乙路 roadno=5号 assist=（近丙丁路）"),
        ("负一层", "floorno=负一层"),
    ],
)
def test_what_the_stretches_of_an_address_are(text, elements):
    assert said(text) == elements


def test_without_a_gazetteer_suffixes_speak():
    assert said("某某省某某市甲乙县方圆镇下河村", EMPTY) == "prov=某某省 city=某某市 district=甲乙县 town=方圆镇 community=下河村"


@pytest.mark.parametrize(
    ("text", "place"), [("浙江西湖区某某路", "330106"), ("江西省西湖区某某路", "360103"), ("杭州余杭五常街道", "330110005"), ("某某路", "")]
)
def test_a_name_is_read_below_the_one_before_it(text, place):
    assert read(text, GAZETTEER).place == place


def test_a_room_is_found_by_the_key_that_its_written_address_has():
    key = normal("文一西路1234号3号楼")
    for text in ("浙江省杭州市文一西路1234号3幢2单元1201室", "文一西路1234号3栋二单元12层1201", "文一西路1234号3#楼2单元1201"):
        assert core(read(text, GAZETTEER)) in (room_key(key, "2", "1201"), room_key(normal("文一西路1234号3号"), "2", "1201"))


def test_the_nodes_that_a_text_names():
    def nodes(text):
        reading = read(text, GAZETTEER)
        return path(parts_of(reading), (e.label for e in reading.elements))

    assert nodes("上海市黄浦区大名路12弄3号401室") == [("road", "大名路"), ("number", "12弄"), ("building", "3号")]
    assert nodes("竹海花园8幢302") == [("estate", "竹海花园"), ("building", "8幢")]
    assert nodes("下河村6号") == [("village", "下河村"), ("number", "6号")]
    assert nodes("302室") == []


def found(text, **standard):
    reading = read(text, GAZETTEER)
    given = {"top": "", "number": "", "building": "", "others": (), "place": "", "division": ""} | standard
    return compare(parts_of(reading), core(reading), Standard(**given))


def test_a_match_says_why():
    match = found("黄浦区大名路100号3号楼", top="大名路", number="100号", place="310115", division="浦东新区")
    assert [(r.element, r.verdict) for r in match.reasons] == [("division", "differs"), ("name", "agrees"), ("number", "agrees"), ("building", "missing")]
    assert match.reasons[0].words().zh == "行政区划不同：黄浦区 / 浦东新区" and match.reasons[1].words().en == "street or estate agrees: 大名路"


def test_everything_said_and_nothing_more_is_a_hundred():
    assert found("大名路100号", top="大名路", number="100号").score == 100


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"top": "大名路", "number": "100号"}, {"top": "大名路", "number": "102号"}),
        ({"top": "大名路", "number": "100号"}, {"top": "大名路", "number": "100弄"}),
        ({"top": "大名路", "number": "100号"}, {"top": "大铭路", "number": "100号"}),
        ({"top": "大名路", "number": "100号"}, {"top": "大名路"}),
        ({"top": "大名路"}, {"top": "大名路", "number": "7号"}),
        ({"top": "大名路", "number": "100号", "place": "310101"}, {"top": "大名路", "number": "100号", "place": "310115"}),
    ],
)
def test_what_fits_better_stands_above(better, worse):
    assert found("黄浦区大名路100号", **better).score > found("黄浦区大名路100号", **worse).score


def test_people_mix_up_the_units_of_a_number():
    assert {"100号", "100弄"} <= set(endings(parts_of(read("大名路100弄"))))
