"""The coding rules that a city had, has and has announced."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from jingwei.kit.errors import FieldError, Invalid
from jingwei.registry.models import CodingRule
from jingwei.registry.rules import rooms as rules


def coding_rules() -> list[CodingRule]:
    """The newest first; none where the shipped set holds."""
    return list(CodingRule.objects.order_by("kind", "-valid_from"))


def example_code(*, kind: str, parts: Sequence[dict[str, Any]], on: date) -> str:
    """What a code of these parts would be; a room's begins with a code as buildings get it on that day. Raises Invalid that names the parts."""
    if faults := rules.rule_faults(kind, parts):
        raise Invalid(errors=[FieldError(f"parts.{i}", why) for i, why in faults])
    return rules.example(kind, parts, building_example(coding_rules(), on))


def building_example(known: Sequence[CodingRule], on: date) -> str:
    """A building's code by the rule that holds on a day."""
    holds = (rule.parts for rule in known if rule.kind == "building" and rule.valid_from <= on and (rule.valid_to is None or rule.valid_to > on))
    return rules.example("building", next(holds, rules.DEFAULT.building))
