"""A version of a process comes back as another installation had it: published or frozen, with its dates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from jingwei.accounts.rules import ROLES, Actor
from jingwei.catalogue.actions.loading import begin_edit
from jingwei.catalogue.actions.processes import draft_process
from jingwei.catalogue.models import Process
from jingwei.catalogue.rules.process import check, read_process
from jingwei.events.actions import record
from jingwei.kit.errors import FieldError, Refused, invalid
from jingwei.kit.text import T

STATUSES = ("concept", "published", "frozen")


@transaction.atomic
def restore_process(*, actor: Actor, at: datetime, document: Mapping[str, Any]) -> Process:
    """The version that `document` holds, with its `status` and `valid_to`. Whatever is there already stays; versions of a code come in order.

    Refused when the version here says something else and is no concept, when it is frozen here and not there, when the process isn't sound, and
    when the dates are in the way of another version's."""
    begin_edit(actor)
    status, valid_to = document.get("status", "concept"), document.get("valid_to")
    if status not in STATUSES:
        raise invalid("status", "状态应为 concept、published 或 frozen", "the status is concept, published or frozen")
    if (valid_to is not None and type(valid_to) is not date) or (status == "frozen" and valid_to is None):
        raise invalid("valid_to", "日期应写作 2026-01-31；冻结的版本必须有失效日期", "write dates as 2026-01-31; a frozen version has one")
    row, _ = draft_process(actor=actor, at=at, document=document)
    if (row.status, row.valid_to) == (status, valid_to) or status == "concept":
        return row
    if STATUSES.index(row.status) > STATUSES.index(status) or (row.status == "frozen" and row.valid_to != valid_to):
        raise Refused(T(f"流程 {row.code} 第 {row.version} 版在这里已冻结", f"version {row.version} of {row.code} is frozen here"), code="published_process")
    findings = check(read_process(row.definition), roles=ROLES)
    if findings:
        raise Refused(
            T(f"流程 {row.code} 第 {row.version} 版有错", f"version {row.version} of {row.code} has faults"),
            code="unsound_process",
            errors=[FieldError("definition", finding.message) for finding in findings],
        )
    if status == "published":
        # As publishing does it: the version before ends where this one begins.
        before = Process.objects.filter(code=row.code, status="published", version__lt=row.version, valid_from__lte=row.valid_from)
        before.update(status="frozen", valid_to=row.valid_from)
    try:
        with transaction.atomic():
            Process.objects.filter(pk=row.pk).update(status=status, valid_to=valid_to)
    except IntegrityError:
        raise Refused(
            T(f"流程 {row.code} 第 {row.version} 版的有效期与别的版本重叠", f"the period of version {row.version} of {row.code} overlaps another's")
        ) from None
    row.refresh_from_db()
    data = {"code": row.code, "version": row.version, "status": status, "until": valid_to}
    record("process.restored", actor=actor, at=at, subject_type="process", subject_key=row.pk, data=data)
    return row
