"""The doors to organisations and their premises."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router

from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, Actor
from jingwei.kit.http import TAKES_KEY, TILE, actor_of, answer, check_tile, idempotency_key, tile
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries
from jingwei.registry.schemas.organisations import (
    ContactOut,
    ContactReasonIn,
    OrganisationChangeIn,
    OrganisationCloseIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationRowOut,
    OrganisationsIn,
    OrganisationsOut,
    PremisesCloseIn,
    PremisesIn,
)

router = Router()


@router.get("/organisations", response={200: OrganisationsOut, **PROBLEMS}, summary="Organisations of a filter, the newest first")
def list_organisations(request: HttpRequest, wanted: Query[OrganisationsIn]) -> HttpResponse:
    page = queries.organisation_page(actor=actor_of(request), wanted=wanted.wanted(), after=wanted.after, size=wanted.size)
    return answer(OrganisationsOut(items=[OrganisationRowOut.of(o) for o in page.items], next=page.next))


@router.post("/organisations", response={201: OrganisationOut, **PROBLEMS}, summary="Register an organisation", openapi_extra=TAKES_KEY)
def register_organisation(request: HttpRequest, body: OrganisationIn) -> HttpResponse:
    actor = actor_of(request)
    organisation = actions.register_organisation(
        actor=actor, at=now(), facts=body.facts(), place=body.place, premises=body.premises.facts() if body.premises else None, command=idempotency_key(request)
    )
    return answer(_whole(actor, organisation.id), 201)


@router.get("/organisations/{uuid:organisation_id}", response={200: OrganisationOut, **PROBLEMS}, summary="An organisation with what belongs to it")
def get_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    return answer(_whole(actor_of(request), organisation_id))


@router.put("/organisations/{uuid:organisation_id}", response={200: OrganisationOut, **PROBLEMS}, summary="Change what is written of an organisation")
def change_organisation(request: HttpRequest, organisation_id: UUID, body: OrganisationChangeIn) -> HttpResponse:
    actor = actor_of(request)
    actions.change_organisation(actor=actor, at=now(), organisation_id=organisation_id, seen_version=body.seen_version, facts=body.facts())
    return answer(_whole(actor, organisation_id))


@router.post("/organisations/{uuid:organisation_id}/close", response={200: OrganisationOut, **PROBLEMS}, summary="Close an organisation and its premises")
def close_organisation(request: HttpRequest, organisation_id: UUID, body: OrganisationCloseIn) -> HttpResponse:
    actor = actor_of(request)
    actions.close_organisation(actor=actor, at=now(), organisation_id=organisation_id, seen_version=body.seen_version, on=body.on)
    return answer(_whole(actor, organisation_id))


@router.post("/organisations/{uuid:organisation_id}/premises", response={201: OrganisationOut, **PROBLEMS}, summary="Open premises of an organisation")
def open_premises(request: HttpRequest, organisation_id: UUID, body: PremisesIn) -> HttpResponse:
    actor = actor_of(request)
    actions.open_premises(actor=actor, at=now(), organisation_id=organisation_id, premises=body.facts())
    return answer(_whole(actor, organisation_id), 201)


@router.post("/premises/{uuid:premises_id}/close", response={200: OrganisationOut, **PROBLEMS}, summary="Close premises on a day")
def close_premises(request: HttpRequest, premises_id: UUID, body: PremisesCloseIn) -> HttpResponse:
    actor = actor_of(request)
    premises = actions.close_premises(actor=actor, at=now(), premises_id=premises_id, seen_version=body.seen_version, until=body.until)
    return answer(_whole(actor, premises.organisation_id))


@router.post("/organisations/{uuid:organisation_id}/contact", response={200: ContactOut, **PROBLEMS}, summary="Who to call, whole; the reason is recorded")
def unmask_contact(request: HttpRequest, organisation_id: UUID, body: ContactReasonIn) -> ContactOut:
    name, phone = actions.unmask_contact(actor=actor_of(request), at=now(), organisation_id=organisation_id, reason=body.reason)
    return ContactOut(name=name, phone=phone)


@router.get("/tiles/premises/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: the premises of organisations that I see", openapi_extra=TILE)
def get_premises_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.premises_tile(actor=actor_of(request), z=z, x=x, y=y, on=localdate()), 60)


def _whole(actor: Actor, organisation_id: UUID) -> OrganisationOut:
    page = queries.organisation_whole(actor=actor, organisation_id=organisation_id)
    rights = (("change", actions.KEEPS_ORGANISATIONS), ("unmask", READS_PEOPLE), ("register_component", KEEPS_REGISTER))
    return OrganisationOut.of_page(page, [verb for verb, who in rights if actor.holds(who, page.organisation.place)], localdate())
