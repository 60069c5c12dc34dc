"""Organisations are registered, changed and closed; they open and close premises."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, Actor
from jingwei.kit import crypto, db
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import FieldError, Forbidden, Invalid, Refused, invalid
from jingwei.kit.ids import district_of, new_id
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import Spot, change, check_keeps, done_before, known_place, lock_one, note, placed, refuse, write
from jingwei.registry.models import Building, Organisation, Premises, Room
from jingwei.registry.queries import require_on
from jingwei.registry.rules import organisations as rules
from jingwei.registry.rules.numbers import NumberFault, telephone, uscc

KEEPS_ORGANISATIONS = tuple(dict.fromkeys((*READS_PEOPLE, *KEEPS_REGISTER)))
CONTACT, PHONE = "organisation.contact", "organisation.phone"


@dataclass(frozen=True)
class OrganisationFacts:
    """What somebody writes down of an organisation. `contact` and `phone` None: they stay as they are."""

    name: str
    uscc: str = ""
    kind: str = "enterprise"
    status: str = "active"
    industry: str = ""
    contact: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class PremisesFacts:
    """Where an organisation does business from a day on: in a room, in a building, or at an address with its point."""

    from_date: date
    building_id: int | None = None
    room_id: UUID | None = None
    address: str = ""
    spot: Spot | None = None
    use: str = ""


def said(organisation: Organisation) -> dict[str, Any]:
    """How it stands, for somebody who saw an older version."""
    return {"name": organisation.name, "status": organisation.status}


@transaction.atomic
def register_organisation(
    *,
    actor: Actor,
    at: datetime,
    facts: OrganisationFacts,
    place: str = "",
    premises: PremisesFacts | None = None,
    source: str = "",
    command: str | None = None,
) -> Organisation:
    """An organisation is known from now on, where its first premises are, or in a `place`.

    Raises Invalid (naming the field), Forbidden, Refused (`uscc_known`, also when somebody registers the same code at this moment).
    """
    where = _where(actor, premises, at) if premises else None
    place = where["place"] if where else known_place(place)
    check_keeps(actor, place, KEEPS_ORGANISATIONS)
    district = district_of_place(place)
    if done := done_before(command, actor, district, "organisation.registered"):
        return Organisation.objects.get(district=district, id=done)
    values = _values(facts)
    if facts.status == "closed":
        raise invalid("status", "请先登记，再注销", "register it first, then close it")
    require_on("organisation", _written(values), new=True)
    _refuse_known(actor, values["uscc"])
    organisation = Organisation(district=district, id=new_id(district, at), place=place, source=source, **values)
    organisation.save(force_insert=True)
    note(
        "organisation.registered", actor=actor, at=at, row=organisation, subject="organisation", command=command,
        data={"name": organisation.name, "uscc": organisation.uscc, "kind": organisation.kind},
    )  # fmt: skip
    if premises and where:
        _open(actor, at, organisation, premises, where, source)
    return organisation


@transaction.atomic
def change_organisation(*, actor: Actor, at: datetime, organisation_id: UUID, seen_version: int, facts: OrganisationFacts) -> Organisation:
    """What is written of an organisation becomes `facts`. Raises NotFound, Conflict, Forbidden, Invalid, Refused (`uscc_known`, closed)."""
    organisation = lock_one(Organisation, actor, organisation_id, seen_version, said)
    check_keeps(actor, organisation.place, KEEPS_ORGANISATIONS)
    if organisation.status == "closed":
        raise Refused(T("已注销的单位不再改动", "a closed organisation is not changed"), code="organisation_closed")
    if facts.status == "closed":
        raise invalid("status", "注销请用“注销”", "use “close” to close it")
    values = _values(facts)
    if values["uscc"] != organisation.uscc:
        _refuse_known(actor, values["uscc"])
    require_on("organisation", _written({k: v for k, v in values.items() if getattr(organisation, k) != v}))
    if before := change(organisation, values):
        sealed = {"contact_sealed", "phone_sealed", "phone_index"}
        data = {"before": {k: v for k, v in before.items() if k not in sealed}, "fields": sorted(before), "version": organisation.version}
        note("organisation.changed", actor=actor, at=at, row=organisation, subject="organisation", data=data)
    return organisation


@transaction.atomic
def close_organisation(*, actor: Actor, at: datetime, organisation_id: UUID, seen_version: int, on: date) -> Organisation:
    """The organisation is gone from `on` on, and with it its premises. Its pledges, frontage and signs keep their own ends.

    Raises NotFound, Conflict, Forbidden, Invalid, Refused when it is closed already.
    """
    organisation = lock_one(Organisation, actor, organisation_id, seen_version, said)
    check_keeps(actor, organisation.place, KEEPS_ORGANISATIONS)
    if organisation.status == "closed":
        raise Refused(T("该单位已注销", "it is closed already"), code="organisation_closed")
    if on > localdate(at):
        raise invalid("on", "日期不能晚于今天", "the date lies in the future")
    closed = 0
    for premises in Premises.objects.select_for_update().filter(district=organisation.district, organisation_id=organisation.id).order_by("id"):
        closed += _end(premises, on)
    organisation.status, organisation.ended_date = "closed", on
    organisation.version += 1
    write(organisation, "status", "ended_date")
    data = {"on": on, "premises": closed, "version": organisation.version}
    note("organisation.closed", actor=actor, at=at, row=organisation, subject="organisation", data=data)
    return organisation


@transaction.atomic
def open_premises(*, actor: Actor, at: datetime, organisation_id: UUID, premises: PremisesFacts, source: str = "") -> Premises:
    """The organisation does business there from a day on. Raises NotFound, Forbidden, Invalid, Refused (`premises_open`: it does so already)."""
    organisation = lock_one(Organisation, actor, organisation_id)
    where = _where(actor, premises, at)
    check_keeps(actor, where["place"], KEEPS_ORGANISATIONS)
    if organisation.status == "closed":
        raise Refused(T("该单位已注销", "it is closed"), code="organisation_closed")
    return _open(actor, at, organisation, premises, where, source)


@transaction.atomic
def close_premises(*, actor: Actor, at: datetime, premises_id: UUID, seen_version: int, until: date) -> Premises:
    """The organisation does business there no longer from `until` on. Raises NotFound, Conflict, Forbidden, Invalid."""
    premises = lock_one(Premises, actor, premises_id, seen_version)
    check_keeps(actor, premises.place, KEEPS_ORGANISATIONS)
    if fault := rules.period_fault(premises.period.lower, until):
        raise invalid("until", *fault)
    if premises.period.upper is not None and premises.period.upper <= until:
        raise invalid("until", "此前已经结束", "it has ended before")
    _end(premises, until)
    data = {"organisation": premises.organisation_id, "until": until, "version": premises.version}
    note("premises.closed", actor=actor, at=at, row=premises, subject="premises", data=data)
    return premises


@transaction.atomic
def unmask_contact(*, actor: Actor, at: datetime, organisation_id: UUID, reason: str) -> tuple[str, str]:
    """(name, telephone) of the organisation's contact, whole; who asked and why is on the record. Raises NotFound, Forbidden, Invalid."""
    organisation = lock_one(Organisation, actor, organisation_id)
    if not actor.holds(READS_PEOPLE, organisation.place):
        raise Forbidden(T("您不能查看联系人", "you may not see who to call"))
    if not reason.strip():
        raise invalid("reason", "请填写查看原因", "say why you need it")
    note("organisation.unmasked", actor=actor, at=at, row=organisation, subject="organisation", data={"reason": reason.strip()})
    return contact_of(organisation)


