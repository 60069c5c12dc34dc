"""Files come in, are looked at for what they really are, and are taken by reports and moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.models import Case, File
from jingwei.events.actions import record
from jingwei.kit import bulk, files
from jingwei.kit.errors import FieldError, Forbidden, Invalid
from jingwei.kit.ids import district_of, new_id
from jingwei.kit.text import T


@transaction.atomic
def keep_file(*, actor: Actor, at: datetime, name: str, stream: BinaryIO) -> File:
    """Keep an upload under the hash of its bytes. Raises TooLarge, Unsupported (what it is, not what it is called),
    Invalid for a damaged picture."""
    if actor is not SYSTEM and not actor.held:
        raise Forbidden()
    kept = files.keep(stream)
    district = actor.home_district()
    file = File(
        district=district,
        id=new_id(district, at),
        sha256=kept.sha256,
        name=files.plain_name(name),
        mime=kept.mime,
        size=kept.size,
        width=kept.width,
        height=kept.height,
        uploaded_by_id=actor.id,
        uploaded_at=at,
    )
    file.save(force_insert=True)
    record("file.kept", actor=actor, at=at, subject_type="file", subject_id=file.id, district=district, data={"sha256": kept.sha256, "mime": kept.mime})
    return file


def take_files(*, actor: Actor, case: Case, files: Sequence[UUID], event: UUID, move: str, at: datetime) -> None:
    """The uploads now belong to the case. Invalid when one is unknown, somebody else's, or taken already."""
    homes = {district_of(f) or "" for f in files}
    uploads = File.objects.select_for_update().filter(district__in=homes, id__in=files, case_id__isnull=True, taken_at__isnull=True)
    if actor is not SYSTEM:
        uploads = uploads.filter(uploaded_by_id=actor.id)
    found = {f.id: f for f in uploads.order_by("id")}
    if len(found) != len(files):
        raise Invalid(errors=[FieldError("files", T("附件不存在或已被使用", "a file is unknown or was used already"))])
    bulk.insert(
        File,
        [
            {
                "district": case.district,
                "id": new_id(case.district, at),
                "sha256": f.sha256,
                "name": f.name,
                "mime": f.mime,
                "size": f.size,
                "width": f.width,
                "height": f.height,
                "uploaded_by_id": f.uploaded_by_id,
                "uploaded_at": f.uploaded_at,
                "case_id": case.id,
                "event_id": event,
                "move": move,
            }
            for f in (found[i] for i in files)
        ],
    )
    File.objects.filter(district__in=homes, id__in=files).update(taken_at=at)
