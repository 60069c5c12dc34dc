"""Identity numbers, credit codes, telephones: what is taken, what is refused and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.registry.rules.numbers import (
    NumberFault,
    check_digit,
    identity,
    mask_identity,
    organisation_check,
    telephone,
    uscc,
    uscc_check,
)

TODAY = date(2026, 11, 22)


def read(number: str, kind: str = ""):
    return identity(number, kind, today=TODAY)


def test_an_identity_card_tells_birth_and_sex() -> None:
    found = read("11010519491231002X")
    assert (found.kind, found.birth_date, found.sex, found.known_region) == ("identity_card", date(1949, 12, 31), "2", True)


def test_fifteen_digits_become_eighteen() -> None:
    assert read("110105491231002").number == "11010519491231002X"


@pytest.mark.parametrize("written", ["11010519491231002x", " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", "'11010519491231002X"])
def test_one_number_written_in_many_ways(written: str) -> None:
    assert read(written).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "kind", "why"),
    [
        ("110105194912310021", "", "check digit"),
        ("11010519490231002" + check_digit("11010519490231002"), "", "does not exist"),
        ("11010520991231002" + check_digit("11010520991231002"), "", "impossible"),
        ("1.10105E+17", "", "scientific"),
        ("1.10105194912310E+17", "identity_card", "scientific"),
        ("1101051949123100", "identity_card", "16 characters"),
        ("1101051949123", "", "13 digits"),
        ("", "identity_card", "0 characters"),
        ("11010519491231002X", "residence_permit", "not the number of"),
        ("王小明", "", "look like"),
    ],
)
def test_what_is_refused(number: str, kind: str, why: str) -> None:
    with pytest.raises(NumberFault, match=why):
        read(number, kind)


def test_permits() -> None:
    first = "81000019800101001"
    assert read(first + check_digit(first)).kind == "residence_permit"
    assert read("H12345678").kind == "hk_macao_permit"
    assert read("12345678").kind == "taiwan_permit"
    assert read("E12345678").kind == "passport"
    old = read("CHN310080010101")
    assert (old.kind, old.birth_date) == ("permanent_residence", date(1980, 1, 1))
    new = "91115619801231001"
    assert read(new + check_digit(new), "permanent_residence").kind == "permanent_residence"


def test_a_region_that_nobody_has_is_told_not_refused() -> None:
    first = "99010119800101001"
    assert read(first + check_digit(first)).known_region is False


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.text(alphabet="0123456789", min_size=1, max_size=1))
def test_one_wrong_digit_is_always_seen(first: str, at: int, other: str) -> None:
    whole = first + check_digit(first)
    changed = whole[:at] + other + whole[at + 1 :]
    assert changed == whole or check_digit(changed[:17]) != changed[17]


def test_a_credit_code() -> None:
    assert uscc("91110000802100433B") == "91110000802100433B"
    assert uscc("9111 0000 8021 0043 3b") == "91110000802100433B"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("91110000802100433A", "check character"),
        ("9111000080210043", "18 characters"),
        ("9111000080210043IB", "no I"),
        ("9.11100008021E+17", "scientific"),
    ],
)
def test_a_wrong_credit_code(code: str, why: str) -> None:
    with pytest.raises(NumberFault, match=why):
        uscc(code)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8), st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_letter_of_a_credit_code_is_always_seen(old: str, at: int, other: str) -> None:
    first = "91310000" + old + organisation_check(old)
    if not first[16].isdigit() and first[16] != "X":
        return
    whole = first + uscc_check(first)
    assert uscc(whole) == whole
    changed = whole[:at] + other + whole[at + 1 :]
    if changed != whole:
        with pytest.raises(NumberFault):
            uscc(changed)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("021-6329 1234", "02163291234"),
        ("(021)63291234转801", "02163291234X801"),
        ("+86 21 63291234", "02163291234"),
        ("63291234", "63291234"),
        ("4008123123", "4008123123"),
        ("+1 212 555 0100", "+12125550100"),
        ("0012125550100", "+12125550100"),
    ],
)
def test_telephones(written: str, kept: str) -> None:
    assert telephone(written) == kept


@pytest.mark.parametrize("written", ["1380000123", "12345", "无", "1.38E+10", "", "0000000"])
def test_what_is_no_telephone(written: str) -> None:
    with pytest.raises(NumberFault):
        telephone(written)


def test_what_is_shown_of_a_number() -> None:
    assert mask_identity("11010519491231002X") == "1****************X"
    assert mask_identity("H12345678") == "*******78"