def contact_of(organisation: Organisation) -> tuple[str, str]:
    """(name, telephone) as they were written."""
    name, phone = organisation.contact_sealed, organisation.phone_sealed
    return (crypto.unseal(bytes(name), about=CONTACT) if name else "", crypto.unseal(bytes(phone), about=PHONE) if phone else "")


def _values(facts: OrganisationFacts) -> dict[str, Any]:
    """The facts, checked, as they are written."""
    errors: list[FieldError] = []
    values: dict[str, Any] = {"name": facts.name.strip(), "uscc": "", "kind": facts.kind, "status": facts.status, "industry": facts.industry.strip().upper()}
    phone = ""
    for field, text, read in (("uscc", facts.uscc, uscc), ("phone", facts.phone or "", telephone)):
        if text.strip():
            try:
                found = read(text)
            except NumberFault as fault:
                errors.append(FieldError(field, fault.why))
            else:
                values["uscc"], phone = (found, phone) if field == "uscc" else (values["uscc"], found)
    if errors:
        raise Invalid(errors=errors)
    refuse(
        [
            ("name", None if values["name"] else T("请填写名称", "it has a name")),
            ("kind", None if facts.kind in rules.KINDS else T("没有这一类单位", "there is no such kind")),
            ("status", None if facts.status in rules.STATUSES else T("没有这个状态", "there is no such status")),
            ("industry", rules.industry_fault(values["industry"])),
        ]
    )
    if facts.contact is not None:
        values["contact_sealed"] = crypto.seal(facts.contact.strip(), about=CONTACT) if facts.contact.strip() else None
    if facts.phone is not None:
        values |= {"phone_sealed": crypto.seal(phone, about=PHONE) if phone else None, "phone_index": crypto.index(phone) if phone else None}
    return values


