"""Roles are granted and end."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from jingwei.accounts.actions.may import check_area, may_administer
from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.rules import ADMINISTRATORS, ROLES, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import NotFound, Refused, invalid
from jingwei.kit.text import T


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

    Refused when the person would be two of the three administrators at once, is a machine that would be one of them, or holds that very
    role already.
    """
    may_administer(actor, area, "security_admin")
    if role not in ROLES:
        raise invalid("role", f"没有“{role}”这个角色", f"there is no role {role!r}")
    check_area(area)
    if actor.id is not None and actor.id == person.pk:
        raise Refused(T("不能给自己授权", "nobody grants a role to themselves"), code="grant_refused")
    if person.is_machine and role in ADMINISTRATORS:
        raise Refused(T("机器账号不能担任管理员", "a machine can't be an administrator"), code="grant_refused")
    if unit and unit.closed_date:
        raise invalid("unit", "单位已撤销", "the unit is closed")
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
    may_administer(actor, grant.area, "security_admin")
    today = localdate(at)
    if not grant.period.isempty and (grant.period.upper is None or grant.period.upper > today):
        grant.period = DateRange(min(grant.period.lower, today), today)
        Grant.objects.filter(pk=grant.pk).update(period=grant.period)
        record("role.ended", actor=actor, at=at, subject_type="person", subject_key=grant.person.pk, place=grant.area, data={"role": grant.role})
    return grant
