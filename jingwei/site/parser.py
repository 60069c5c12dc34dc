"""Reading what comes in: JSON in UTF-8 that the database can keep. What it can't keep is refused by the name of its field."""

import json
from math import isfinite
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from jingwei.kit.errors import FieldError, Invalid, Problem
from jingwei.kit.text import T

DEEPEST = 16
_TEXT = T("含有无法保存的字符", "it has characters that can't be kept")
_NUMBER = T("不是有效的数", "not a number")
_DEPTH = T("嵌套过深", "nested too deeply")


class StrictParser(Parser):
    """Refuses NUL and lone surrogates (no text of PostgreSQL's), NaN and Infinity (no numbers of JSON's), and depths without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            data = json.loads(request.body.decode())
        except UnicodeDecodeError:
            raise Problem(T("请求的内容不是 UTF-8", "the request is not UTF-8"), code="unreadable") from None
        except (ValueError, RecursionError):
            raise Problem(T("请求的内容不是有效的 JSON", "the request is not valid JSON"), code="unreadable") from None
        return _kept(data)

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        return _kept(super().parse_querydict(data, list_fields, request), flat=True)  # type: ignore[no-any-return]


def _kept(data: Any, *, flat: bool = False) -> Any:
    """`data` itself. Raises Invalid with every field that can't be kept; of `flat` data (an address) the place in a list is not told."""
    faults: list[FieldError] = []
    _look(data, (), faults)
    if faults:
        raise Invalid(errors=[FieldError(f.field.split(".")[0], f.message) if flat else f for f in faults[:20]])
    return data


def _look(value: Any, path: tuple[str, ...], faults: list[FieldError]) -> None:
    if isinstance(value, str):
        if not _storable(value):
            faults.append(FieldError(".".join(path) or "body", _TEXT))
    elif isinstance(value, float):
        if not isfinite(value):
            faults.append(FieldError(".".join(path) or "body", _NUMBER))
    elif isinstance(value, dict | list):
        if len(path) >= DEEPEST:
            faults.append(FieldError(".".join(path), _DEPTH))
            return
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str) and not _storable(key):
                faults.append(FieldError(".".join((*path, "?")), _TEXT))
            else:
                _look(inner, (*path, str(key)), faults)


def _storable(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))
