"""Rooms on plain values: what a number on a door says, how codes are made, which rooms a building of a pattern has, which state a room is in."""

from jingwei.registry.rules.rooms.coding import DEFAULT, KINDS, SHIPPED, Draft, Facts, RuleSet, code_of, draft, example, rule_faults
from jingwei.registry.rules.rooms.doors import DEEPEST, TALLEST, Door, floor_name, floor_of, full_number, read_door
from jingwei.registry.rules.rooms.planning import MOST_ROOMS, Pattern, State, plan, state_of

__all__ = [
    "DEEPEST", "DEFAULT", "KINDS", "MOST_ROOMS", "SHIPPED", "TALLEST", "Door", "Draft", "Facts", "Pattern", "RuleSet", "State",
    "code_of", "draft", "example", "floor_name", "floor_of", "full_number", "plan", "read_door", "rule_faults", "state_of",
]  # fmt: skip
