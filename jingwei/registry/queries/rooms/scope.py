"""Conditions in SQL that the statements about buildings and rooms share."""

from collections.abc import Collection
from typing import Any

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.kit.scope import begins_with
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
    return "true" if actor is SYSTEM else begins_with(column, actor.areas(), parameters)


def reads_people(actor: Actor, place: str) -> bool:
    return actor.holds(READS_PEOPLE, place)
