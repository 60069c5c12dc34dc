"""The audit administrator's door to the log."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AwareDatetime, Field

from jingwei.events import queries
from jingwei.events.schemas import EventPage, event_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router(tags=["events"])


@router.get("/events", response={200: EventPage, **PROBLEMS}, summary="The log, newest first (audit administrator)")
def list_events(
    request: HttpRequest,
    type: Annotated[str, Field(max_length=60)] = "",
    actor: Annotated[int, Field(ge=1, lt=2**63)] | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    after: Annotated[str, Field(max_length=300)] = "",
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    page = queries.audit_page(actor=actor_of(request), type=type, who=actor, since=since, until=until, after=after or None, size=size)
    return answer(EventPage(items=[event_out(e) for e in page.items], next=page.next))
