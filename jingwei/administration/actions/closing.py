"""A unit closes: not while it holds cases; its rules and roles go to a successor, or it stays open."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from jingwei.accounts import actions as accounts
from jingwei.accounts.models import Grant, Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.administration.queries import Holdings, holdings, lasting_grants, lasting_rules
from jingwei.catalogue.models import DispatchRule
from jingwei.events.actions import record
from jingwei.kit.errors import FieldError, Forbidden, Refused, invalid
from jingwei.kit.text import T


def _faults(held: Holdings, successor: Unit | None) -> list[FieldError]:
    """Why the unit can't close. Cases are moved by hand, each with its reason: nobody hands over what somebody waits for in silence."""
    found = []
    if held.below:
        found.append(FieldError("below", T(f"下面还有 {held.below} 个单位", f"{held.below} units stand below it")))
    if held.cases:
        found.append(
            FieldError(
                "cases", T(f"还有 {held.cases} 件在办案件，请先退回、转办或结案", f"it holds {held.cases} open cases: return, transfer or close them first")
            )
        )
    if held.rules and not successor:
        found.append(FieldError("rules", T(f"还有 {held.rules} 条派遣规则指向它", f"{held.rules} dispatch rules name it")))
    if held.grants and not successor:
        found.append(FieldError("grants", T(f"还有 {held.grants} 个授权在它名下", f"{held.grants} roles are held in it")))
    return found


@transaction.atomic
def close_unit(*, actor: Actor, at: datetime, unit_id: int, successor_id: int | None = None, seen_version: int | None = None, on: date | None = None) -> Unit:
    """A unit stops working `on` a day (today). With a successor its dispatch rules name that one, and its roles go on there; what ran stays on the record.

    Refused, with every reason and its number, while units stand below it, while it holds open cases, and without a successor while rules or
    roles are left."""
    unit = accounts.unit_locked(unit_id)
    if actor is not SYSTEM and "system_admin" not in actor.roles_at(unit.area):
        raise Forbidden()
    if unit.closed_date:
        return unit
    accounts.require_version(unit, seen_version)
    successor = Unit.objects.filter(pk=successor_id).first() if successor_id else None
    if successor_id and (successor is None or successor.closed_date or successor.pk == unit.pk):
        raise invalid("successor", "接任单位应为另一个在用的单位", "the successor must be another unit at work")
    held = holdings(unit.pk)
    faults = _faults(held, successor)
    if faults:
        raise Refused(T(f"单位 {unit.name} 还不能撤销", f"{unit.name} can't be closed yet"), code="unit_holds", errors=faults)
    if successor:
        rules = DispatchRule.objects.filter(lasting_rules(unit.pk)).update(unit=successor)
        grants = _hand_over(unit, successor, localdate(at))
        data = {"to": successor.pk, "rules": rules, "grants": grants}
        record("unit.handed_over", actor=actor, at=at, subject_type="unit", subject_key=unit.pk, place=unit.area, data=data)
    return accounts.close_unit(actor=actor, at=at, unit=unit, on=on)


def _hand_over(unit: Unit, successor: Unit, today: date) -> int:
    """Each role in the old unit ends today and goes on in the new one, where the same person does not hold it already. How many ended."""
    grants = list(Grant.objects.select_for_update().filter(lasting_grants(unit.pk)))
    for grant in grants:
        first, until = max(grant.period.lower, today), grant.period.upper
        Grant.objects.filter(pk=grant.pk).update(period=DateRange(min(grant.period.lower, today), today))
        going_on = DateRange(first, until)
        held = Grant.objects.filter(person=grant.person_id, role=grant.role, area=grant.area, unit=successor, period__overlap=going_on)
        if not held.exists():
            Grant.objects.create(person_id=grant.person_id, role=grant.role, area=grant.area, unit=successor, period=going_on)
    return len(grants)
