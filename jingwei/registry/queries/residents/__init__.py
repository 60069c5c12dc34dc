"""Residents, households, residencies, looks."""

from jingwei.registry.queries.residents.facts import ABOUT, Known, known, opened, sealed
from jingwei.registry.queries.residents.homes import Home, home_name, homes_found
from jingwei.registry.queries.residents.likely import LikelyPair, LikelyPairs, likely_pairs
from jingwei.registry.queries.residents.lists import Found, Listed, ResidentFilter, residents_page, residents_search
from jingwei.registry.queries.residents.looks import Look, SubjectLooks, looks_of_ticket, looks_page
from jingwei.registry.queries.residents.pages import (
    HouseholdWhole,
    Lived,
    Member,
    ResidentWhole,
    RoomPeople,
    household_whole,
    keeps_register,
    people_of_room,
    rooms_of_resident,
    whole_resident,
)
from jingwei.registry.queries.residents.places import RoomNamed, rooms_found, rooms_named

__all__ = [
    "ABOUT",
    "Found",
    "Home",
    "HouseholdWhole",
    "Known",
    "LikelyPair",
    "LikelyPairs",
    "Listed",
    "Lived",
    "Look",
    "Member",
    "ResidentFilter",
    "ResidentWhole",
    "RoomNamed",
    "RoomPeople",
    "SubjectLooks",
    "home_name",
    "homes_found",
    "household_whole",
    "keeps_register",
    "known",
    "likely_pairs",
    "looks_of_ticket",
    "looks_page",
    "opened",
    "people_of_room",
    "residents_page",
    "residents_search",
    "rooms_found",
    "rooms_named",
    "rooms_of_resident",
    "sealed",
    "whole_resident",
]
