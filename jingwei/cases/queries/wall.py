"""What a command centre's wall shows: what burns, how much, where and at whom. Nothing of people, and nothing of what anybody wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from jingwei.accounts.rules import Actor
from jingwei.cases.queries.filters import QueueFilter, compiled, filtered
from jingwei.cases.queries.listed import Listed
from jingwei.cases.queries.queue import StateCount, queue_counts, queue_page
from jingwei.cases.queries.supervision import WATCHERS, UnitWatch, units_watched
from jingwei.kit import db
from jingwei.kit.errors import Forbidden

WORST, NEWEST = 8, 5  # what can be read from five metres


@dataclass(frozen=True)
class Wall:
    """Open cases by state and light, units with something that burns, the worst and the newest cases, and how many came in today."""

    counts: list[StateCount]
    units: list[UnitWatch]
    worst: list[Listed]
    newest: list[Listed]
    today: int


def wall(*, actor: Actor, at: datetime, place: str = "") -> Wall:
    """For those who watch an area (not for the leads of one unit); five statements, over open cases only. Raises Forbidden."""
    if not any(h.role in WATCHERS for h in actor.held):
        raise Forbidden()
    open_here = QueueFilter(view="open", place=place)
    burning = QueueFilter(view="open", place=place, light=("red", "amber"))
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = compiled(filtered(actor, QueueFilter(view="all", place=place), at).filter(opened_at__gte=midnight).order_by().values("id"))
    return Wall(
        counts=queue_counts(actor=actor, wanted=open_here, at=at),
        units=units_watched(actor=actor, at=at, place=place),
        worst=queue_page(actor=actor, wanted=burning, at=at, sort="due", size=WORST).items,
        newest=queue_page(actor=actor, wanted=open_here, at=at, sort="newest", size=NEWEST).items,
        today=db.rows_anew(f"select count(*) from ({today[0]}) c", today[1])[0][0] if today else 0,
    )
