"""Addresses on plain values: their normal form, their elements, and how a text fits a standard address."""

from jingwei.registry.rules.addresses.gazetteer import EMPTY, Gazetteer
from jingwei.registry.rules.addresses.matching import Match, Parts, Reason, Standard, compare, core, endings, likeness, parts_of, path, pieces, room_key
from jingwei.registry.rules.addresses.normal import fold, normal
from jingwei.registry.rules.addresses.parse import LABELS, LONGEST, Element, Reading, parse, read

__all__ = [
    "EMPTY", "LABELS", "LONGEST", "Element", "Gazetteer", "Match", "Parts", "Reading", "Reason", "Standard",
    "compare", "core", "endings", "fold", "likeness", "normal", "parse", "parts_of", "path", "pieces", "read", "room_key",
]  # fmt: skip
