"""Rows about city components."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jingwei.kit.text import T
from jingwei.registry.rules.components import ACCURACIES, CodeFault, read_code
from jingwei.registry.rules.imports.kinds import KINDS, STATES
from jingwei.registry.rules.imports.rows import RowFault, choice, day, digits, each, fault, short
from jingwei.registry.rules.imports.shapes import shape_of
from jingwei.registry.rules.numbers import NumberFault, uscc

COMPONENT = KINDS["components"]


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """What a row says of a component. `klass`: its class in the file's own word, or "" where the code says it."""

    number: int
    code: str
    klass: str
    source_id: str
    shape: str
    crs: str
    facts: Mapping[str, Any]


def _code(text: str) -> str:
    try:
        return str(read_code(digits(text)))
    except CodeFault as wrong:
        raise RowFault(wrong.why) from None


def _credit(text: str) -> str:
    try:
        return uscc(text)
    except NumberFault as wrong:
        raise RowFault(wrong.why) from None


def _accuracy(text: str) -> str:
    if text[:1].upper() not in ACCURACIES:
        raise RowFault(T("精度为 A、B 或 C", "the accuracy is A, B or C"))
    return text[:1].upper()


def read_component(line: int, said: Mapping[str, str], crs: str) -> ComponentRow:
    """Raises RowFault."""
    facts = each(
        COMPONENT,
        said,
        {
            "code": _code,
            "class": lambda t: short(t, 60),
            "source_id": lambda t: short(digits(t), 60),
            "name": lambda t: short(t, 60),
            "state": lambda t: choice(STATES, t),
            "accuracy": _accuracy,
            "placed_date": day,
            "changed_date": day,
            "note": lambda t: short(t, 1000),
            "address": lambda t: short(t, 200),
            **{part: lambda t: short(t, 100) for part in ("department", "owner", "keeper")},
            **{f"{part}_code": _credit for part in ("department", "owner", "keeper")},
        },
    )
    try:
        shape, kept = shape_of(said, crs)
    except RowFault as wrong:
        raise fault(COMPONENT, "geometry", wrong.why) from None
    if not shape:
        raise fault(COMPONENT, "geometry", T("没有位置：请给出经纬度或图形", "no position: give longitude and latitude, or a geometry"))
    code, klass, source_id = (str(facts.pop(name, "")) for name in ("code", "class", "source_id"))
    if not code and not klass:
        raise fault(COMPONENT, "class", T("没有类别，也没有标识码", "neither a class nor a code"))
    return ComponentRow(line, code, klass, source_id, shape, kept, facts)
