"""Who plays which part: people that hold the right role over a place, as the rules of moves want it."""

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from jingwei.accounts.models import Grant, Unit
from jingwei.accounts.queries import actor_of_person
from jingwei.accounts.rules import ROLES, Actor, Held
from jingwei.catalogue.rules.process import Transition


class Nobody(LookupError):
    """No one may make that move there."""


class People:
    """The grants in force from `since` to `until`, and the actors behind them. `resting`: roles that nobody plays."""

    def __init__(self, since: date, until: date, resting: Collection[str] = ()) -> None:
        self.units = {u.pk: u for u in Unit.objects.current().order_by("path")}
        self.by_role: dict[str, list[tuple[int, Held]]] = defaultdict(list)
        self.resting = frozenset(resting)
        grants = Grant.objects.filter(period__contains=since, person__is_active=True, person__is_machine=False).filter(period__contains=until)
        for person, role, area, unit, path in grants.order_by("pk").values_list("person_id", "role", "area", "unit_id", "unit__path"):
            self.by_role[role].append((person, Held(role, area, unit, path or "")))
        self._actors: dict[int, Actor] = {}
        self._found: dict[Any, list[tuple[int, Held]]] = {}

    def actor(self, person: int) -> Actor:
        if person not in self._actors:
            found = actor_of_person(person)
            assert found
            self._actors[person] = found
        return self._actors[person]

    def _able(self, roles: Sequence[str], place: str, holder: str | None, stranger_to: str | None) -> list[tuple[int, Held]]:
        """Those nearest to the place: the grid's own before the street's; with `holder` people of that unit, or of one above it;
        nobody of the unit `stranger_to`."""
        key = (tuple(roles), place, holder, stranger_to)
        if key not in self._found:
            able = [
                (person, held)
                for role in roles
                for person, held in self.by_role[role]
                if place.startswith(held.area)
                and (holder is None or (held.unit_path and holder.startswith(held.unit_path)))
                and not (stranger_to and any(h.unit_path.startswith(stranger_to) for h in self.actor(person).held if h.unit_path))
            ]
            near = max(((len(h.unit_path) if holder else 0, len(h.area)) for _, h in able), default=None)
            self._found[key] = [(p, h) for p, h in able if (len(h.unit_path) if holder else 0, len(h.area)) == near]
        return self._found[key]

    def who(self, lot: random.Random, roles: Sequence[str], place: str, *, holder: str | None = None, stranger_to: str | None = None) -> tuple[Actor, str]:
        """Somebody with one of the roles over the place, and which. Raises Nobody."""
        able = [a for a in self._able(roles, place, holder, stranger_to) if a[1].role not in self.resting]
        if not able:
            raise Nobody(f"{'/'.join(ROLES[r].name.zh for r in roles)} {'/'.join(roles)}: {place}")
        person, held = lot.choice(able)
        return self.actor(person), held.role

    def mover(self, lot: random.Random, move: Transition, place: str, unit: int | None, assisting: int | None = None) -> tuple[Actor, str]:
        """Somebody who may make `move` on a case at `place` that `unit` holds. Raises Nobody."""
        if move.action == "assist_done":
            return self.who(lot, move.roles, place, holder=self.units[assisting].path if assisting else "-")
        path = self.units[unit].path if unit in self.units else None
        if (rest := [r for r in move.roles if r in self.resting]) and self._able(rest, place, (path or "-") if move.holder else None, None):
            raise Nobody(f"{'/'.join(rest)} rests")  # it is left to them
        if move.holder:
            return self.who(lot, move.roles, place, holder=path or "-")
        # In the order of the process: the first role that is there does it.
        stranger_to = path if "other_hand" in move.guards else None
        for role in move.roles:
            if self._able([role], place, None, stranger_to):
                return self.who(lot, [role], place, stranger_to=stranger_to)
        return self.who(lot, move.roles, place, stranger_to=stranger_to)

    def handlers(self, place: str) -> list[Unit]:
        """The units whose people may handle a case there."""
        able = {h.unit_id for role in ("department_clerk", "department_lead") for _, h in self.by_role[role] if place.startswith(h.area) and h.unit_id}
        return [unit for pk, unit in self.units.items() if pk in able]

    def handles(self, unit: int | None, place: str) -> bool:
        """Whether somebody of that unit, or of one above it, may handle a case there."""
        roles = ("department_clerk", "department_lead", "station_clerk", "street_operator")
        return unit in self.units and bool(self._able(roles, place, self.units[unit].path, None))

    def below(self, unit: int | None, place: str) -> list[Unit]:
        """Units right under `unit` that serve the place."""
        return [u for u in self.units.values() if u.parent_id == unit and place.startswith(u.area) and self.handles(u.pk, place)]
