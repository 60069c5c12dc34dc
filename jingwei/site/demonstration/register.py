"""The register of the quarter, through the real actions: the carried buildings get codes, some of them invented rooms. Each step may be repeated."""

import random
from datetime import datetime

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import add_pattern, change_building, issue_plates, register_buildings
from jingwei.registry.models import Building, Room
from jingwei.registry.rules.rooms import Pattern
from jingwei.site.demonstration.place import tiling

FLOOR = 3.3  # metres
HOUSES = 240  # buildings with rooms
_USES = ("residence", "residence", "residence", "office", "shop")


def load_rooms(at: datetime) -> int:
    """Codes for every building in a grid; rooms for those with a house number, most of them homes. Answers how many rooms there are."""
    for district in sorted({code[:6] for code in tiling()}):
        register_buildings(actor=SYSTEM, at=at, place=district)
    if not Room.objects.exists():
        for building in Building.objects.exclude(code="").exclude(number="").order_by("code").defer("geometry")[:HOUSES]:
            _furnish(building, at)
    return Room.objects.count()


def _furnish(building: Building, at: datetime) -> None:
    lot = random.Random(building.source_id)  # noqa: S311  the same building, the same rooms
    floors = max(1, min(30, round((building.height or lot.choice((7, 10, 20))) / FLOOR)))
    use = lot.choice(_USES) if floors > 2 else lot.choice(("residence", "shop"))
    units = ("",) if floors < 4 or use != "residence" else tuple(str(n) for n in range(1, lot.choice((1, 2, 3)) + 1))
    facts = {"use": use, "floors_above": floors, "floors_below": 0 if floors < 8 else 1, "units": len(units), "built_year": lot.randint(1920, 2010)}
    change_building(actor=SYSTEM, at=at, building_id=building.pk, seen_version=building.version, values=facts)
    pattern = Pattern(("",) if len(units) == 1 else units, 1, floors, lot.choice((2, 2, 3, 4)) if floors < 12 else 4)
    tenure = {"residence": "owner_occupied", "shop": "rented"}.get(use, "")
    add_pattern(actor=SYSTEM, at=at, building_id=building.pk, pattern=pattern, use=use, tenure=tenure)
    if lot.random() < 0.3:
        issue_plates(actor=SYSTEM, at=at, building_id=building.pk)
