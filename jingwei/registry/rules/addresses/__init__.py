"""Addresses on plain values: their normal form, their elements."""

from jingwei.registry.rules.addresses.gazetteer import EMPTY, Gazetteer
from jingwei.registry.rules.addresses.normal import fold, normal
from jingwei.registry.rules.addresses.parse import LABELS, LONGEST, Element, parse

__all__ = ["EMPTY", "LABELS", "LONGEST", "Element", "Gazetteer", "fold", "normal", "parse"]
