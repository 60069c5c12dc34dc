"""What stands in the way of closing a unit."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.timezone import localdate

from jingwei.accounts.models import Grant, Unit
from jingwei.catalogue.models import DispatchRule
from jingwei.kit import db
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T

_OPEN_CASES = """
select count(*) from cases_assignment a join cases_case c on c.district = a.district and c.id = a.case_id
 where a.unit_id = %s and a.ended_at is null and a.done_at is null and c.is_open"""


@dataclass(frozen=True)
class Holdings:
    """What a unit holds: open cases as lead or assistant, dispatch rules in force or to come, roles that run or are to begin, units below it."""

    cases: int
    rules: int
    grants: int
    below: int


def lasting_rules(unit_id: int) -> Q:
    return Q(unit_id=unit_id) & (Q(valid_to__isnull=True) | Q(valid_to__gt=localdate()))


def lasting_grants(unit_id: int) -> Q:
    return Q(unit_id=unit_id) & (Q(period__contains=localdate()) | Q(period__startswith__gt=localdate()))


def holdings(unit_id: int) -> Holdings:
    """What one unit holds. NotFound for an unknown one."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(T("没有这个单位", "no such unit"))
    found = db.row(_OPEN_CASES, [unit_id])
    assert found
    return Holdings(
        cases=found[0],
        rules=DispatchRule.objects.filter(lasting_rules(unit_id)).count(),
        grants=Grant.objects.filter(lasting_grants(unit_id)).count(),
        below=Unit.objects.current().filter(path__startswith=unit.path).exclude(pk=unit.pk).count(),
    )
