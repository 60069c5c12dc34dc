"""Invented families in the demonstration's homes, through the real actions. Their numbers carry a region that does not exist, so that nobody has them."""

import random
from datetime import date, datetime, timedelta

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.times import localdate
from jingwei.registry.actions import HouseholdWanted, Newcomer, move, move_in
from jingwei.registry.models import Resident, Room
from jingwei.registry.rules.numbers import check_digit

HOMES = 90
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("试一", "试二", "试三", "试四", "试五", "试六", "试七", "试八", "试九", "试安", "试宁", "试和", "试明", "试清")


def _card(lot: random.Random, born: date, woman: bool) -> str:
    first = f"990101{born:%Y%m%d}{lot.randrange(100):02d}{lot.randrange(5) * 2 + (0 if woman else 1)}"
    return first + check_digit(first)


def _somebody(lot: random.Random, family: str, ages: tuple[int, int], today: date, woman: bool, relation: str) -> Newcomer:
    born = today - timedelta(days=lot.randint(ages[0] * 365, ages[1] * 365))
    return Newcomer({"name": family + lot.choice(_GIVEN), "identity_number": _card(lot, born, woman)}, relation=relation)


def load_residents(at: datetime) -> int:
    """Families in the first homes, some lodgers; a family that has moved. Answers how many people there are."""
    if Resident.objects.exists():
        return Resident.objects.count()
    today = localdate(at)
    homes = list(Room.objects.filter(use="residence", ended_date=None).order_by("place", "building_id", "unit", "floor", "number")[: HOMES * 3 : 3])
    moved = []
    for room in homes:
        lot = random.Random(room.code)  # noqa: S311  the same room, the same family
        family, other = lot.sample(_FAMILY, 2)
        people = [_somebody(lot, family, (30, 70), today, False, "户主")]
        if lot.random() < 0.7:
            people.append(_somebody(lot, other, (28, 66), today, True, "配偶"))
        daughters = [lot.random() < 0.5 for _ in range(lot.randrange(3))]
        people += [_somebody(lot, family, (1, 25), today, girl, "女" if girl else "子") for girl in daughters]
        since = today - timedelta(days=lot.randint(400, 9000))
        children = max((date(int(n[6:10]), int(n[10:12]), 1) for one in people if (n := one.facts["identity_number"])), default=since)
        number = HouseholdWanted(number=f"H{homes.index(room) + 1:04d}")
        moved.append(move_in(actor=SYSTEM, at=at, room_id=room.id, people=people, from_date=max(since, children), household=number, source="演示"))
    empty = Room.objects.filter(use="residence", ended_date=None).exclude(id__in=[room.id for room in homes]).order_by("place", "code")[:4]
    for room, here, kin in zip(empty, homes, moved, strict=False):
        move(actor=SYSTEM, at=at, residents=dict.fromkeys(kin.residents), from_room=here.id, room_id=room.id, on=today - timedelta(days=30))
    return Resident.objects.count()
