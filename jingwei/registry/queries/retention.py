"""The runs of the retention job, read off the log."""

from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden

# The subject of `retention.applied`: one thing in the log, so that its runs are found at once.
RETENTION = UUID("00000000-0000-8000-8000-726574656e74")
READERS = frozenset({"system_admin", "security_admin", "audit_admin"})


def retention_runs(*, actor: Actor, most: int = 30) -> list[Event]:
    """The last runs, newest first. Forbidden for all but the three administrators."""
    if not actor.roles & READERS:
        raise Forbidden()
    return list(Event.objects.filter(district="000000", subject_id=RETENTION).order_by("-at", "-id")[:most])
