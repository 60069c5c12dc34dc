"""Who asks; units, people, roles and tokens."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from ninja.utils import check_csrf
from pydantic import Field

from jingwei.accounts import actions, queries
from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import ROLES, Actor
from jingwei.accounts.schemas import (
    ActiveIn,
    GrantIn,
    HeldOut,
    LockedOut,
    OneTimeOut,
    PeopleTableIn,
    PeopleTableOut,
    PersonIn,
    PersonOut,
    PersonPage,
    RegisteredOut,
    RenameIn,
    RoleOut,
    TokenIn,
    TokenOut,
    UnitChangeIn,
    UnitIn,
    UnitOut,
    UnitPage,
    WorkPhoneIn,
    held_out,
    person_out,
    person_page,
    table_out,
    unit_out,
    unit_page,
)
from jingwei.kit.errors import Forbidden, NotFound, Unauthenticated, invalid
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS, Name
from jingwei.kit.text import T

router = Router(tags=["accounts"])

Id = Annotated[int, Field(ge=1, lt=2**63)]
Text = Annotated[str, Field(max_length=60)]
Digits = Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")]


def find_actor(request: HttpRequest) -> Actor | None:
    """Who asks: a machine by its bearer token, a person by their session (with the CSRF token on writes). A window that says for whom it
    acts (`X-Person`) acts for nobody else, whoever has logged in beside it since."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        return queries.actor_of_token(header[7:]) if header[:7].lower() == "bearer " else None
    person_id = request.session.get("_auth_user_id")
    if person_id is None:
        return None
    if request.META.get("HTTP_X_PERSON", str(person_id)) != str(person_id):
        raise Unauthenticated(T("这个浏览器里现在登录的是另一个人", "somebody else is logged in in this browser now"), code="other_person")
    if check_csrf(request):
        raise Forbidden(T("页面已过期，请刷新后重试", "the page is too old: reload it and try again"), code="csrf")
    return queries.actor_of_session(int(person_id), request.session.get("_auth_user_hash", ""))


# Units


@router.get("/units", response={200: list[UnitOut], **PROBLEMS}, summary="Units at work by name, or directly below one")
def list_units(
    request: HttpRequest,
    q: Text = "",
    kind: Text = "",
    under: Annotated[int, Field(ge=0, lt=2**63)] | None = None,
    area: Digits = "",
    closed: bool = False,
    limit: Annotated[int, Field(ge=1, le=500)] = 50,
) -> list[UnitOut]:
    actor_of(request)
    found = queries.units_named(q.strip(), kind=kind or None, under=under, area=area, closed=closed, limit=limit)
    return [unit_out(u) for u in found]


@router.post("/units", response={201: UnitOut, **PROBLEMS}, summary="Open a unit (system administrator)")
def open_unit(request: HttpRequest, body: UnitIn) -> tuple[int, UnitOut]:
    parent = _parent(body.parent)
    unit = actions.open_unit(
        actor=actor_of(request), at=now(), code=body.code, name=body.name, name_en=body.name_en, kind=body.kind, area=body.area, parent=parent
    )
    return 201, unit_out(unit)


@router.get("/units/{int:unit_id}", response={200: UnitPage, **PROBLEMS}, summary="One unit: above it, below it, who works in it")
def get_unit(request: HttpRequest, unit_id: Id) -> UnitPage:
    actor = actor_of(request)
    return unit_page(queries.unit_whole(unit_id), actor)


@router.put("/units/{int:unit_id}", response={200: UnitPage, **PROBLEMS}, summary="Change a unit; all below follow (system administrator)")
def change_unit(request: HttpRequest, unit_id: Id, body: UnitChangeIn) -> UnitPage:
    _parent(body.parent)
    actor = actor_of(request)
    actions.change_unit(
        actor=actor,
        at=now(),
        unit_id=unit_id,
        name=body.name,
        name_en=body.name_en,
        kind=body.kind,
        area=body.area,
        parent_id=body.parent,
        seen_version=body.seen_version,
    )
    return unit_page(queries.unit_whole(unit_id), actor)


def _parent(id: int | None) -> Unit | None:
    if id is None:
        return None
    found = Unit.objects.filter(pk=id).first()
    if found is None:
        raise invalid("parent", "没有这个上级单位", "no such parent")
    return found


# People


