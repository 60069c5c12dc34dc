"""Households: who keeps house together in a room, apart from moving."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.events.actions import Happening, record_all
from jingwei.kit import db
from jingwei.kit.errors import invalid
from jingwei.kit.ids import new_id
from jingwei.kit.times import localdate
from jingwei.registry.actions.residents.holding import locked_household
from jingwei.registry.models import Household, Residency


def _require_number(home: Household) -> None:
    others = Household.objects.filter(district=home.district, room_id=home.room_id, number=home.number, to_date=None).exclude(id=home.id)
    if home.number and others.exists():
        raise invalid("number", "这间房已有这个户号", "the room has a household of that number")


def _record(type: str, actor: Actor, at: datetime, home: Household, data: Mapping[str, object]) -> None:
    record_all([Happening(type, at, actor, "household", home.district, home.id, home.number, home.place, data, actor.unit_for(home.place))])


@transaction.atomic
def split_household(
    *, actor: Actor, at: datetime, household_id: UUID, seen_version: int, residents: Sequence[UUID], head: UUID, kind: str = "family", number: str = ""
) -> Household:
    """Some of a household keep house of their own from today on, in the same room, with a head of theirs. Their residencies end and go on at once, so
    that the room's state on an earlier day stays what it was.

    Raises NotFound, Conflict, Refused (ended), Invalid.
    """
    home = locked_household(actor, household_id, seen_version)
    here = Residency.objects.filter(household_id=household_id, period__endswith=None).exclude(end_reason="mistake").select_for_update(no_key=True)
    stays = {s.resident_id: s for s in here}
    leaving = [stays[id] for id in dict.fromkeys(residents) if id in stays]
    if len(leaving) < len(set(residents)) or not leaving:
        raise invalid("residents", "应为这一户的成员", "members of this household")
    if len(leaving) == len(stays):
        raise invalid("residents", "全部成员都分出去，就不是分户", "a household is not split off whole")
    if head not in residents:
        raise invalid("head", "户主应在分出的成员之中", "the head is one of those who leave")
    today = localdate(at)
    new = Household(district=home.district, id=new_id(home.district, at), place=home.place, room_id=home.room_id, kind=kind, head_id=head, from_date=today)
    new.number = number.strip()
    _require_number(new)
    new.save(force_insert=True)
    for stay in leaving:
        _goes_on(stay, new, "02" if stay.resident_id == head else "", at)
    if home.head_id in residents:
        home.head_id = None
    home.version += 1
    home.save(update_fields=["head_id", "version"])
    data = {"household": str(new.id), "residents": [str(s.resident_id) for s in leaving], "head": str(head), "room": str(home.room_id)}
    _record("household.split", actor, at, home, data)
    return new


def _goes_on(stay: Residency, home: Household, relation: str, at: datetime) -> None:
    """A residency goes on in another household from today; one that began today just belongs to it."""
    today = localdate(at)
    if stay.period.lower < today:
        Residency.objects.filter(district=stay.district, id=stay.id).update(
            period=db.days(stay.period.lower, today), end_reason="split", version=stay.version + 1
        )
        stay.id, stay.period, stay.version = new_id(stay.district, at), db.days(today, None), 1
        stay.household_id, stay.relation = home.id, relation
        stay.save(force_insert=True)
    else:
        stay.household_id, stay.relation, stay.version = home.id, relation, stay.version + 1
        stay.save(update_fields=["household_id", "relation", "version"])


@transaction.atomic
def change_household(
    *, actor: Actor, at: datetime, household_id: UUID, seen_version: int, head: UUID | None = None, number: str | None = None, kind: str | None = None
) -> Household:
    """Who heads a household, its number, its kind. Raises NotFound, Conflict, Refused (ended), Invalid."""
    home = locked_household(actor, household_id, seen_version)
    said: dict[str, object] = {}
    if head is not None and head != home.head_id:
        if not Residency.objects.filter(household_id=household_id, resident_id=head, period__endswith=None).exclude(end_reason="mistake").exists():
            raise invalid("head", "户主应是这一户的成员", "the head is a member of the household")
        home.head_id = head
        said["head"] = str(head)
    if number is not None and number.strip() != home.number:
        home.number = number.strip()
        _require_number(home)
        said["number"] = home.number
    if kind is not None and kind != home.kind:
        if kind not in ("family", "collective"):
            raise invalid("kind", "户类型应为家庭户或集体户", "a family or a collective")
        home.kind = kind
        said["kind"] = kind
    if said:
        home.version += 1
        home.save(update_fields=["head_id", "number", "kind", "version"])
        _record("household.changed", actor, at, home, said)
    return home
