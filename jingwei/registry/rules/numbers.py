"""Numbers by which people and organisations are known: what they must look like, and what they say.

Identity card GB 11643 (18 digits; 15 of the first generation), unified social credit code GB 32100, residence permits of Hong Kong, Macao and
Taiwan residents and the permanent residence card of foreigners (the same 18 digits), travel permits, passports, telephones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from jingwei.kit.numbers import SCIENTIFIC
from jingwei.kit.numbers import NumberFault as NumberFault
from jingwei.kit.numbers import telephone as telephone
from jingwei.kit.text import T

IDENTITY_KINDS = {
    "identity_card": T("居民身份证", "Identity card"),
    "residence_permit": T("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    "permanent_residence": T("外国人永久居留身份证", "Foreigner's permanent residence card"),
    "hk_macao_permit": T("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
    "taiwan_permit": T("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
    "passport": T("护照", "Passport"),
    "other": T("其他证件", "Other"),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_OTHERS = {
    "hk_macao_permit": re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    "taiwan_permit": re.compile(r"[0-9]{8}(?:[0-9]{2})?"),
    "passport": re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}"),
    "other": re.compile(r"[A-Z0-9][A-Z0-9-]{3,29}"),
}
_OLD_PERMANENT = re.compile(r"[A-Z]{3}[0-9]{12}")
# 11–15 north … 71 Taiwan; 81–83 Hong Kong, Macao, Taiwan; 9x foreigners' cards of 2023.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
        "92",
    ]
)
_MARKS = str.maketrans("", "", " \t\u3000\u00a0·.-—_'’`")


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that may be right: in its one normal form (15 digits become 18), with the birth date and sex (GB/T 2261.1) that it tells, if it does.
    `known_region` is False where no province has its first two digits: worth a look, not a refusal."""

    kind: str
    number: str
    birth_date: date | None = None
    sex: str = "0"
    known_region: bool = True


def plain(number: str) -> str:
    """A number as somebody wrote it, without blanks, dots and apostrophes, in capitals of one width."""
    return unicodedata.normalize("NFKC", number).translate(_MARKS).upper()


def check_digit(first17: str) -> str:
    """The 18th character of an identity card, ISO 7064 MOD 11-2 (GB 11643)."""
    return _CHECKS[sum(w * (ord(c) - 48) for w, c in zip(_WEIGHTS, first17, strict=True)) % 11]


def _birth(text: str, today: date) -> date:
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        raise NumberFault(T(f"证件号码中的出生日期 {text} 不存在", f"the birth date {text} in the number does not exist")) from None
    if not date(1850, 1, 1) <= born <= today:
        raise NumberFault(T(f"证件号码中的出生日期 {text} 不可能", f"the birth date {text} in the number is impossible"))
    return born


def identity(number: str, kind: str = "", *, today: date) -> Identity:
    """Read an identity number of `kind`, or of the kind that it looks like. Raises NumberFault with the reason and what to do.

    Scientific notation, as Excel leaves it, is recognised and refused: the last digits are lost.
    """
    text = plain(number)
    if len(text) == 18 and kind in ("", "identity_card", "residence_permit", "permanent_residence") and _EIGHTEEN.fullmatch(text):
        return _eighteen(text, kind, today)
    if SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", number).strip()):
        raise NumberFault(
            T(
                f"“{number.strip()}”是 Excel 的科学计数法，后几位已丢失；请把该列设为“文本”格式，从原始资料重新填写",
                f"“{number.strip()}” is Excel's scientific notation and has lost its last digits; format the column as text and enter it anew",
            )
        )
    if len(text) == 15 and kind in ("", "identity_card") and _FIFTEEN.fullmatch(text):
        first17 = text[:6] + "19" + text[6:]
        return _eighteen(first17 + check_digit(first17), "identity_card", today)
    if kind in ("", "permanent_residence") and _OLD_PERMANENT.fullmatch(text):
        born = text[7:13]
        century = "20" if int(born[:2]) <= today.year % 100 else "19"
        return Identity("permanent_residence", text, _birth(century + born, today))
    if kind in ("identity_card", "residence_permit"):
        raise NumberFault(T(f"证件号码应为 18 位（旧证 15 位），现为 {len(text)} 位", f"the number has {len(text)} characters instead of 18 (old cards: 15)"))
    if kind == "" and text.isdigit() and len(text) not in (8, 10):
        raise NumberFault(T(f"{len(text)} 位数字不是任何证件的号码；身份证为 18 位", f"{len(text)} digits are no document's number; an identity card has 18"))
    for other, shape in _OTHERS.items():
        if (kind == other or (kind == "" and other != "other")) and shape.fullmatch(text):
            return Identity(other, text)
    raise NumberFault(T("证件号码的形式不符", "the number does not look like one of that document"))


