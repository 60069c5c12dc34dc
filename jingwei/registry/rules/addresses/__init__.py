"""Addresses on plain values: their normal form, their elements, and how a text fits a standard address."""

from jingwei.registry.rules.addresses.gazetteer import EMPTY, Gazetteer
from jingwei.registry.rules.addresses.matching import (
    Match,
    Parts,
    Reason,
    Standard,
    compare,
    core,
    endings,
    figure,
    likeness,
    parts_of,
    path,
    pieces,
    room_key,
    slips,
)
from jingwei.registry.rules.addresses.normal import fold, normal
from jingwei.registry.rules.addresses.parse import LABELS, LONGEST, Element, Reading, parse, read
from jingwei.registry.rules.addresses.tree import ALIAS_KINDS, BELOW, KINDS, NAME, STATUSES, WHOLE, kind_fault, name_fault, tidy

__all__ = [
    "ALIAS_KINDS",
    "BELOW",
    "EMPTY",
    "KINDS",
    "LABELS",
    "LONGEST",
    "NAME",
    "STATUSES",
    "WHOLE",
    "Element",
    "Gazetteer",
    "Match",
    "Parts",
    "Reading",
    "Reason",
    "Standard",
    "compare",
    "core",
    "endings",
    "figure",
    "fold",
    "kind_fault",
    "likeness",
    "name_fault",
    "normal",
    "parse",
    "parts_of",
    "path",
    "pieces",
    "read",
    "room_key", "slips",
    "tidy",
]  # fmt: skip
