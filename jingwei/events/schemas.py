"""What the audit door answers."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from jingwei.events.models import Event
from jingwei.kit.schemas import In


class RecordIn(In):
    """The filters of the log."""

    type: Annotated[str, Field(max_length=60)] = ""
    actor: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    area: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    subject: Annotated[str, Field(max_length=100)] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class EventOut(BaseModel):
    """One line of the log: who did what to which thing, when it happened and when it was recorded."""

    id: UUID
    type: str
    at: AwareDatetime
    recorded_at: AwareDatetime
    actor: int | None
    actor_name: str
    subject_type: str
    subject: str
    place: str
    data: dict[str, Any]


class EventPage(BaseModel):
    items: list[EventOut]
    next: str | None


def event_out(event: Event) -> EventOut:
    return EventOut(
        id=event.id,
        type=event.type,
        at=event.at,
        recorded_at=event.recorded_at,
        actor=event.actor_id,
        actor_name=event.actor_name,
        subject_type=event.subject_type,
        subject=str(event.subject_id or event.subject_key),
        place=event.place,
        data=event.data,
    )
