"""A process is drafted, checked and published; the version that replaces it freezes it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.rules import ROLES, Actor
from jingwei.catalogue.actions.editing import check_seen, first_day, mark
from jingwei.catalogue.actions.loading import LoadReport, begin_edit
from jingwei.catalogue.models import Process
from jingwei.catalogue.rules.process import Finding, Malformed, check, read_process
from jingwei.events.actions import record
from jingwei.kit.errors import FieldError, NotFound, Refused, invalid
from jingwei.kit.text import T


@transaction.atomic
def draft_process(*, actor: Actor, at: datetime, document: Mapping[str, Any], seen: str | None = None) -> tuple[Process, LoadReport]:
    """A version of a process as a concept, from its TOML document. The same document again changes nothing; a published
    version can't be drafted over: Refused, take the next number. `seen`: the tag of the concept that was edited, empty for a new
    one; Conflict when it is another now."""
    begin_edit(actor)
    definition = {key: value for key, value in document.items() if key in ("code", "version", "name", "state", "move")}
    try:
        draft = read_process(definition)
    except Malformed as malformed:
        raise Refused(malformed.message, code="malformed_process") from None
    valid_from = document.get("valid_from", at.date())
    if type(valid_from) is not date:
        raise invalid("valid_from", "日期应写作 2026-01-31", "write dates as 2026-01-31")
    if not isinstance(draft.code, str) or not draft.code.isidentifier() or len(draft.code) > 40:
        raise invalid("code", "流程代码应为英文小写单词", "the code of a process must be a word")
    if type(draft.version) is not int or not 1 <= draft.version <= 32_000:
        raise invalid("version", "版本应为正整数", "the version must be a positive whole number")
    found = Process.objects.select_for_update().filter(code=draft.code, version=draft.version).first()
    if found and (found.definition, found.valid_from) == (definition, valid_from):
        return found, LoadReport(read=1, unchanged=1)
    if found and found.status != "concept":
        raise Refused(
            T(
                f"流程 {draft.code} 第 {draft.version} 版已发布，不能修改；请用新的版本号",
                f"version {draft.version} of {draft.code} is published and can't be changed: take a new version number",
            ),
            code="published_process",
        )
    if found and seen is not None:
        check_seen(found, seen, {"tag": mark(found), "status": found.status})
    if found:
        Process.objects.filter(pk=found.pk).update(definition=definition, valid_from=valid_from)
        found.refresh_from_db()
    row = found or Process.objects.create(code=draft.code, version=draft.version, definition=definition, valid_from=valid_from)
    record("process.drafted", actor=actor, at=at, subject_type="process", subject_key=row.pk, data={"code": row.code, "version": row.version})
    return row, LoadReport(read=1, added=int(not found), changed=int(bool(found)))


@transaction.atomic
def publish_process(*, actor: Actor, at: datetime, process_id: int, seen: str | None = None, valid_from: date | None = None) -> Process:
    """New cases start in this version from its `valid_from` on (or from the one given, today or later); the version before it ends
    there and is frozen.

    Refused with every finding when the process isn't sound; Conflict when it is no longer the one `seen`. A published version is
    left as it is.
    """
    begin_edit(actor)
    row = Process.objects.select_for_update().filter(pk=process_id).first()
    if row is None:
        raise NotFound(T("没有这个流程", "no such process"))
    if seen is not None:
        check_seen(row, seen, {"tag": mark(row), "status": row.status})
    if row.status != "concept":
        return row
    if valid_from:
        row.valid_from = first_day(at, valid_from)
    findings = check(read_process(row.definition), roles=ROLES)
    if findings:
        raise Refused(
            T(f"流程有 {len(findings)} 处问题，不能发布", f"the process has {len(findings)} faults and can't be published"),
            code="unsound_process",
            errors=[FieldError(field_of(finding), finding.message) for finding in findings],
        )
    before = Process.objects.select_for_update().filter(code=row.code, status="published").first()
    if before and before.valid_from > row.valid_from:
        raise Refused(
            T(
                f"第 {before.version} 版自 {before.valid_from} 生效，新版不能更早",
                f"version {before.version} is in force from {before.valid_from}: not earlier",
            )
        )
    if before:
        Process.objects.filter(pk=before.pk).update(status="frozen", valid_to=row.valid_from)
    Process.objects.filter(pk=row.pk).update(status="published", valid_from=row.valid_from)
    row.refresh_from_db()
    record(
        "process.published",
        actor=actor,
        at=at,
        subject_type="process",
        subject_key=row.pk,
        data={"code": row.code, "version": row.version, "froze": before.version if before else None},
    )
    return row


@transaction.atomic
def drop_process(*, actor: Actor, at: datetime, process_id: int, seen: str) -> None:
    """A concept is thrown away; a version that was published stays for ever: Refused."""
    begin_edit(actor)
    row = Process.objects.select_for_update().filter(pk=process_id).first()
    if row is None:
        raise NotFound(T("没有这个流程", "no such process"))
    check_seen(row, seen, {"tag": mark(row), "status": row.status})
    if row.status != "concept":
        raise Refused(T("已发布的版本不能删除", "a published version can't be deleted"), code="published_process")
    row.delete()
    record("process.dropped", actor=actor, at=at, subject_type="process", subject_key=process_id, data={"code": row.code, "version": row.version})


def field_of(finding: Finding) -> str:
    """Where in the document a finding lies, as a dotted path."""
    place = f"move.{finding.move}" if finding.move is not None else f"state.{finding.state}" if finding.state else ""
    return ".".join(part for part in ("definition", place, finding.part) if part)
