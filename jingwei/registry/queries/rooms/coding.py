"""The coding rules that a city had, has and has announced."""

from jingwei.registry.models import CodingRule


def coding_rules() -> list[CodingRule]:
    """The newest first; none where the shipped set holds."""
    return list(CodingRule.objects.order_by("kind", "-valid_from"))
