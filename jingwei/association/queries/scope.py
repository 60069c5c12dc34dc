"""What an actor may read of the register, as parameters of a statement."""

from datetime import date
from typing import Any

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.areas.queries import districts_in


def scope_of(actor: Actor, on: date) -> dict[str, Any]:
    """`areas` of business, `people`: the areas where the actor reads people, `districts` that the areas lie in, and the day."""
    areas, people = ([""], [""]) if actor is SYSTEM else (list(actor.areas()), list(actor.areas_of_any(READS_PEOPLE)))
    return {"areas": areas, "people": people, "districts": districts_in(areas), "on": on}
