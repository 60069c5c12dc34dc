"""Telephone numbers: what they must look like. And what a number that can't be one says."""

import re
import unicodedata

from jingwei.kit.text import T

SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{2}", re.IGNORECASE)


class NumberFault(ValueError):
    """A number that can't be one; `why` says what to do."""

    def __init__(self, why: T) -> None:
        super().__init__(why.en)
        self.why = why


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[1-9][0-9]{1,2}[1-9][0-9]{6,7}(?:X[0-9]{1,6})?|[1-9][0-9]{6,7}|[48]00[0-9]{7}")
_ABROAD = re.compile(r"00[1-9][0-9]{6,14}|\+[1-9][0-9]{6,14}")


def telephone(number: str) -> str:
    """A telephone number in its one form: mobile 11 digits, land line with or without area code, +country for others. Raises NumberFault."""
    text = unicodedata.normalize("NFKC", number).strip()
    if SCIENTIFIC.fullmatch(text):
        raise NumberFault(T("这是 Excel 的科学计数法；请把该列设为“文本”格式", "Excel's scientific notation; format the column as text"))
    text = re.sub(r"(?:转|ext\.?|x)\s*", "X", text, flags=re.IGNORECASE)
    text = re.sub(r"[\s()\-—.·]", "", text)
    for sign in ("+86", "0086"):
        if text.startswith(sign):
            text = text[len(sign) :]
            text = text if text.startswith(("0", "1")) or not text.isdigit() or len(text) < 9 else "0" + text
    if text.startswith("00"):
        text = "+" + text[2:]
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text) or _ABROAD.fullmatch(text):
        return text
    raise NumberFault(T("不是电话号码：手机为 11 位，座机请带区号", "not a telephone number: a mobile has 11 digits, a land line its area code"))
