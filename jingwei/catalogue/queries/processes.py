"""Versions of processes as they are edited, concepts among them."""

from collections.abc import Mapping
from typing import Any

from jingwei.accounts.rules import ROLES, Actor
from jingwei.catalogue.models import Process
from jingwei.catalogue.rules.process import Finding, Malformed, check, read_process
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T


def process_versions(*, actor: Actor) -> list[Process]:
    """Every version, the newest of each code first."""
    return list(Process.objects.visible_to(actor).order_by("code", "-version"))


def process_row(*, actor: Actor, code: str, version: int) -> Process:
    """One version, a concept too. NotFound."""
    row = Process.objects.visible_to(actor).filter(code=code, version=version).first()
    if row is None:
        raise NotFound(T("没有这个流程版本", "no such version of a process"))
    return row


def findings_of(document: Mapping[str, Any]) -> list[Finding]:
    """What forbids publishing a document; one that can't even be read is one finding."""
    try:
        return check(read_process(document), roles=ROLES)
    except Malformed as malformed:
        return [Finding(malformed.message)]
