"""What is never recorded of people is recognised in the names of columns; what the register does record is not mistaken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules.forbidden import MATTERS, forbidden, forbidden_columns

NEVER = [
    ("民族", "ethnicity"),
    ("宗教信仰", "belief"),
    ("政治面貌", "politics"),
    ("是否党员", "politics"),
    ("入党时间", "politics"),
    ("是否重点关注人员", "labels"),
    ("重点人员类型", "labels"),
    ("是否累犯", "criminal"),
    ("原罪名", "criminal"),
    ("社区矫正类别", "criminal"),
    ("有无犯罪史", "criminal"),
    ("吸毒原因", "drugs"),
    ("戒毒情况", "drugs"),
    ("艾滋病", "hiv"),
    ("感染途径", "hiv"),
    ("精神障碍", "psychiatric"),
    ("有无肇事肇祸史", "psychiatric"),
    ("目前危险性评估等级", "labels"),
    ("人脸照片", "biometrics"),
    ("头像", "biometrics"),
    ("指纹", "biometrics"),
    ("低保户", "care"),
    ("残疾等级", "care"),
    ("独居老人", "care"),
    ("特殊人群", "care"),
    ("风险等级", "risk"),
    ("活动轨迹", "movements"),
    ("Ethnicity", "ethnicity"),
    ("ethnic_group", "ethnicity"),
    ("nation", "ethnicity"),
    ("religion", "belief"),
    ("religiousBelief", "belief"),
    ("Political Status", "politics"),
    ("partyMember", "politics"),
    ("criminal_record", "criminal"),
    ("DrugUse", "drugs"),
    ("HIV status", "hiv"),
    ("mental-health", "psychiatric"),
    ("face_id", "biometrics"),
    ("faceImage", "biometrics"),
    ("key person", "labels"),
    ("blacklist", "labels"),
    ("risk_score", "risk"),
    ("disability", "care"),
    ("zzmm", "politics"),
    ("SFZDRY", "labels"),
    ("MZ", "ethnicity"),
    ("民 族", "ethnicity"),
    ("【民族】", "ethnicity"),
    ("民＿族", "ethnicity"),
    ("ＨＩＶ", "hiv"),
    ("民\u200b族", "ethnicity"),
]
RECORDED = (
    "姓名 证件号码 联系电话 性别 出生日期 户籍地 现住地址 与户主关系 户号 入住日期 居住类型 房屋用途 建筑面积 "
    "楼栋编码 地上层数 建成年份 网格 备注 数据来源 name identity phone sex born home_place residence resident_kind "
    "relation tenure surface interface destination nationwide racecourse street terrace psalm accuracy owner_code "
    "sector floor department third_party brace trace_id address 精神文明户"
)


@pytest.mark.parametrize(("column", "matter"), NEVER)
def test_what_is_never_recorded_is_recognised(column: str, matter: str) -> None:
    names = {m.code: m.name for m in MATTERS}
    assert forbidden(column, thing="resident") == names[matter]


@pytest.mark.parametrize("column", RECORDED.split())
def test_what_is_recorded_is_not_mistaken_for_it(column: str) -> None:
    assert forbidden(column, thing="resident") is None


@pytest.mark.parametrize(
    ("column", "thing"),
    [
        ("消防重点单位", "organisation"),
        ("风险等级", "premises"),
        ("残疾人坡道", "component"),
        ("Risk level", "component"),
        ("标签", "component"),
        ("文物重点保护", "building"),
        ("drug store", "organisation"),
    ],
)
def test_words_that_are_harmless_of_a_thing(column: str, thing: str) -> None:
    assert forbidden(column, thing=thing) is None


@pytest.mark.parametrize("thing", ["component", "organisation", "premises"])
def test_no_thing_carries_what_is_about_persons_alone(thing: str) -> None:
    assert all(forbidden(column, thing=thing) for column in ("民族", "吸毒", "人脸特征", "重点人员", "犯罪记录"))


def test_the_columns_of_a_file_that_are_dropped() -> None:
    dropped = forbidden_columns(["姓名", "民族", "电话", "重点人员"], thing="resident")
    assert list(dropped) == ["民族", "重点人员"]
    assert dropped["民族"].en == "ethnicity"


@given(st.text(max_size=60))
def test_no_header_breaks_it(header: str) -> None:
    forbidden(header)


@given(st.sampled_from([c for c, _ in NEVER]), st.sampled_from([" ", "_", "-", "　", "（", "\u200b"]))
def test_marks_around_it_do_not_hide_a_word(column: str, mark: str) -> None:
    assert forbidden(f"{mark}{column}{mark}是否"[: len(column) + 2], thing="resident")
