"""Residents, households, residencies: who comes, moves, leaves; which records are one person; who looked."""

from jingwei.registry.actions.residents.households import change_household, split_household
from jingwei.registry.actions.residents.looking import Unmasked, link_looks, record_printing, record_reading, unmask
from jingwei.registry.actions.residents.merging import merge_residents, tell_apart, unmerge_residents
from jingwei.registry.actions.residents.moving import correct_residency, end_resident, move, move_out
from jingwei.registry.actions.residents.registering import HouseholdWanted, MovedIn, Newcomer, change_resident, move_in, register_resident

__all__ = [
    "HouseholdWanted",
    "MovedIn",
    "Newcomer",
    "Unmasked",
    "change_household",
    "change_resident",
    "correct_residency",
    "end_resident",
    "link_looks",
    "merge_residents",
    "move",
    "move_in",
    "move_out",
    "record_printing",
    "record_reading",
    "register_resident",
    "split_household",
    "tell_apart",
    "unmask",
    "unmerge_residents",
]
