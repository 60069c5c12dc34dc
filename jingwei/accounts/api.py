"""Who asks; units, people, roles and tokens."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from ninja.utils import check_csrf
from pydantic import Field

from jingwei.accounts import actions, queries
from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import Actor
from jingwei.accounts.schemas import GrantIn, HeldOut, PersonIn, PersonOut, TokenIn, TokenOut, UnitOut, held_out, unit_out
from jingwei.kit.errors import Forbidden, NotFound
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS
from jingwei.kit.text import T

router = Router(tags=["accounts"])

Id = Annotated[int, Field(ge=1, lt=2**63)]
Text = Annotated[str, Field(max_length=60)]


def find_actor(request: HttpRequest) -> Actor | None:
    """Who asks: a machine by its bearer token, a person by their session (with the CSRF token on writes)."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        return queries.actor_of_token(header[7:]) if header[:7].lower() == "bearer " else None
    person_id = request.session.get("_auth_user_id")
    if person_id is None:
        return None
    if check_csrf(request):
        raise Forbidden(T("页面已过期，请刷新后重试", "the page is too old: reload it and try again"), code="csrf")
    return queries.actor_of_person(int(person_id))


@router.get("/units", response={200: list[UnitOut], **PROBLEMS}, summary="Units at work, by name")
def list_units(request: HttpRequest, q: Text = "", kind: Text = "", limit: Annotated[int, Field(ge=1, le=500)] = 50) -> list[UnitOut]:
    actor_of(request)
    return [unit_out(u) for u in queries.units_named(q.strip(), kind=kind or None, limit=limit)]


@router.get("/people", response={200: list[PersonOut], **PROBLEMS}, summary="People whom I may see, in order of id")
def list_people(
    request: HttpRequest, q: Text = "", after: Annotated[int, Field(ge=0, lt=2**63)] = 0, size: Annotated[int, Field(ge=1, le=200)] = 50
) -> list[PersonOut]:
    people = queries.people_page(actor=actor_of(request), text=q.strip(), after=after, size=size)
    return [_person(p) for p in people]


@router.post("/people", response={201: PersonOut, **PROBLEMS}, summary="Register somebody (system administrator)")
def register_person(request: HttpRequest, body: PersonIn) -> tuple[int, PersonOut]:
    person = actions.register_person(actor=actor_of(request), at=now(), **body.model_dump())
    return 201, _person(person)


@router.post("/people/{int:person_id}/grants", response={201: HeldOut, **PROBLEMS}, summary="Grant a role (security administrator)")
def grant_role(request: HttpRequest, person_id: Id, body: GrantIn) -> tuple[int, HeldOut]:
    unit = _unit(body.unit) if body.unit else None
    grant = actions.grant_role(
        actor=actor_of(request),
        at=now(),
        person=_someone(person_id),
        role=body.role,
        area=body.area,
        unit=unit,
        from_date=body.from_date,
        until=body.until,
    )
    return 201, held_out(grant)


@router.delete("/grants/{int:grant_id}", response={200: HeldOut, **PROBLEMS}, summary="End a role today (security administrator)")
def end_grant(request: HttpRequest, grant_id: Id) -> HeldOut:
    return held_out(actions.end_grant(actor=actor_of(request), at=now(), grant_id=grant_id))


@router.post("/people/{int:person_id}/tokens", response={201: TokenOut, **PROBLEMS}, summary="Issue a machine's token (system administrator)")
def issue_token(request: HttpRequest, person_id: Id, body: TokenIn) -> tuple[int, TokenOut]:
    token, plain = actions.issue_token(actor=actor_of(request), at=now(), person=_someone(person_id), name=body.name, days=body.days)
    return 201, TokenOut(id=token.pk, name=token.name, token=plain, expires_at=token.expires_at)


@router.delete("/tokens/{int:token_id}", response={204: None, **PROBLEMS}, summary="Revoke a token")
def revoke_token(request: HttpRequest, token_id: Id) -> HttpResponse:
    actions.revoke_token(actor=actor_of(request), at=now(), token_id=token_id)
    return HttpResponse(status=204)


def _person(person: Person) -> PersonOut:
    return PersonOut(
        id=person.pk,
        username=person.username,
        name=person.name,
        is_active=person.is_active,
        is_machine=person.is_machine,
        grants=[held_out(g) for g in person.grants.all()],
    )


def _someone(id: int) -> Person:
    person: Person | None = Person.objects.filter(pk=id).first()
    if person is None:
        raise NotFound(T("没有这个人", "no such person"))
    return person


def _unit(id: int) -> Unit:
    unit = Unit.objects.filter(pk=id).first()
    if unit is None:
        raise NotFound(T("没有这个单位", "no such unit"))
    return unit