@router.get("/people", response={200: list[PersonOut], **PROBLEMS}, summary="People whom I may see, in order of id")
def list_people(
    request: HttpRequest,
    q: Text = "",
    unit: Id | None = None,
    role: Text = "",
    area: Digits = "",
    active: bool | None = None,
    machines: bool | None = None,
    after: Annotated[int, Field(ge=0, lt=2**63)] = 0,
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> list[PersonOut]:
    people = queries.people_page(
        actor=actor_of(request), text=q.strip(), unit=unit, role=role, area=area, active=active, machines=machines, after=after, size=size
    )
    return [person_out(p) for p in people]


@router.post("/people", response={201: RegisteredOut, **PROBLEMS}, summary="Register somebody, or a machine (system administrator)")
def register_person(request: HttpRequest, body: PersonIn) -> tuple[int, RegisteredOut]:
    given = body.model_dump()
    plain = None
    if not body.is_machine and body.password is None:
        plain = given["password"] = actions.one_time_password()
    if body.is_machine and body.password is not None:
        raise invalid("password", "机器账号没有口令", "a machine has no password")
    person = actions.register_person(actor=actor_of(request), at=now(), **given, one_time=not body.is_machine, check=plain is None)
    return 201, RegisteredOut(**dict(person_out(person)), one_time_password=plain)


@router.post("/people/table", response={200: PeopleTableOut, **PROBLEMS}, summary="Register the people of a table (system administrator)")
def register_people(request: HttpRequest, body: PeopleTableIn) -> PeopleTableOut:
    actor = actor_of(request)
    if "system_admin" not in actor.roles:
        raise Forbidden()
    return table_out(actions.register_people(actor=actor, at=now(), table=body.table, dry_run=body.dry_run), body.dry_run)


@router.get("/people/locked", response={200: list[LockedOut], **PROBLEMS}, summary="Who is locked out after wrong passwords (security administrator)")
def list_locked(request: HttpRequest) -> list[LockedOut]:
    actor = actor_of(request)
    if "security_admin" not in actor.roles:
        raise Forbidden()
    return [LockedOut(id=p.pk, username=p.username, name=p.name, locked_until=until) for p, until in queries.locked_people(actor=actor)]


@router.get("/people/{int:person_id}", response={200: PersonPage, **PROBLEMS}, summary="One person: roles over time, tokens")
def get_person(request: HttpRequest, person_id: Id) -> PersonPage:
    return _page(actor_of(request), person_id)


def _page(actor: Actor, person_id: int) -> PersonPage:
    person = queries.one_person(actor=actor, person_id=person_id)
    return person_page(person, actor, queries.locked_names([person.username]).get(person.username))


@router.patch("/people/{int:person_id}", response={200: PersonPage, **PROBLEMS}, summary="Another name (system administrator)")
def rename_person(request: HttpRequest, person_id: Id, body: RenameIn) -> PersonPage:
    actor = actor_of(request)
    actions.rename_person(actor=actor, at=now(), person_id=person_id, name=body.name)
    return _page(actor, person_id)


@router.put(
    "/people/{int:person_id}/work-phone",
    response={200: PersonPage, **PROBLEMS},
    summary="Where somebody is called at work, for call-out lists (system administrator)",
)
def set_work_phone(request: HttpRequest, person_id: Id, body: WorkPhoneIn) -> PersonPage:
    actor = actor_of(request)
    actions.set_work_phone(actor=actor, at=now(), person_id=person_id, phone=body.work_phone)
    return _page(actor, person_id)


@router.put("/people/{int:person_id}/active", response={200: PersonPage, **PROBLEMS}, summary="Let somebody in or out")
def set_active(request: HttpRequest, person_id: Id, body: ActiveIn) -> PersonPage:
    actor = actor_of(request)
    actions.set_active(actor=actor, at=now(), person=_someone(person_id), active=body.active)
    return _page(actor, person_id)


@router.post("/people/{int:person_id}/password", response={200: OneTimeOut, **PROBLEMS}, summary="A one-time password, shown this once")
def reset_password(request: HttpRequest, person_id: Id) -> OneTimeOut:
    plain = actions.reset_password(actor=actor_of(request), at=now(), person_id=person_id)
    until = _someone(person_id).one_time_until
    assert until
    return OneTimeOut(one_time_password=plain, until=until)


@router.delete("/people/{int:person_id}/lock", response={200: PersonPage, **PROBLEMS}, summary="Forget wrong passwords (security administrator)")
def unlock_person(request: HttpRequest, person_id: Id) -> PersonPage:
    actor = actor_of(request)
    actions.unlock_person(actor=actor, at=now(), person_id=person_id)
    return _page(actor, person_id)


# Roles and tokens


@router.get("/roles", response={200: list[RoleOut], **PROBLEMS}, summary="The roles there are")
def list_roles(request: HttpRequest) -> list[RoleOut]:
    actor_of(request)
    return [RoleOut(code=r.code, name=Name.of(r.name), reach=r.reach, needs_unit=r.reach == "unit") for r in ROLES.values()]


@router.post("/grants/table", response={200: PeopleTableOut, **PROBLEMS}, summary="Grant the roles of a table (security administrator)")
def grant_roles(request: HttpRequest, body: PeopleTableIn) -> PeopleTableOut:
    actor = actor_of(request)
    if "security_admin" not in actor.roles:
        raise Forbidden()
    return table_out(actions.grant_roles(actor=actor, at=now(), table=body.table, dry_run=body.dry_run), body.dry_run)


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
