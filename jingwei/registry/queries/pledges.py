"""Pledges: lists, those that run out first at the top, and one of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.registry.models import Component, Organisation, Pledge
from jingwei.registry.models.pledges import EndOf
from jingwei.registry.queries.residents.places import members


@dataclass(frozen=True)
class PledgeFilter:
    """`state`: coming, in_force, expired, ended; `within`: in force and running out in so many days; `resident`: with the records merged into theirs."""

    place: str = ""
    kind: str = ""
    state: str = ""
    within: int | None = None
    organisation: UUID | None = None
    resident: UUID | None = None
    room: UUID | None = None
    scanned: bool | None = None


@dataclass(frozen=True)
class PledgeRow:
    """A pledge with the name of the organisation that signed it ("" where the actor doesn't see it, or a person signed), and whether it was renewed."""

    pledge: Pledge
    signer: str
    renewed: bool
    component: Component | None = None
    place_name: str = ""


def filtered_pledges(actor: Actor, wanted: PledgeFilter, on: date) -> "QuerySet[Pledge]":
    """The pledges of a filter that the actor sees."""
    rows = Pledge.objects.visible_to(actor)
    if wanted.place:
        rows = rows.filter(place__startswith=wanted.place)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    for field, value in (("organisation_id", wanted.organisation), ("room_id", wanted.room)):
        rows = rows.filter(**{field: value}) if value else rows
    if wanted.resident:
        rows = rows.filter(resident_id__in=members([wanted.resident]))
    if wanted.scanned is not None:
        rows = rows.exclude(scan_sha256="") if wanted.scanned else rows.filter(scan_sha256="")
    holds = Q(ended_date__isnull=True) | Q(ended_date__gt=on)
    if wanted.state == "ended":
        rows = rows.exclude(holds)
    elif wanted.state:
        when = {"coming": Q(term__startswith__gt=on), "in_force": Q(term__contains=on), "expired": Q(term__endswith__lte=on)}
        rows = rows.filter(holds & when[wanted.state])
    if wanted.within is not None:
        rows = rows.filter(holds, term__contains=on, term__endswith__lte=on + timedelta(days=wanted.within + 1))
    return rows


def pledge_page(*, actor: Actor, wanted: PledgeFilter, on: date, after: str | None = None, size: int = 50) -> Page[PledgeRow]:
    """The pledges of a filter, the one that runs out first at the top; three statements."""
    rows: Any = filtered_pledges(actor, wanted, on).annotate(until=EndOf("term")).order_by("until", "id")
    if after:
        until, id = decode_row(after, date.fromisoformat, UUID)
        rows = rows.filter(until__gte=until).exclude(until=until, id__lte=id)
    found = list(rows[: size + 1])
    more = found[size - 1] if len(found) > size else None
    return Page(_named(actor, found[:size]), encode_cursor([str(more.until), str(more.id)]) if more else None)


def pledge_whole(*, actor: Actor, pledge_id: UUID) -> PledgeRow:
    """One pledge. Raises NotFound."""
    pledge = Pledge.objects.visible_to(actor).select_related("building").filter(district=district_of(pledge_id) or "", id=pledge_id).first()
    if pledge is None:
        raise NotFound()
    row = _named(actor, [pledge])[0]
    about = pledge.component_id
    component = Component.objects.visible_to(actor).select_related("klass").filter(district=district_of(about) or "", id=about).first() if about else None
    return PledgeRow(pledge, row.signer, row.renewed, component, place_names({pledge.place}).get(pledge.place, ""))


def _named(actor: Actor, pledges: list[Pledge]) -> list[PledgeRow]:
    ids = {p.organisation_id for p in pledges if p.organisation_id}
    names = dict(Organisation.objects.visible_to(actor).filter(district__in={district_of(i) or "" for i in ids}, id__in=ids).values_list("id", "name"))
    renewed = set(
        Pledge.objects.filter(district__in={p.district for p in pledges}, previous_id__in=[p.id for p in pledges]).values_list("previous_id", flat=True)
    )
    return [PledgeRow(p, names.get(p.organisation_id, "") if p.organisation_id else "", p.id in renewed) for p in pledges]
