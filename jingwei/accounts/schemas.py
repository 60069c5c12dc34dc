"""What the account doors take and answer."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.timezone import localdate
from pydantic import AwareDatetime, BaseModel, Field

from jingwei.accounts.actions import Row
from jingwei.accounts.actions.may import is_over, may_reset
from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.queries import UnitWhole, work_phone
from jingwei.accounts.rules import ROLES, Actor
from jingwei.kit.crypto import mask_phone
from jingwei.kit.schemas import In, Name, UnitRef

Area = Annotated[str, Field(pattern=r"^[0-9]{2,15}$")]
Number = Annotated[int, Field(ge=1, lt=2**63)]


class LoginIn(In):
    username: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class PasswordIn(In):
    old: Annotated[str, Field(min_length=1, max_length=200)]
    new: Annotated[str, Field(min_length=1, max_length=200)]


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
    must_change_password: bool


class SessionOut(BaseModel):
    """Who is logged in; null for nobody. `training`: this is a sandbox, nothing in it is real."""

    person: Me | None
    training: bool


class UnitOut(BaseModel):
    """`below`: how many units at work stand directly below it."""

    id: int
    code: str
    name: str
    name_en: str
    kind: str
    kind_name: str
    area: str
    parent: int | None
    closed_date: date | None
    version: int
    below: int


class UnitPage(UnitOut):
    """`above` from the root on; `may`: what the caller may do with it."""

    above: list[UnitRef]
    children: list[UnitOut]
    people: int
    grants: int
    may: list[str]


class UnitChange(In):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Annotated[str, Field(max_length=100)] = ""
    kind: Annotated[str, Field(max_length=20)]
    area: Area
    parent: Number | None = None


class UnitIn(UnitChange):
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,29}$")]


class UnitChangeIn(UnitChange):
    seen_version: Annotated[int, Field(ge=1, lt=2**31)]


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
    area: str
    grants: list[HeldOut]


class HeldToken(BaseModel):
    id: int
    name: str
    created_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None


class PersonPage(PersonOut):
    """Grants of all times; `last_log_in` is a day, to find accounts that nobody uses; `may`: what the caller may do with this person.
    `work_phone_masked`: for those who keep it; whole it stands on call-out lists alone."""

    last_log_in: date | None
    must_change_password: bool
    locked_until: AwareDatetime | None
    tokens: list[HeldToken]
    work_phone_masked: str
    may: list[str]


class RegisteredOut(PersonOut):
    """`one_time_password` is shown this once; it has to be changed at the first log-in."""

    one_time_password: str | None


class RenameIn(In):
    name: Annotated[str, Field(min_length=1, max_length=60)]


class WorkPhoneIn(In):
    """`work_phone` "" takes the number away."""

    work_phone: Annotated[str, Field(max_length=30)]


class ActiveIn(In):
    active: bool


class OneTimeOut(BaseModel):
    one_time_password: str
    until: AwareDatetime


class LockedOut(BaseModel):
    id: int
    username: str
    name: str
    locked_until: AwareDatetime


class PeopleTableIn(In):
    """A table as pasted from a spreadsheet; the header names the columns."""

    table: Annotated[str, Field(min_length=1, max_length=200_000)]
    dry_run: bool = True


class PeopleTableRow(BaseModel):
    line: int
    username: str
    name: str
    outcome: Literal["added", "unchanged", "refused"]
    reason: Name | None
    one_time_password: str | None


class PeopleTableOut(BaseModel):
    """read = added + unchanged + refused."""

    dry_run: bool
    read: int
    added: int
    unchanged: int
    refused: int
    rows: list[PeopleTableRow]


class PersonIn(In):
    username: Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(max_length=200)] | None = None
    area: Area
    is_machine: bool = False


class RoleOut(BaseModel):
    """`reach`: area, unit, grid or office; `needs_unit`: it is held in a unit or not at all."""

    code: str
    name: Name
    reach: str
    needs_unit: bool


class GrantIn(In):
    role: Annotated[str, Field(max_length=30)]
    area: Area
    unit: Number | None = None
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
        must_change_password=actor.must_change,
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
        closed_date=unit.closed_date,
        version=unit.version,
        name_en=unit.name_en,
        below=getattr(unit, "below", 0),
    )


def unit_page(whole: UnitWhole, actor: Actor) -> UnitPage:
    unit = whole.unit
    over = "system_admin" in actor.roles_at(unit.area) and unit.closed_date is None
    return UnitPage(
        **dict(unit_out(unit)),
        above=[UnitRef(id=u.pk, name=u.name) for u in whole.above],
        children=[unit_out(u) for u in whole.below],
        people=whole.people,
        grants=whole.grants,
        may=["change", "close", "open_below"] if over else [],
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


def person_out(person: Person) -> PersonOut:
    return PersonOut(
        id=person.pk,
        username=person.username,
        name=person.name,
        is_active=person.is_active,
        is_machine=person.is_machine,
        area=person.area,
        grants=[held_out(g) for g in person.grants.all()],
    )


def person_page(person: Person, actor: Actor, locked: datetime | None) -> PersonPage:
    system, security = is_over(actor, person, "system_admin"), is_over(actor, person, "security_admin")
    granted = "security_admin" in actor.roles and actor.id != person.pk
    may = {
        "rename": system,
        "set_work_phone": system and not person.is_machine and person.is_active,
        "set_active": is_over(actor, person, "system_admin", "security_admin"),
        "reset_password": may_reset(actor, person) and not person.is_machine,
        "issue_token": system and person.is_machine and person.is_active,
        "revoke_token": person.is_machine and bool(actor.roles_at(person.area) & {"system_admin", "security_admin"}),
        "grant": granted,
        "unlock": security and locked is not None,
        "post": "system_admin" in actor.roles,
    }
    return PersonPage(
        **dict(person_out(person)),
        last_log_in=person.last_login and localdate(person.last_login),
        must_change_password=person.one_time_until is not None,
        locked_until=locked,
        tokens=[HeldToken(id=t.pk, name=t.name, created_at=t.created_at, expires_at=t.expires_at, revoked_at=t.revoked_at) for t in person.tokens.all()],
        work_phone_masked=mask_phone(number) if may["set_work_phone"] and (number := work_phone(person)) else "",
        may=[what for what, lawful in may.items() if lawful],
    )


def table_out(rows: list[Row], dry_run: bool) -> PeopleTableOut:
    count = Counter(row.outcome for row in rows)
    return PeopleTableOut(
        dry_run=dry_run,
        read=len(rows),
        added=count["added"],
        unchanged=count["unchanged"],
        refused=count["refused"],
        rows=[
            PeopleTableRow(
                line=r.line, username=r.username, name=r.name, outcome=r.outcome, reason=r.reason and Name.of(r.reason), one_time_password=r.one_time
            )
            for r in rows
        ],
    )
