"""Imports in a list and one by one; what was refused, as a file that can be mended and imported again."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson
from django.conf import settings

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.kit.errors import Forbidden, NotFound
from jingwei.kit.sheets.writing import plain_cell
from jingwei.registry.models import Import

SIZE = 50


def import_page(*, actor: Actor, kind: str = "", after: datetime | None = None, size: int = SIZE) -> list[Import]:
    """Imports, the newest first, `size` from `after` (when one was made) on."""
    found = Import.objects.visible_to(actor).select_related("started_by")
    if kind:
        found = found.filter(kind=kind)
    if after:
        found = found.filter(created_at__lt=after)
    return list(found.order_by("-created_at")[:size])


def one_import(*, actor: Actor, import_id: UUID) -> Import:
    """NotFound."""
    row: Import | None = Import.objects.visible_to(actor).select_related("started_by").filter(pk=import_id).first()
    if row is None:
        raise NotFound()
    return row


def _for_its_keepers(actor: Actor, import_id: UUID) -> tuple[Import, Path]:
    """The files of an import: for who made it, and the registrar of the area."""
    row = one_import(actor=actor, import_id=import_id)
    registrar = actor is SYSTEM or any(row.area.startswith(area) for area in actor.areas_of("registrar"))
    if not registrar and (row.started_by_id is None or row.started_by_id != actor.id or not actor.areas_of_any(KEEPS_REGISTER)):
        raise Forbidden()
    return row, Path(settings.IMPORTS_ROOT) / str(row.id)


def import_rejects(*, actor: Actor, import_id: UUID) -> Iterator[str]:
    """CSV: line, reason, reason_en, and the cells as they came. A cell that a spreadsheet would take for a formula is marked as text."""
    row, folder = _for_its_keepers(actor, import_id)
    done = set(row.blocks.values_list("number", flat=True))
    columns = row.options.get("columns", [])
    return _lines(sorted((folder / "rejects").glob("*.jsonl")), ["line", "reason", "reason_en", *columns], done or None)


def _lines(paths: list[Path], head: list[str], done: set[int] | None) -> Iterator[str]:
    yield _csv(head)
    for path in paths:
        if done is None or int(path.stem) in done:
            with path.open("rb") as stream:
                for line in stream:
                    yield _csv(orjson.loads(line))


def kept_by_undo(*, actor: Actor, import_id: UUID) -> Iterator[str]:
    """CSV of what an undoing has left: thing, which, why."""
    _, folder = _for_its_keepers(actor, import_id)
    path = folder / "kept.jsonl"
    return _lines([path] if path.exists() else [], ["thing", "which", "reason", "reason_en"], None)


def _csv(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([plain_cell(str(cell)) for cell in cells])
    return text.getvalue()
