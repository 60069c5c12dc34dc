"""Whoever has to call a reporter back sees the number, for a reason that is kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Reporter
from jingwei.cases.queries.whole import one_case
from jingwei.cases.rules.forms import text
from jingwei.cases.rules.moves import may_unmask
from jingwei.events.actions import record
from jingwei.kit.errors import FieldError, Forbidden, Invalid
from jingwei.kit.text import T


@transaction.atomic
def unmask_reporters(*, actor: Actor, case_id: UUID, reason: str, at: datetime) -> list[Reporter]:
    """The reporters of a case, to be shown whole this once; who looked, when and why stands in the case's record.

    Raises NotFound, Forbidden, Invalid (no reason given).
    """
    case = one_case(actor=actor, case_id=case_id)
    if not may_unmask(actor, case.place):
        raise Forbidden(T("您不能查看上报人的联系方式", "you may not see the reporter's number"))
    try:
        why = text(reason, 200)
    except ValueError as error:
        raise Invalid(errors=[FieldError("reason", error.args[0])]) from None
    if not why:
        raise Invalid(errors=[FieldError("reason", T("请写明理由", "say why"))])
    record(
        "reporter.unmasked",
        actor=actor,
        at=at,
        subject_type="case",
        subject_id=case.id,
        place=case.place,
        district=case.district,
        data={"form": {"reason": why}},
    )
    return list(Reporter.objects.filter(district=case.district, case_id=case.id).order_by("reported_at", "id"))
