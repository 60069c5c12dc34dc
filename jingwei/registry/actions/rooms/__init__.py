"""Buildings are registered and get codes, their rooms are added, changed, split, merged and ended; plates are given out."""

from jingwei.registry.actions.rooms.buildings import (
    BuildingFacts,
    Registered,
    change_building,
    end_building,
    enter_building,
    register_building,
    register_buildings,
)
from jingwei.registry.actions.rooms.coding import change_coding_rule, give_codes, rule_on
from jingwei.registry.actions.rooms.plates import issue_plates, print_plates, void_plate
from jingwei.registry.actions.rooms.rooms import NewRoom, add_pattern, add_rooms, change_room, end_room, merge_rooms, split_room

__all__ = [
    "BuildingFacts", "NewRoom", "Registered", "add_pattern", "add_rooms", "change_building", "change_coding_rule", "change_room", "end_building", "end_room",
    "enter_building", "give_codes", "issue_plates", "merge_rooms", "print_plates", "register_building", "register_buildings", "rule_on", "split_room",
    "void_plate",
]  # fmt: skip
