"""Reading the log."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, invalid
from jingwei.kit.paging import Page, decode_cursor, encode_cursor


class Auditor(Protocol):
    """Who asks for the log."""

    def areas_of(self, role: str) -> tuple[str, ...]: ...


def audit_page(
    *,
    actor: Auditor,
    type: str,
    who: int | None,
    since: datetime | None,
    until: datetime | None,
    after: str | None,
    size: int = 50,
    area: str = "",
    subject: str = "",
) -> Page[Event]:
    """What was recorded within the auditor's areas, and what has no place (log-ins, the catalogue), newest first: the audit
    administrator watches the other two and everybody else. `area` narrows to a place, `subject` to one thing by its id or key. Forbidden for
    all others."""
    watched = actor.areas_of("audit_admin")
    if not watched:
        raise Forbidden()
    seen = Q(place="")
    for one in watched:
        seen |= Q(place__startswith=one)
    rows = Event.objects.filter(seen).order_by("-recorded_at", "-id")
    if type:
        rows = rows.filter(type__startswith=type)
    if who is not None:
        rows = rows.filter(actor_id=who)
    if area:
        rows = rows.filter(place__startswith=area)
    if subject:
        try:
            rows = rows.filter(subject_id=UUID(subject))
        except ValueError:
            rows = rows.filter(subject_key=subject)
    if since:
        rows = rows.filter(recorded_at__gte=since)
    if until:
        rows = rows.filter(recorded_at__lt=until)
    if after:
        moment, id = decode_cursor(after, length=2)
        try:
            at, event = datetime.fromisoformat(str(moment)), UUID(str(id))
        except ValueError:
            raise invalid("after", "翻页位置无效，请从第一页开始", "this cursor is not ours; start from the first page") from None
        rows = rows.filter(Q(recorded_at__lt=at) | Q(recorded_at=at, id__lt=event))
    found = list(rows[: size + 1])
    page = found[:size]
    return Page(page, encode_cursor([page[-1].recorded_at.isoformat(), str(page[-1].id)]) if len(found) > size else None)
