"""Standard texts: loaded from a file, written, changed and ended in the browser."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.editing import amend, check_seen, end, first_day, refuse
from jingwei.catalogue.actions.loading import Key, LoadReport, begin_edit, read_rows, record_load, refuse_overlaps, standing_rows, write_rows
from jingwei.catalogue.models import Matter, Process, StandardText
from jingwei.catalogue.rules.files import Fault, Sheet, number, period, word
from jingwei.catalogue.rules.registry import ACTIONS
from jingwei.catalogue.rules.texts import faults_of_text
from jingwei.catalogue.rules.values import beginnings
from jingwei.events.actions import record
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T
from jingwei.kit.times import localdate

LAST = 1_000_000  # position


@dataclass(frozen=True, slots=True)
class TextDraft:
    """A standard text as somebody writes it. Empty `process`, `move`, `matter` mean any."""

    title: str
    text: str
    process: str = ""
    move: str = ""
    matter: str = ""
    position: int = 100


@transaction.atomic
def load_texts(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """Standard texts: code, title, process, move, matter (a code or its beginning), text, position and, where they differ from the
    head's date, valid_from and valid_to. Empty process, move, matter mean any. Head: valid_from."""
    begin_edit(actor)
    report = LoadReport()
    start = sheet.said_date("valid_from")
    processes, matters = _known()

    def read(row: Mapping[str, str]) -> tuple[Key, dict[str, Any]]:
        code = word(row, "code", 40)
        valid_from, valid_to = period(row, start)
        values: dict[str, Any] = {
            "title": word(row, "title", 60),
            "text": word(row, "text", 1000),
            **{name: word(row, name, longest, empty=True) for name, longest in (("process", 40), ("move", 40), ("matter", 20))},
            "position": number(row, "position", 1, LAST) if row.get("position") else 100,
        }
        for _, fault in _faults(TextDraft(**values), processes, matters):
            raise Fault(*fault)
        return (code, valid_from), {"code": code, **values, "valid_from": valid_from, "valid_to": valid_to}

    taken = read_rows(sheet, report, read)
    standing = standing_rows(StandardText.objects.all(), lambda t: (t.code, t.valid_from))
    refuse_overlaps(taken, standing, lambda key: key[0], sheet, report)  # type: ignore[index]
    write_rows(StandardText, taken, standing, report)
    record_load("texts.loaded", report, actor=actor, at=at, subject_type="catalogue", subject_key="texts")
    return report


@transaction.atomic
def add_text(*, actor: Actor, at: datetime, draft: TextDraft, valid_from: date | None = None) -> StandardText:
    """A new standard text, from a day on (by default today). Invalid names what is wrong, an unknown placeholder among it."""
    begin_edit(actor)
    refuse(_faults(draft, *_known()))
    stem = draft.move or draft.process or "text"
    taken = set(StandardText.objects.filter(code__startswith=stem).values_list("code", flat=True))
    code = next(c for n in range(1, len(taken) + 2) if (c := f"{stem}-{n}") not in taken)
    row = StandardText.objects.create(code=code, **_values(draft), valid_from=first_day(at, valid_from))
    _record("text.added", row, actor, at)
    return row


@transaction.atomic
def change_text(*, actor: Actor, at: datetime, code: str, seen: str, draft: TextDraft, valid_from: date | None = None) -> StandardText:
    """The text as drafted, from a day on; until then it stays as it was. Conflict when somebody changed it since."""
    begin_edit(actor)
    row, day = _standing(code, at), first_day(at, valid_from)
    check_seen(row, seen, shown(row))
    refuse(_faults(draft, *_known()))
    changed = amend(row, _values(draft), day)
    _record("text.changed", changed, actor, at)
    return changed


@transaction.atomic
def end_text(*, actor: Actor, at: datetime, code: str, seen: str, valid_to: date | None = None) -> None:
    """The text is offered no longer from a day on (by default today)."""
    begin_edit(actor)
    row = _standing(code, at)
    check_seen(row, seen, shown(row))
    end(row, first_day(at, valid_to, "valid_to"))
    _record("text.ended", row, actor, at)


def shown(row: StandardText) -> dict[str, Any]:
    """The text as an event and a conflict tell it."""
    names = ("code", "title", "process", "move", "matter", "text", "position", "valid_from", "valid_to")
    return {name: getattr(row, name) for name in names}


def _record(type: str, row: StandardText, actor: Actor, at: datetime) -> None:
    record(type, actor=actor, at=at, subject_type="standard_text", subject_key=row.code, data=shown(row))


def _standing(code: str, at: datetime) -> StandardText:
    """The newest version of a text that has not ended. NotFound."""
    row = StandardText.objects.filter(code=code).order_by("-valid_from").first()
    if row is None or (row.valid_to and row.valid_to <= localdate(at)):
        raise NotFound(T("没有这条标准用语，或已停用", "there is no such standard text, or it has ended"))
    return row


def _values(draft: TextDraft) -> dict[str, Any]:
    return {
        "title": draft.title.strip(),
        "text": draft.text.strip(),
        "process": draft.process,
        "move": draft.move,
        "matter": draft.matter,
        "position": draft.position,
    }


def _known() -> tuple[frozenset[str], frozenset[str]]:
    """The codes of processes, and of matters with their beginnings."""
    return frozenset(Process.objects.values_list("code", flat=True)), beginnings(Matter.objects.values_list("code", flat=True))


def _faults(draft: TextDraft, processes: Collection[str], matters: Collection[str]) -> list[tuple[str, T]]:
    faults = [("text", fault) for fault in faults_of_text(draft.text)]
    if not draft.title.strip():
        faults.append(("title", T("请写标题", "give it a title")))
    if not draft.text.strip():
        faults.append(("text", T("请写正文", "write the text")))
    if draft.process and draft.process not in processes:
        faults.append(("process", T(f"没有流程 {draft.process}", f"there is no process {draft.process}")))
    if draft.move and draft.move not in ACTIONS:
        faults.append(("move", T(f"没有动作 {draft.move}", f"there is no move {draft.move}")))
    if draft.matter and draft.matter not in matters:
        faults.append(("matter", T(f"事项 {draft.matter} 不存在", f"matter {draft.matter} is unknown")))
    return faults
