"""Households: who keeps house together in a room, apart from moving."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.events.actions import Happening, record_all
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.residents.holding import locked_household, require_fields
from jingwei.registry.models import Household, Residency
from jingwei.registry.queries.fields import fields_on
from jingwei.registry.rules.relations import HEAD, HOUSEHOLD_KINDS, relation


def _require_number(home: Household) -> None:
    others = Household.objects.filter(district=home.district, room_id=home.room_id, number=home.number, to_date=None).exclude(id=home.id)
    if home.number and others.exists():
        raise invalid("number", "这间房已有这个户号", "the room has a household of that number")


def _members(household_id: UUID) -> dict[UUID, Residency]:
    """The residencies of those who live in a household now, locked, by their residents."""
    here = Residency.objects.filter(household_id=household_id, period__endswith=None).exclude(end_reason="mistake").select_for_update(no_key=True)
    return {stay.resident_id: stay for stay in here.order_by("id")}


def _relations(said: Mapping[UUID, str], head: UUID, among: Collection[UUID]) -> dict[UUID, str]:
    """How each of a household stands to its head: 户主, what is said, else "". What they were to another head says nothing of this one.

    Raises Invalid (`relations.N`): no relation of GB/T 4761, a second head, somebody else's.
    """
    faults = []
    for n, (id, text) in enumerate(said.items()):
        code = relation(text)
        if id not in among or id == head:
            faults.append(FieldError(f"relations.{n}", T("应为户主以外的成员", "a member, and not the head")))
        elif code is None:
            faults.append(FieldError(f"relations.{n}", T("不是与户主的关系", "no relation of GB/T 4761")))
        elif code in HEAD:
            faults.append(FieldError(f"relations.{n}", T("一户只有一位户主", "a household has one head")))
    if faults:
        raise Invalid(errors=faults)
    if any(said.values()):
        require_fields("residency", ["relation"])
    kept = "relation" in fields_on("residency")
    return {id: "" if not kept else "02" if id == head else relation(said.get(id, "")) or "" for id in among}


def _record(type: str, actor: Actor, at: datetime, home: Household, data: Mapping[str, object]) -> None:
    record_all([Happening(type, at, actor, "household", home.district, home.id, home.number, home.place, data, actor.unit_for(home.place))])


@transaction.atomic
def split_household(
    *,
    actor: Actor,
    at: datetime,
    household_id: UUID,
    seen_version: int,
    residents: Sequence[UUID],
    head: UUID,
    kind: str = "family",
    number: str = "",
    relations: Mapping[UUID, str] | None = None,
) -> Household:
    """Some of a household keep house of their own from today on, in the same room, with a head of theirs and `relations` to that head. Their
    residencies end and go on at once, so that the room's state on an earlier day stays what it was.

    Raises NotFound, Conflict, Refused (ended), Invalid.
    """
    home = locked_household(actor, household_id, seen_version)
    stays = _members(household_id)
    leaving = [stays[id] for id in dict.fromkeys(residents) if id in stays]
    if len(leaving) < len(set(residents)) or not leaving:
        raise invalid("residents", "应为这一户的成员", "members of this household")
    if len(leaving) == len(stays):
        raise invalid("residents", "全部成员都分出去，就不是分户", "a household is not split off whole")
    if head not in residents:
        raise invalid("head", "户主应在分出的成员之中", "the head is one of those who leave")
    require_fields("household", ["number"] if number.strip() else [])
    standing = _relations(relations or {}, head, residents)
    today = localdate(at)
    new = Household(district=home.district, id=new_id(home.district, at), place=home.place, room_id=home.room_id, kind=kind, head_id=head, from_date=today)
    new.number = number.strip()
    _require_number(new)
    new.save(force_insert=True)
    for stay in leaving:
        _goes_on(stay, new, standing[stay.resident_id], at)
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
    *,
    actor: Actor,
    at: datetime,
    household_id: UUID,
    seen_version: int,
    head: UUID | None = None,
    number: str | None = None,
    kind: str | None = None,
    relations: Mapping[UUID, str] | None = None,
) -> Household:
    """Who heads a household, its number, its kind. With another head everybody's relation is to that one: as said in `relations`, else unknown; what
    they were before stands in the record.

    Raises NotFound, Conflict, Refused (ended; a field that is off), Invalid.
    """
    home = locked_household(actor, household_id, seen_version)
    said: dict[str, object] = {}
    if head is not None and head != home.head_id:
        stays = _members(household_id)
        if head not in stays:
            raise invalid("head", "户主应是这一户的成员", "the head is a member of the household")
        said |= {"head": str(head), "relations_before": _stand_to(head, stays, relations or {})}
        home.head_id = head
    elif relations:
        raise invalid(
            "relations", "与户主关系随户主一起更改；单独更正请用居住记录的“更正”", "relations change with the head; one alone is put right in its residency"
        )
    if number is not None and number.strip() != home.number:
        require_fields("household", ["number"] if number.strip() else [])
        home.number = number.strip()
        _require_number(home)
        said["number"] = home.number
    if kind is not None and kind != home.kind:
        if kind not in HOUSEHOLD_KINDS:
            raise invalid("kind", "户类型应为家庭户或集体户", "a family or a collective")
        home.kind = kind
        said["kind"] = kind
    if said:
        home.version += 1
        home.save(update_fields=["head_id", "number", "kind", "version"])
        _record("household.changed", actor, at, home, said)
    return home


def _stand_to(head: UUID, stays: Mapping[UUID, Residency], said: Mapping[UUID, str]) -> dict[str, str]:
    """Write everybody's relation to the new head; answers what those were that changed."""
    new = {id: code for id, code in _relations(said, head, stays).items() if code != stays[id].relation}
    rows = [stays[id] for id in new]
    db.run(
        """update registry_residency s set relation = c.relation, version = s.version + 1
             from unnest(%(ids)s::uuid[], %(relations)s::text[]) c(id, relation) where s.district = any(%(districts)s) and s.id = c.id""",
        {"districts": sorted({s.district for s in rows}), "ids": [s.id for s in rows], "relations": list(new.values())},
    )
    return {str(id): stays[id].relation for id in new}
