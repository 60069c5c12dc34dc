"""What goes out of the register as a file is on the record: who, what, where, why; numbers are masked unless a reason is given."""

from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit.errors import Forbidden, invalid
from jingwei.kit.sheets.writing import FORMATS, SUFFIX, Written, write
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.imports.files import left_exports
from jingwei.registry.queries.exports import EXPORTS, export_columns, export_rows
from jingwei.registry.rules.imports.kinds import KINDS


@transaction.atomic
def export_register(*, actor: Actor, at: datetime, kind: str, format: Written, area: str = "", unmasked: bool = False, reason: str = "") -> Path:
    """A file with what stands within `area` (left out: all areas of the actor), for the caller to send and remove. Forbidden outside the actor's areas; people
    and pledges for those who keep the register. Numbers in full only for a reason."""
    if kind not in EXPORTS:
        raise invalid("kind", f"没有“{kind}”这种导出", f"there is no export of {kind!r}")
    if format not in FORMATS:
        raise invalid("format", "没有这种格式", "there is no such format")
    reason = reason.strip()
    if unmasked and not 4 <= len(reason) <= 200:
        raise invalid("reason", "导出完整号码须写明理由（4 至 200 字）", "numbers in full need a reason (4 to 200 characters)")
    what = EXPORTS[kind]
    mine = ("",) if actor is SYSTEM else actor.areas_of_any(KEEPS_REGISTER) if what.personal else actor.areas()
    if not mine or (area and not area.startswith(mine)):
        raise Forbidden(T("只能导出本人负责的区域", "exports are of one's own areas"))
    areas = [area] if area else list(mine)
    columns = export_columns(kind)
    named = {c.code: c.title.zh for c in KINDS[kind].columns.values()} if kind in KINDS else {}
    place = left_exports()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / f"{uuid4()}{SUFFIX[format]}"
    try:
        rows = export_rows(kind, areas=areas, on=localdate(at), unmasked=unmasked)
        count = write(path, format, [named.get(c, c) for c in columns], rows, layer=kind)
        data = {"kind": kind, "format": format, "areas": areas, "rows": count, "unmasked": unmasked and bool(what.sealed), "reason": reason}
        record("register.exported", actor=actor, at=at, subject_type="register", subject_key=kind, place=area or areas[0], data=data)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
