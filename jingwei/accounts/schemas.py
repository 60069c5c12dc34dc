"""What the account doors take and answer."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from jingwei.accounts.models import Grant, Unit
from jingwei.accounts.rules import ROLES, Actor
from jingwei.kit.schemas import In, Name, UnitRef


class LoginIn(In):
    username: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class GrantOut(BaseModel):
    """One role held today: `area` is the prefix of a place."""

    role: str
    role_name: Name
    unit: UnitRef | None
    area: str
    area_name: str


class Me(BaseModel):
    id: int
    name: str
    grants: list[GrantOut]
    may_open: bool


class SessionOut(BaseModel):
    """Who is logged in; null for nobody."""

    person: Me | None


class UnitOut(BaseModel):
    id: int
    code: str
    name: str
    kind: str
    kind_name: str
    area: str
    parent: int | None


class HeldOut(BaseModel):
    id: int
    role: str
    role_name: Name
    unit: UnitRef | None
    area: str
    from_date: date | None
    until: date | None


class PersonOut(BaseModel):
    id: int
    username: str
    name: str
    is_active: bool
    is_machine: bool
    grants: list[HeldOut]


class PersonIn(In):
    username: Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(max_length=200)] | None = None
    area: Annotated[str, Field(pattern=r"^[0-9]{2,15}$")]
    is_machine: bool = False


class GrantIn(In):
    role: Annotated[str, Field(max_length=30)]
    area: Annotated[str, Field(pattern=r"^[0-9]{2,15}$")]
    unit: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    from_date: date | None = None
    until: date | None = None


class TokenIn(In):
    name: Annotated[str, Field(min_length=1, max_length=60)]
    days: Annotated[int, Field(ge=1, le=730)] = 365


class TokenOut(BaseModel):
    """`token` is shown this once; only its hash is kept."""

    id: int
    name: str
    token: str
    expires_at: AwareDatetime


def me_out(actor: Actor, names: dict[str, str], units: dict[int, str]) -> Me:
    assert actor.id is not None
    return Me(
        id=actor.id,
        name=actor.name,
        may_open=actor.opening_area() is not None,
        grants=[
            GrantOut(
                role=h.role,
                role_name=Name.of(ROLES[h.role].name),
                area=h.area,
                area_name=names.get(h.area, ""),
                unit=UnitRef(id=h.unit_id, name=units.get(h.unit_id, "")) if h.unit_id else None,
            )
            for h in actor.held
        ],
    )


def unit_out(unit: Unit) -> UnitOut:
    return UnitOut(
        id=unit.pk,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        kind_name=Unit.Kind(unit.kind).label,
        area=unit.area,
        parent=unit.parent_id,
    )


def held_out(grant: Grant) -> HeldOut:
    return HeldOut(
        id=grant.pk,
        role=grant.role,
        role_name=Name.of(ROLES[grant.role].name),
        area=grant.area,
        from_date=grant.period.lower,
        until=grant.period.upper,
        unit=UnitRef(id=grant.unit.pk, name=grant.unit.name) if grant.unit else None,
    )
