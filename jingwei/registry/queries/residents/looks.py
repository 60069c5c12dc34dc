"""Who looked at a resident's data, when and why; read off the event log."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core import signing
from django.db.models import Q

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.events.models import Event
from jingwei.kit.crypto import mask_name
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.models import Resident
from jingwei.registry.queries.residents.facts import opened
from jingwei.registry.queries.residents.places import districts_of, kept_record, members
from jingwei.registry.rules.looks import KINDS

SALT = "registry.looks"
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `who` is for the desk alone: the resident is told unit and role."""

    id: UUID
    at: datetime
    kind: str
    role: str
    unit: str
    who: str
    purpose: str
    reason: str
    fields: list[str]


def _looks(ids: list[UUID], after: str | None, size: int) -> Page[Look]:
    rows = Event.objects.filter(district__in=districts_of(ids), subject_id__in=ids, type__in=list(KINDS)).order_by("-at", "-id")
    if after:
        at, id = decode_row(after, datetime.fromisoformat, UUID)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=id))
    found = list(rows[: size + 1])
    page = found[:size]
    units = dict(Unit.objects.filter(id__in={e.unit_id for e in page if e.unit_id}).values_list("id", "name"))
    looks = [
        Look(
            id=event.id,
            at=event.at,
            kind=event.type,
            role=event.data.get("role", ""),
            unit=units.get(event.unit_id or 0, ""),
            who=event.actor_name,
            purpose=event.data.get("purpose", ""),
            reason=event.data.get("reason", ""),
            fields=event.data.get("fields", []),
        )
        for event in page
    ]
    return Page(looks, encode_cursor([page[-1].at.isoformat(), str(page[-1].id)]) if len(found) > size else None)


def looks_page(*, actor: Actor, resident_id: UUID, after: str | None = None, size: int = 50) -> Page[Look]:
    """Who looked at a person's data, at whichever of the records that are one with it, the latest first. For who reads people there, and for the
    audit administrator. Raises NotFound."""
    kept = kept_record(resident_id)
    place = kept and Resident.objects.filter(district=district_of(kept) or "", id=kept).values_list("place", flat=True).first()
    audited = actor.areas_of("audit_admin")
    watched = bool(audited) and str(place or "").startswith(audited)
    if not kept or not (watched or Resident.objects.visible_to(actor).filter(district=district_of(kept) or "", id=kept).exists()):
        raise NotFound(T("没有这位居民", "no such resident"))
    return _looks(list(members([kept])), after, size)


@dataclass(frozen=True, slots=True)
class SubjectLooks:
    """What the resident is shown: whose record it is (masked), until when the link opens, and who looked."""

    name: str
    until: date
    looks: list[Look]


def looks_of_ticket(*, ticket: str, at: datetime) -> SubjectLooks:
    """What a signed ticket opens: one resident's looks, and nothing else. Raises NotFound for a ticket that is wrong or over."""
    gone = NotFound(T("链接无效或已过期，请到社区工作站重新领取", "this link is wrong or over: ask the community's station for a new one"), code="ticket_over")
    try:
        said = signing.loads(ticket, salt=SALT)
        id, until = UUID(hex=said["r"]), date.fromisoformat(said["u"])
    except (signing.BadSignature, KeyError, ValueError, TypeError):
        raise gone from None
    kept = kept_record(id)
    row = kept and Resident.objects.filter(district=district_of(kept) or "", id=kept).first()
    if not row or localdate(at) > until:
        raise gone
    return SubjectLooks(mask_name(opened(row.name_sealed, "name")), until, _looks(list(members([row.id])), None, MOST_SHOWN).items)
