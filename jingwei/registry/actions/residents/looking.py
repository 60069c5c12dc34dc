"""Each look at a resident's data is on record, and the resident can have the record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, NotFound, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.times import localdate
from jingwei.registry.actions.keeping import check_keeps
from jingwei.registry.actions.residents.holding import NOBODY
from jingwei.registry.models import Resident
from jingwei.registry.queries.fields import fields_on
from jingwei.registry.queries.residents.facts import opened
from jingwei.registry.queries.residents.places import kept_record
from jingwei.registry.rules.looks import ONE_LOOK, PURPOSES, UNMASKED, reason_fault

SALT = "registry.looks"
LONGEST_LINK = 30


def role_at(actor: Actor, place: str) -> str:
    """As what the actor reads people there."""
    held = actor.held_as(READS_PEOPLE, place, None)
    return held.role if held else ""


def _seen(actor: Actor, resident_id: UUID) -> Resident:
    row = Resident.objects.visible_to(actor).filter(district=district_of(resident_id) or "", id=resident_id).first()
    if row is None:
        raise NotFound(NOBODY)
    return row


def _record(type: str, actor: Actor, at: datetime, row: Resident, **data: object) -> None:
    record(
        type,
        actor=actor,
        at=at,
        subject_type="resident",
        subject_id=row.id,
        place=row.place,
        district=row.district,
        unit_id=actor.unit_for(row.place),
        data={"role": role_at(actor, row.place), **data},
    )


@transaction.atomic
def record_reading(*, actor: Actor, at: datetime, resident_id: UUID, purpose: str = "register") -> UUID:
    """Somebody opens a resident's page; answers the record that is kept of that person. Opening it anew within ten minutes, for the same purpose, is
    the same look. The program itself does not look. Raises NotFound, Invalid (the purpose)."""
    if purpose not in PURPOSES:
        raise invalid("purpose", "没有这种查阅目的", "there is no such purpose")
    row = _seen(actor, resident_id)
    if row.merged_into:
        row = _seen(actor, kept_record(resident_id) or resident_id)
    if actor is not SYSTEM:
        again = db.row(
            """select 1 from events_event where district = %s and subject_id = %s and at > %s and at <= %s and type = 'resident.read'
                 and actor_id = %s and data->>'purpose' = %s limit 1""",
            [row.district, row.id, at - ONE_LOOK, at, actor.id, purpose],
        )
        if not again:
            _record("resident.read", actor, at, row, purpose=purpose)
    return row.id


@dataclass(frozen=True, slots=True)
class Unmasked:
    identity_number: str = ""
    phone: str = ""


@transaction.atomic
def unmask(*, actor: Actor, at: datetime, resident_id: UUID, fields: Collection[str], purpose: str, reason: str) -> Unmasked:
    """A resident's numbers whole, this once. Who looked, at what, when and why stands in the record, which the resident can read.

    Raises NotFound, Invalid (no field, a field that is off, no purpose, no reason).
    """
    faults: list[FieldError] = []
    off = [field for field in fields if field not in UNMASKED or field not in fields_on("resident")]
    if not fields or off:
        faults += invalid("fields", "请选择证件号码或电话", "choose the number or the telephone").errors
    if purpose not in PURPOSES:
        faults += invalid("purpose", "请选择查阅目的", "choose a purpose").errors
    why = reason.strip()
    if fault := reason_fault(why):
        faults.append(FieldError("reason", fault))
    if faults:
        raise Invalid(errors=faults)
    row = _seen(actor, resident_id)
    _record("resident.unmasked", actor, at, row, fields=sorted(set(fields)), purpose=purpose, reason=why)
    return Unmasked(
        identity_number=opened(row.identity_sealed, "identity") if "identity" in fields else "",
        phone=opened(row.phone_sealed, "phone") if "phone" in fields else "",
    )


@transaction.atomic
def record_printing(*, actor: Actor, at: datetime, resident_id: UUID) -> Resident:
    """The list of looks is printed for the resident. Raises NotFound."""
    row = _seen(actor, resident_id)
    _record("resident.looks_printed", actor, at, row, purpose="request")
    return row


@transaction.atomic
def link_looks(*, actor: Actor, at: datetime, resident_id: UUID, days: int = 7) -> tuple[str, date]:
    """A signed ticket under which the resident reads who looked, without logging in, and the day after which it no longer opens. Handed out by those
    who keep the register, to the resident in person. Raises NotFound, Forbidden, Invalid."""
    if not 1 <= days <= LONGEST_LINK:
        raise invalid("days", f"有效期 1 至 {LONGEST_LINK} 天", f"1 to {LONGEST_LINK} days")
    row = _seen(actor, resident_id)
    check_keeps(actor, row.place, KEEPS_REGISTER)
    until = localdate(at) + timedelta(days=days)
    _record("resident.looks_linked", actor, at, row, purpose="request", until=str(until))
    return signing.dumps({"r": row.id.hex, "u": str(until)}, salt=SALT, compress=False), until