def _eighteen(text: str, kind: str, today: date) -> Identity:
    if check_digit(text[:17]) != text[17]:
        raise NumberFault(T(f"证件号码校验位不符：最后一位应为 {check_digit(text[:17])}", f"wrong check digit: the last should be {check_digit(text[:17])}"))
    found = (
        "residence_permit" if text[:2] in ("81", "82", "83") else "permanent_residence" if text[0] == "9" and kind == "permanent_residence" else "identity_card"
    )
    if kind and kind != found:
        raise NumberFault(T(f"号码不是{IDENTITY_KINDS[kind].zh}的号码", f"not the number of: {IDENTITY_KINDS[kind].en}"))
    return Identity(found, text, _birth(text[6:14], today), "1" if int(text[16]) % 2 else "2", text[:2] in _PROVINCES)


def mask_identity(number: str) -> str:
    """3****************2 for 18 digits: the first and the last character alone; short ones their last two."""
    return number[0] + "*" * (len(number) - 2) + number[-1] if len(number) >= 15 else "*" * (len(number) - 2) + number[-2:]


# GB 32100-2015: authority, kind, region, organisation code (GB 11714 with its own check), check. No I O S V Z.
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_POWERS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_OLD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check(first17: str) -> str:
    """The 18th character of a unified social credit code. Raises KeyError for a letter that it can't have."""
    return _LETTERS[(31 - sum(_VALUES[c] * p for c, p in zip(first17, _POWERS, strict=True)) % 31) % 31]


def organisation_check(first8: str) -> str:
    """The check of the nine-character organisation code (GB 11714) inside it."""
    total = 11 - sum((ord(c) - 48 if c.isdigit() else ord(c) - 55) * w for c, w in zip(first8, _OLD_WEIGHTS, strict=True)) % 11
    return "X" if total == 10 else "0" if total == 11 else str(total)


def uscc(code: str) -> str:
    """A unified social credit code in its one form. Raises NumberFault."""
    text = plain(code)
    if SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", code).strip()):
        raise NumberFault(
            T("这是 Excel 的科学计数法，后几位已丢失；请把该列设为“文本”格式", "Excel's scientific notation has lost digits; format the column as text")
        )
    if len(text) != 18:
        raise NumberFault(T(f"统一社会信用代码应为 18 位，现为 {len(text)} 位", f"a credit code has 18 characters, not {len(text)}"))
    if wrong := sorted(set(text) - _VALUES.keys()):
        raise NumberFault(T(f"统一社会信用代码不含 {''.join(wrong)}", f"a credit code has no {''.join(wrong)}"))
    if not text[2:8].isdigit():
        raise NumberFault(T("第 3 至 8 位应为行政区划数字", "characters 3 to 8 are the digits of a division"))
    if uscc_check(text[:17]) != text[17]:
        raise NumberFault(
            T(f"统一社会信用代码校验位不符：最后一位应为 {uscc_check(text[:17])}", f"wrong check character: the last should be {uscc_check(text[:17])}")
        )
    if organisation_check(text[8:16]) != text[16]:
        raise NumberFault(T("第 17 位（组织机构代码校验位）不符", "the 17th character, the organisation code's own check, is wrong"))
    return text
