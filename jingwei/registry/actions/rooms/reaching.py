"""A building or a room, locked, within the actor's reach; else not found, and never a hint that it exists."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.events.actions import Happening
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_keeps, check_seen, lock_many
from jingwei.registry.models import Building, Residency, Room
from jingwei.registry.models.common import within
from jingwei.registry.queries import building_subject


def reach_building(actor: Actor, building_id: int, roles: tuple[str, ...], seen: int | None = None) -> Building:
    """The standing building, locked."""
    scope = Q() if actor is SYSTEM else within(actor.areas())
    rows = Building.objects.select_related("address").filter(scope).defer("geometry")
    found: Building = lock_many(rows, [building_id])[building_id]
    check_keeps(actor, found.place, roles)
    check_seen(found, seen, **building_state(found))
    if found.period.upper is not None:
        raise NotFound(T("楼栋已注销", "the building has ended"))
    return found


def reach_rooms(actor: Actor, seen: dict[UUID, int | None], roles: tuple[str, ...] = READS_PEOPLE) -> list[Room]:
    """The standing rooms with these ids, locked; `seen`: the version that the actor saw of each."""
    found: dict[UUID, Room] = lock_many(Room.objects.visible_to(actor).select_related("building").defer("building__geometry"), seen)
    for id, room in found.items():
        check_keeps(actor, room.place, roles)
        check_seen(room, seen[id], **room_state(room))
        if room.ended_date is not None:
            raise NotFound(T("房屋已注销", "the room has ended"))
    return [found[id] for id in seen]


def lived_in(rooms: list[UUID]) -> set[UUID]:
    """Which of the rooms somebody lives in, today or later: a residency that has not ended. It lies in the resident's district, so all are asked."""
    return set(Residency.objects.filter(room_id__in=rooms, period__upper_inf=True).values_list("room_id", flat=True))


def building_state(building: Building) -> dict[str, Any]:
    names = (
        "id",
        "name",
        "name_en",
        "street",
        "number",
        "floors_above",
        "floors_below",
        "units",
        "use",
        "built_year",
        "height",
        "code",
        "address_id",
        "version",
    )
    return {name: getattr(building, name) for name in names}


def room_state(room: Room) -> dict[str, Any]:
    names = ("id", "unit", "floor", "number", "use", "tenure", "area", "code", "version", "ended_date")
    return {name: None if (value := getattr(room, name)) is None else value if isinstance(value, int | str) else str(value) for name in names}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What an event says of a change: each field with what stood there and what stands there now, the city's own by their names."""
    told = {name: [before[name], value] for name, value in after.items() if name != "more"}
    was, now = before.get("more", {}), after.get("more", {})
    return told | {name: [was.get(name), now.get(name)] for name in was.keys() | now.keys() if was.get(name) != now.get(name)}


def about_building(type: str, actor: Actor, at: Any, building: Building, **data: Any) -> Happening:
    return Happening(
        f"building.{type}", at, actor, "building", district_of_place(building.place), building_subject(building.pk), str(building.pk), building.place, data
    )


def about_room(type: str, actor: Actor, at: Any, room: Room, **data: Any) -> Happening:
    return Happening(f"room.{type}", at, actor, "room", room.district, room.id, room.code, room.place, data)
