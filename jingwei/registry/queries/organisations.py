"""Organisations: lists, and one with its premises, frontage, signs and pledges."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from jingwei.accounts.rules import READS_PEOPLE, Actor
from jingwei.areas.queries import place_names
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.kit.words import patterns
from jingwei.registry.models import Component, Organisation, Pledge, Premises, Room
from jingwei.registry.queries.fields import fields_on

MOST = 200  # of each list on an organisation's page


@dataclass(frozen=True)
class OrganisationFilter:
    """`q`: words of the name or of the credit code; closed ones are left out unless `status` asks for them. `industry`: its first letters."""

    place: str = ""
    kind: str = ""
    status: str = ""
    industry: str = ""
    q: str = ""
    building: int | None = None


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation with what belongs to it, as far as the actor sees it. `people`: whether the actor may be shown who to call."""

    organisation: Organisation
    place_name: str
    premises: list[Premises]
    rooms: dict[UUID, Room]
    components: list[Component]
    pledges: list[Pledge]
    people: bool


def filtered_organisations(actor: Actor, wanted: OrganisationFilter) -> "QuerySet[Organisation]":
    """The organisations of a filter that the actor sees."""
    rows: QuerySet[Organisation] = Organisation.objects.visible_to(actor)
    if wanted.place:
        rows = rows.filter(place__startswith=wanted.place)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    rows = rows.filter(status=wanted.status) if wanted.status else rows.exclude(status="closed")
    if wanted.industry:
        rows = rows.filter(industry__startswith=wanted.industry)
    if wanted.building:
        rows = rows.extra(
            where=[
                """(registry_organisation.district, registry_organisation.id) in
                   (select p.district, p.organisation_id from registry_premises p where p.building_id = %s)"""
            ],
            params=[wanted.building],
        )
    for pattern in patterns(wanted.q):
        rows = rows.extra(where=["registry_organisation.words like %s"], params=[pattern])
    return rows


def organisation_page(*, actor: Actor, wanted: OrganisationFilter, after: str | None = None, size: int = 50) -> Page[Organisation]:
    """The organisations of a filter, the newest first (ids tell their time); one statement."""
    rows = filtered_organisations(actor, wanted).order_by("-id", "district")
    if after:
        (id,) = decode_row(after, UUID)
        rows = rows.filter(id__lt=id)
    found = list(rows[: size + 1])
    return Page(found[:size], encode_cursor([str(found[size - 1].id)]) if len(found) > size else None)


def organisation_whole(*, actor: Actor, organisation_id: UUID) -> OrganisationPage:
    """One organisation with everything that its page shows; a constant number of statements. Raises NotFound."""
    district = district_of(organisation_id) or ""
    organisation = Organisation.objects.visible_to(actor).filter(district=district, id=organisation_id).first()
    if organisation is None:
        raise NotFound()
    premises = list(Premises.objects.select_related("building").filter(district=district, organisation_id=organisation_id).order_by("-period", "id")[:MOST])
    rooms = {p.room_id for p in premises if p.room_id}
    return OrganisationPage(
        organisation,
        place_names({organisation.place}).get(organisation.place, ""),
        premises,
        {r.id: r for r in Room.objects.visible_to(actor).filter(district__in={district_of(r) or "" for r in rooms}, id__in=rooms)},
        list(Component.objects.visible_to(actor).select_related("klass").filter(organisation_id=organisation_id).order_by("code")[:MOST]),
        list(Pledge.objects.visible_to(actor).filter(organisation_id=organisation_id).order_by("-term", "id")[:MOST]),
        actor.holds(READS_PEOPLE, organisation.place) and "contact" in fields_on("organisation"),
    )