def _written(values: dict[str, Any]) -> set[str]:
    """What the field dictionary calls the columns that get a value."""
    return {key.removesuffix("_sealed").removesuffix("_index") for key, value in values.items() if value}


def _refuse_known(actor: Actor, code: str) -> None:
    """A credit code is one organisation's in the whole city. Two that register it at once wait for each other here: the table's own constraint
    sees no further than the district."""
    if not code:
        return
    db.row("select pg_advisory_xact_lock(hashtextextended(%s, 0))", ["uscc:" + code])
    known = Organisation.objects.filter(uscc=code).first()
    if known is None:
        return
    seen = Organisation.objects.visible_to(actor).filter(district=known.district, id=known.id).exists()
    why = T(f"该统一社会信用代码已登记为“{known.name}”", f"this credit code is registered: {known.name}")
    elsewhere = T("该统一社会信用代码已在您的辖区之外登记，请联系数据专员", "this credit code is registered outside your area: ask the registrar")
    extra = {"present": {"id": str(known.id), "name": known.name, "version": known.version}} if seen else {}
    said = why if seen else elsewhere
    raise Refused(said, code="uscc_known", errors=[FieldError("uscc", said)], extra=extra)


def _where(actor: Actor, facts: PremisesFacts, at: datetime) -> dict[str, Any]:
    """Place, point and columns of premises. Raises Invalid for a room or building that isn't there, and when nothing says where."""
    if facts.use not in rules.USES:
        raise invalid("premises.use", "没有这个用途", "there is no such use")
    address = facts.address.strip()
    if facts.room_id is not None:
        room = Room.objects.visible_to(actor).select_related("building").filter(district=district_of(facts.room_id) or "", id=facts.room_id).first()
        if room is None:
            raise invalid("premises.room_id", "没有这个房屋", "there is no such room")
        return {"place": room.place, "building_id": room.building_id, "room_id": room.id, "point": _inside(room.building), "address": address}
    if facts.building_id is not None:
        building = Building.objects.filter(pk=facts.building_id).first()
        if building is None or len(building.place) < 6:
            raise invalid("premises.building_id", "没有这个楼栋", "there is no such building")
        return {"place": building.place, "building_id": building.pk, "room_id": None, "point": _inside(building), "address": address}
    if facts.spot is None:
        raise invalid("premises.position", "请选择楼栋、房屋，或在地图上标出地点", "choose a building or a room, or mark the place on the map")
    spot = placed(facts.spot, at, "premises.position")
    return {"place": spot.place, "building_id": None, "room_id": None, "point": spot.point, "address": address}


def _inside(building: Building) -> Point | None:
    point: Point | None = building.point
    return point


def _open(actor: Actor, at: datetime, organisation: Organisation, facts: PremisesFacts, where: dict[str, Any], source: str) -> Premises:
    if facts.from_date > localdate(at) + timedelta(days=366):
        raise invalid("premises.from_date", "开始日期在一年之后，请核对", "it begins more than a year from now: look again")
    written = {"building": where["building_id"], "room": where["room_id"], "address": where["address"], "point": where["point"], "use": facts.use}
    require_on("premises", {key for key, value in written.items() if value}, new=True)
    theirs = Premises.objects.filter(district=organisation.district, organisation_id=organisation.id, period__overlap=DateRange(facts.from_date, None))
    same = {"room_id": where["room_id"]} if where["room_id"] else {"building_id": where["building_id"], "room_id": None, "address": where["address"]}
    if theirs.filter(**same).exists() and (where["building_id"] or where["address"]):
        raise Refused(T("该单位在此处的经营期尚未结束", "it does business there already"), code="premises_open")
    premises = Premises(
        district=organisation.district, id=new_id(organisation.district, at), organisation_id=organisation.id, use=facts.use,
        period=DateRange(facts.from_date, None), source=source, **where,
    )  # fmt: skip
    premises.save(force_insert=True)
    data = {"organisation": organisation.id, "building": where["building_id"], "room": where["room_id"], "from": facts.from_date}
    note("premises.opened", actor=actor, at=at, row=premises, subject="premises", data=data)
    return premises


def _end(premises: Premises, on: date) -> bool:
    """End premises on a day, where they last longer; those that had not begun last one day."""
    first, last = premises.period.lower, premises.period.upper
    if last is not None and last <= on:
        return False
    end = max(on, first + timedelta(days=1))
    premises.period = DateRange(first, end)
    premises.version += 1
    write(premises, "period")
    return True
