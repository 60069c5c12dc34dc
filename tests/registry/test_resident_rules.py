"""What is said of a resident: read, checked, and found again by a part of the name."""

import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules.numbers import NumberFault, check_digit
from jingwei.registry.rules.relations import RELATIONS, USUAL, relation, sex_of
from jingwei.registry.rules.residents import Stay, age, born_between, clean_name, grams, name_part, overlap, rank, read_day, read_facts, read_month, stay_faults

TODAY = date(2026, 11, 22)
NOBODY = "99010119800101002"  # no region begins with 99
CARD = NOBODY + check_digit(NOBODY)


def piece(text: str) -> int:
    return zlib.crc32(text.encode()) >> 1


def ways(name: str, part: str) -> list[str]:
    """By which ways `part` finds `name`."""
    looked = name_part(part, piece)
    assert looked
    have = set(grams(name, piece))
    return [way for way, wanted in zip(("whole", "beginning", "part", "letters"), looked.ways, strict=True) if wanted and have.issuperset(wanted)]


@pytest.mark.parametrize(
    ("name", "part", "found"),
    [
        ("王小明", "王小明", ["whole", "beginning", "part", "letters"]),
        ("王小明", "王", ["beginning", "letters"]),
        ("王小明", "王小", ["beginning", "part", "letters"]),
        ("王小明", "小明", ["part", "letters"]),
        ("王小明", "明", ["letters"]),
        ("王小明", "明王", ["letters"]),
        ("王小明", "王大", []),
        ("欧阳修", "欧阳", ["beginning", "part", "letters"]),
        ("买买提·吐尔逊", "吐尔逊", ["part", "letters"]),
        ("买买提·吐尔逊", "买买提吐尔逊", ["whole", "beginning", "part", "letters"]),
        ("买买提·吐尔逊", "买买提•吐", ["beginning", "part", "letters"]),
        ("John Smith", "john smith", ["whole", "beginning", "part", "letters"]),
        ("John Smith", "ＳＭＩＴＨ", ["beginning", "part", "letters"]),
        ("John Smith", "mit", ["part"]),
        ("John Smith", "sm", ["beginning", "part"]),
    ],
)
def test_a_name_is_found_by_its_parts(name: str, part: str, found: list[str]) -> None:
    assert ways(name, part) == found


HAN = st.text(alphabet="王李张刘陈小明伟芳娜秀英敏静丽强磊军洋勇艳", min_size=1, max_size=5)


@given(HAN, st.data())
def test_every_part_of_a_name_finds_it_and_is_ranked(name: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(name) - 1))
    part = name[first : data.draw(st.integers(first + 1, len(name)))]
    assert ways(name, part)
    assert rank(name, part) == (0 if part == name else 1 if name.startswith(part) else 2)


@given(HAN, HAN)
def test_a_name_that_no_way_finds_does_not_hold_the_part(name: str, part: str) -> None:
    assert ways(name, part) or part not in name


def test_another_piece_with_the_same_hash_is_seen_when_the_name_is_unsealed() -> None:
    assert rank("李小明", "王") == 4


