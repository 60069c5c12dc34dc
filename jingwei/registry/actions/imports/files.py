"""Where an import's files lie while they are needed: the upload, its lines, and what was refused. They hold personal data, and nobody else reads them."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings


def folder(import_id: UUID) -> Path:
    place = Path(settings.IMPORTS_ROOT) / str(import_id)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def upload(import_id: UUID) -> Path:
    return folder(import_id) / "upload"


def lines(import_id: UUID) -> Path:
    return folder(import_id) / "lines"


def rejects(import_id: UUID, block: int) -> Path:
    """What was refused of a block: a JSON list a line: number, reason, reason in English, cells."""
    place = folder(import_id) / "rejects"
    place.mkdir(exist_ok=True)
    return place / f"{block:06d}.jsonl"


def kept(import_id: UUID) -> Path:
    """What an undoing has left, and why."""
    return folder(import_id) / "kept.jsonl"


def left_exports() -> Path:
    """Where an export lies until it is sent; what nobody fetched is taken away with the imports."""
    return Path(settings.IMPORTS_ROOT) / "exports"


def clear(import_id: UUID, *, whole: bool) -> None:
    """Take away the file and its lines; `whole`: what was refused too."""
    place = folder(import_id)
    if whole:
        shutil.rmtree(place, ignore_errors=True)
        return
    for name in ("upload", "lines", "lines.marks"):
        (place / name).unlink(missing_ok=True)
