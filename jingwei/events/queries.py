"""Reading the log."""

from datetime import datetime
from uuid import UUID

from jingwei.events.models import Event
from jingwei.kit import db


def subject_of_command(*, district: str, command: str) -> UUID | None:
    """What a command that was seen before was about."""
    found = db.row("select subject_id from events_event where district = %s and command = %s", [district, command])
    return found[0] if found else None


def happenings_since(since: datetime, *, type: str | None = None) -> list[Event]:
    """Events recorded from `since` on, oldest first (for tests and exports, not for screens)."""
    found = Event.objects.filter(recorded_at__gte=since)
    return list((found.filter(type=type) if type else found).order_by("recorded_at", "id"))