def test_what_has_no_letter_looks_for_nobody() -> None:
    assert name_part(" ·12 ", piece) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 王 小明 ", "王小明"),
        ("王　小明", "王小明"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提 • 吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("Ｊｏｈｎ", "John"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_a_name_in_its_one_form(written: str, kept: str) -> None:
    assert clean_name(written) == kept


@pytest.mark.parametrize("written", ["", "  ", "王1", "13800001234", "=cmd()", "<b>", "王\u200b明", "·", "王" * 61])
def test_what_is_no_name(written: str) -> None:
    with pytest.raises(NumberFault):
        clean_name(written)


def test_the_number_fills_month_of_birth_and_sex() -> None:
    facts, faults = read_facts({"name": "王小明", "identity_number": CARD, "phone": "138 0000 1234", "home_place": "310101000000"}, today=TODAY)
    assert faults == []
    assert facts.identity and facts.identity.number == CARD
    assert (facts.born, facts.sex, facts.phone, facts.home_place) == (date(1980, 1, 1), "2", "13800001234", "310101")


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, ["name"]),
        ({"name": "王"}, []),
        ({"name": "王", "identity_number": "1" * 18}, ["identity_number"]),
        ({"name": "王", "identity_number": "1.10105E+17"}, ["identity_number"]),
        ({"name": "王", "identity_kind": "passport"}, ["identity_number"]),
        ({"name": "王", "identity_kind": "身份证", "identity_number": CARD}, []),
        ({"name": "王", "identity_kind": "驾照", "identity_number": CARD}, ["identity_kind"]),
        ({"name": "王", "identity_kind": "护照", "identity_number": "A"}, ["identity_number"]),
        ({"name": "王", "phone": "12"}, ["phone"]),
        ({"name": "王", "sex": "X"}, ["sex"]),
        ({"name": "王", "born": "1990-13"}, ["born"]),
        ({"name": "王", "born": "2027-01"}, ["born"]),
        ({"name": "王", "born": "1700-01"}, ["born"]),
        ({"name": "王", "born": "1990-05", "identity_number": CARD}, ["born"]),
        ({"name": "王", "sex": "男", "identity_number": CARD}, ["sex"]),
        ({"name": "王", "sex": "女", "born": "1980-01-09", "identity_number": CARD}, []),
        ({"name": "王", "home_place": "3101010"}, ["home_place"]),
        ({"name": "1", "phone": "1", "sex": "?", "born": "x", "home_place": "x"}, ["name", "phone", "sex", "born", "home_place"]),
    ],
)
def test_each_fault_names_its_field(said: dict[str, str], fields: list[str]) -> None:
    _, faults = read_facts(said, today=TODAY)
    assert [f.field for f in faults] == fields
    assert all(f.message.zh and f.message.en for f in faults)


@pytest.mark.parametrize(
    "written", ["1990-05", "1990年5月", "1990/5", "199005", "1990-05-17", "19900517", "1990年5月17日", "1990.05.17", "1990-05-17 00:00:00"]
)
def test_a_month_of_birth(written: str) -> None:
    assert read_month(written) == date(1990, 5, 1)


@pytest.mark.parametrize("written", ["", "1990", "1990-02-30", "1990-13", "x", "32990"])
def test_what_is_no_day(written: str) -> None:
    assert read_day(written) is None and read_month(written) is None


def test_age_is_known_by_the_month() -> None:
    assert [age(date(1990, 5, 1), on) for on in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 11, 22))] == [35, 36, 36]


@given(st.dates(date(1900, 1, 1), TODAY), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 110), st.integers(0, 20))
def test_a_band_of_ages_is_a_range_of_months(day: date, on: date, youngest: int, more: int) -> None:
    born = day.replace(day=1)
    first, last = born_between(youngest, youngest + more, on)
    assert first and last
    assert (first <= born <= last) == (youngest <= age(born, on) <= youngest + more)


def test_relations_are_said_by_code_or_word() -> None:
    assert [relation(said) for said in ("01", "1", "户主", "妻子", "女婿", "non-relative?", "", "Spouse")] == ["01", "01", "02", "12", "28", None, "", "10"]
    assert set(USUAL) <= set(RELATIONS)
    assert [sex_of(said) for said in ("男", "2", "", "F", "?")] == ["1", "2", "0", "2", None]


STAYS = st.builds(
    lambda first, days, permanent: Stay(date.fromordinal(first), date.fromordinal(first + days) if days else None, permanent),
    st.integers(730000, 730030), st.integers(0, 12), st.booleans(),
)  # fmt: skip


@given(STAYS, STAYS)
def test_two_permanent_stays_share_no_day(one: Stay, other: Stay) -> None:
    def day_of(stay: Stay) -> set[int]:
        return set(range(stay.first.toordinal(), stay.end.toordinal() if stay.end else 730100))

    both = one.permanent and other.permanent
    assert (overlap([one], other) is one) == (both and bool(day_of(one) & day_of(other)))


@pytest.mark.parametrize(
    ("first", "end", "born", "fields"),
    [
        (date(2026, 1, 1), None, None, []),
        (None, None, None, ["from_date"]),
        (date(2026, 11, 23), None, None, ["from_date"]),
        (date(1979, 12, 31), None, date(1980, 1, 1), ["from_date"]),
        (date(2026, 1, 1), date(2026, 1, 1), None, ["to_date"]),
        (date(2026, 1, 1), date(2027, 1, 1), None, ["to_date"]),
    ],
)
def test_a_period_that_can_not_be(first: date | None, end: date | None, born: date | None, fields: list[str]) -> None:
    assert [f.field for f in stay_faults(first, end, born=born, today=TODAY)] == fields
