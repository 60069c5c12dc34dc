"""Units, people, roles and tokens come and go here."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from jingwei.accounts.models import Grant, Person, Token, Unit
from jingwei.accounts.rules import ADMINISTRATORS, ROLES, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.codes import is_place
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, Refused, invalid
from jingwei.kit.text import T


def _may_administer(actor: Actor, area: str, *roles: str) -> None:
    """The program itself (installation, the demonstration) or one of `roles` over `area`; else Forbidden."""
    if actor is not SYSTEM and not actor.roles_at(area) & set(roles):
        raise Forbidden()


@transaction.atomic
def open_unit(*, actor: Actor, at: datetime, code: str, name: str, kind: str, area: str, parent: Unit | None = None) -> Unit:
    """A new unit under `parent`, responsible for `area` (a prefix). Refused when the code is taken."""
    _may_administer(actor, area, "system_admin")
    if not is_place(area):
        raise invalid("area", "区划代码无效", "not the code of an area")
    if kind not in Unit.Kind.values:
        raise invalid("kind", "单位类别无效", "unknown kind of unit")
    unit = Unit(code=code, name=name, kind=kind, area=area, parent=parent, path=f"/{secrets.randbelow(10**12)}/")
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError:
        raise Refused(T(f"单位代码 {code} 已被使用", f"the code {code} is taken")) from None
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    Unit.objects.filter(pk=unit.pk).update(path=unit.path)
    record("unit.opened", actor=actor, at=at, subject_type="unit", subject_key=unit.id, place=area, data={"code": code, "name": name, "kind": kind})
    return unit


@transaction.atomic
def close_unit(*, actor: Actor, at: datetime, unit: Unit) -> Unit:
    """A unit stops working: nothing new can be sent to it; what it did stays."""
    _may_administer(actor, unit.area, "system_admin")
    Unit.objects.filter(pk=unit.pk).update(closed_date=localdate(at))
    unit.refresh_from_db()
    record("unit.closed", actor=actor, at=at, subject_type="unit", subject_key=unit.id, place=unit.area)
    return unit


@transaction.atomic
def register_person(
    *, actor: Actor, at: datetime, username: str, name: str, password: str | None, area: str, is_machine: bool = False, check: bool = True
) -> Person:
    """Somebody who works in `area`. Without a password nobody can log in (machines). Invalid for a weak one."""
    _may_administer(actor, area, "system_admin")
    if not is_place(area):
        raise invalid("area", "区划代码无效", "not the code of an area")
    if password is not None and check:
        try:
            validate_password(password, Person(username=username, name=name))
        except ValidationError as error:
            raise Invalid(errors=[FieldError("password", T("口令至少 10 位，不能是常用口令，不能与账号或姓名相近", m)) for m in error.messages]) from None
    person = Person(username=username, name=name, is_machine=is_machine, password=make_password(password))
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Refused(T(f"账号 {username} 已存在", f"the account {username} exists")) from None
    record("person.registered", actor=actor, at=at, subject_type="person", subject_key=person.id, place=area, data={"username": username})
    return person


@transaction.atomic
def set_active(*, actor: Actor, at: datetime, person: Person, active: bool, area: str) -> Person:
    """Let somebody in or out; their tokens end with them."""
    _may_administer(actor, area, "system_admin", "security_admin")
    Person.objects.filter(pk=person.pk).update(is_active=active)
    if not active:
        Token.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at)
    person.refresh_from_db()
    record("person.activated" if active else "person.deactivated", actor=actor, at=at, subject_type="person", subject_key=person.id, place=area)
    return person


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    role: str,
    area: str,
    unit: Unit | None = None,
    from_date: date | None = None,
    until: date | None = None,
) -> Grant:
    """`person` holds `role` within `area` and `unit` from `from_date` (today) until `until` (open end, exclusive).

    Refused when the person would be two of the three administrators at once, or holds that very role already.
    """
    _may_administer(actor, area, "security_admin")
    if role not in ROLES:
        raise invalid("role", f"没有“{role}”这个角色", f"there is no role {role!r}")
    if not is_place(area):
        raise invalid("area", "区划代码无效", "not the code of an area")
    period = db.days(from_date or localdate(at), until)
    # Two that grant at once wait for each other here, instead of in the exclusion constraints, where they would lock each other out.
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    try:
        with transaction.atomic():
            grant = Grant.objects.create(person=person, role=role, area=area, unit=unit, period=period)
    except IntegrityError as error:
        if "grant_one_administrator_each" in str(error):
            message = T("系统、安全、审计三类管理员不能由同一人兼任", "one person can't be two of the system, security and audit administrators")
        elif "grant_once" in str(error):
            message = T("此人在该范围已有这个角色", "this person holds that role there already")
        else:
            message = T("此角色必须属于一个单位", "this role needs a unit")
        raise Refused(message, code="grant_refused") from None
    record(
        "role.granted",
        actor=actor,
        at=at,
        subject_type="person",
        subject_key=person.id,
        place=area,
        data={"role": role, "unit": unit and unit.id, "from": grant.period.lower, "until": until},
    )
    return grant


@transaction.atomic
def end_grant(*, actor: Actor, at: datetime, grant_id: int) -> Grant:
    """The role ends today; one that has not begun yet never begins."""
    grant = Grant.objects.select_for_update().filter(pk=grant_id).select_related("person").first()
    if grant is None or (actor is not SYSTEM and not any(grant.area.startswith(h.area) for h in actor.held)):
        raise NotFound()
    _may_administer(actor, grant.area, "security_admin")
    today = localdate(at)
    if not grant.period.isempty and (grant.period.upper is None or grant.period.upper > today):
        grant.period = DateRange(min(grant.period.lower, today), today)
        Grant.objects.filter(pk=grant.pk).update(period=grant.period)
        record("role.ended", actor=actor, at=at, subject_type="person", subject_key=grant.person.pk, place=grant.area, data={"role": grant.role})
    return grant


@transaction.atomic
def issue_token(*, actor: Actor, at: datetime, person: Person, name: str, days: int = 365) -> tuple[Token, str]:
    """A bearer token for a machine's account, valid `days` (at most 730). The text is shown this once."""
    area = person.grants.values_list("area", flat=True).first() or "00"
    _may_administer(actor, area, "system_admin")
    if not 1 <= days <= 730:
        raise invalid("days", "有效期为 1 至 730 天", "between 1 and 730 days")
    if person.grants.filter(role__in=ADMINISTRATORS).exists():
        raise Refused(T("管理员不能使用令牌", "administrators log in themselves; no machine holds their roles"))
    plain = "jw_" + secrets.token_urlsafe(32)
    token = Token.objects.create(person=person, name=name, digest=hashlib.sha256(plain.encode()).digest(), expires_at=at + timedelta(days=days))
    record("token.issued", actor=actor, at=at, subject_type="person", subject_key=person.pk, place=area, data={"name": name, "token": token.pk})
    return token, plain


@transaction.atomic
def revoke_token(*, actor: Actor, at: datetime, token_id: int) -> Token:
    token = Token.objects.select_for_update().select_related("person").filter(pk=token_id).first()
    area = token and (token.person.grants.values_list("area", flat=True).first() or "00")
    if token is None or (actor is not SYSTEM and not actor.roles_at(area or "00")):
        raise NotFound()
    _may_administer(actor, area or "00", "system_admin", "security_admin")
    if token.revoked_at is None:
        token.revoked_at = at
        Token.objects.filter(pk=token.pk).update(revoked_at=at)
        record("token.revoked", actor=actor, at=at, subject_type="person", subject_key=token.person.pk, place=area or "", data={"token": token.pk})
    return token
