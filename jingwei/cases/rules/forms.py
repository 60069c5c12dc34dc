"""What came in a move's form, checked against the fields that the process wants."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from jingwei.catalogue.rules.process import Field, Transition
from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T

LONGEST = {"text": 200, "longtext": 5000, "choice": 100}
MOST_FILES = 20
MOST_UNITS = 20
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
UNSEEN = re.compile("[\\s\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u3164]*")  # spaces, and letters that nobody sees
MOST_DAYS = 180


def read_form(move: Transition, form: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values by field name, parsed: unit, called and condition int, units list of int, files list of UUID, score and
    days int, case and matter text, datetime aware, position {lon, lat}. Empty optional fields are left out. Raises Invalid naming every wrong field."""
    wanted = {f.name: f for f in move.form}
    errors = [FieldError(f"form.{name}", T("此动作没有这一项", "this move has no such field")) for name in form if name not in wanted]
    values: dict[str, Any] = {}
    for name, field in wanted.items():
        given = form.get(name)
        if given is None or given == [] or (isinstance(given, str) and is_blank(given)):
            if field.required:
                errors.append(FieldError(f"form.{name}", T(f"请填写“{field.label.zh}”", f"{field.label.en} is required")))
            continue
        try:
            values[name] = _read(field, given)
        except (ValueError, TypeError, OverflowError) as error:
            message = error.args[0] if error.args and isinstance(error.args[0], T) else T("填写有误", "this value is wrong")
            errors.append(FieldError(f"form.{name}", message))
    if errors:
        raise Invalid(errors=errors)
    return values


def _read(field: Field, given: Any) -> Any:
    match field.kind:
        case "text" | "longtext" | "choice":
            return text(given, LONGEST[field.kind])
        case "unit" | "condition" | "called":
            return _number(given, 1, 2**62)
        case "units":
            if not isinstance(given, list) or len(given) > MOST_UNITS:
                raise ValueError(T(f"应为单位列表，最多 {MOST_UNITS} 个", f"a list of at most {MOST_UNITS} units"))
            return list(dict.fromkeys(_number(one, 1, 2**62) for one in given))
        case "position":
            return _position(given)
        case "score":
            return _number(given, 1, 5)
        case "days":
            return _number(given, 1, MOST_DAYS)
        case "matter" | "case":
            return text(given, 60)
        case "files":
            if not isinstance(given, list) or len(given) > MOST_FILES:
                raise ValueError(T(f"附件应为列表，最多 {MOST_FILES} 个", f"a list of at most {MOST_FILES} files"))
            return list(dict.fromkeys(UUID(str(f)) for f in given))
        case "datetime":
            moment = datetime.fromisoformat(given) if isinstance(given, str) else given
            if not isinstance(moment, datetime) or moment.tzinfo is None:
                raise ValueError(T("时间须带时区", "the time needs its time zone"))
            if not 2000 <= moment.astimezone(UTC).year <= 2100:
                raise ValueError(T("时间不在 2000 至 2100 年之间", "the time is not between 2000 and 2100"))
            return moment


def _position(given: Any) -> dict[str, float]:
    """Where an act was done, WGS-84: {lon, lat}."""
    if not isinstance(given, dict) or set(given) != {"lon", "lat"}:
        raise ValueError(T("位置应有经度和纬度", "a position has lon and lat"))
    values = {name: given[name] for name in ("lon", "lat")}
    for name, most in (("lon", 180), ("lat", 90)):
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise ValueError(T("经纬度超出范围", "the position is off the earth"))
    return {name: round(float(value), 6) for name, value in values.items()}


def is_blank(given: str) -> bool:
    return UNSEEN.fullmatch(given) is not None


def text(given: Any, longest: int) -> str:
    """Trimmed text without control characters (but line breaks and tabs). Raises ValueError(T)."""
    if not isinstance(given, str):
        raise ValueError(T("应为文字", "text was expected"))
    trimmed = given.strip()
    if len(trimmed) > longest:
        raise ValueError(T(f"最多 {longest} 字", f"at most {longest} characters"))
    if UNFIT.search(trimmed):
        raise ValueError(T("含有无法保存的字符", "it has characters that can't be kept"))
    return trimmed


def _number(given: Any, low: int, high: int) -> int:
    digits = isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 20
    if isinstance(given, bool) or not (isinstance(given, int) or digits):
        raise ValueError(T("应为整数", "a whole number was expected"))
    number = int(given)
    if not low <= number <= high:
        raise ValueError(T(f"应在 {low} 至 {high} 之间", f"between {low} and {high}"))
    return number
