"""Conditions in SQL that the statements about buildings and rooms share."""

from collections.abc import Collection
from typing import Any

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.registry.rules.rooms import State, state_of

# Persons with a residency in the room on the day; two records that were merged are one person.
PEOPLE = """
select count(distinct coalesce(p.merged_into, p.id)) from registry_residency l join registry_resident p on p.district = l.district and p.id = l.resident_id
 where l.room_id = r.id and l.period @> %(on)s::date"""
PREMISES = "select count(*) from registry_premises o where o.room_id = r.id and o.period @> %(on)s::date"


def state_shown(use: str, tenure: str, residents: int, organisations: int, off: Collection[str]) -> State:
    """A room's state as its fields that are not `off` tell it."""
    return state_of("" if "use" in off else use, "" if "tenure" in off else tenure, residents, organisations)


def within_areas(actor: Actor, column: str, parameters: dict[str, Any]) -> str:
    """SQL that is true where `column` lies in the actor's areas of business."""
    if actor is SYSTEM:
        return "true"
    areas = actor.areas()
    for i, area in enumerate(areas):
        parameters[f"area{i}"] = area + "%"
    return "(" + (" or ".join(f"{column} like %(area{i})s" for i in range(len(areas))) or "false") + ")"


def reads_people(actor: Actor, place: str) -> bool:
    return actor.holds(READS_PEOPLE, place)
