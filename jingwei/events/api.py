"""The audit administrator's door to the log."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import AwareDatetime, Field

from jingwei.events import actions, queries
from jingwei.events.schemas import EventPage, RecordIn, event_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router(tags=["events"])


@router.get("/events", response={200: EventPage, **PROBLEMS}, summary="The log, newest first (audit administrator)")
def list_events(
    request: HttpRequest,
    type: Annotated[str, Field(max_length=60)] = "",
    actor: Annotated[int, Field(ge=1, lt=2**63)] | None = None,
    area: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = "",
    subject: Annotated[str, Field(max_length=100)] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    after: Annotated[str, Field(max_length=300)] = "",
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    page = queries.audit_page(
        actor=actor_of(request), type=type, who=actor, area=area, subject=subject, since=since, until=until, after=after or None, size=size
    )
    return answer(EventPage(items=[event_out(e) for e in page.items], next=page.next))


CSV = {"responses": {200: {"description": "The lines", "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.post("/events/export", response=PROBLEMS, summary="The log as CSV; the export is on the record (audit administrator)", openapi_extra=CSV)
def export_record(request: HttpRequest, body: RecordIn) -> HttpResponse:
    at = now()
    content = actions.export_record(
        actor=actor_of(request), at=at, type=body.type, who=body.actor, area=body.area, subject=body.subject, since=body.since, until=body.until
    )
    headers = {"Content-Disposition": f'attachment; filename="record-{localdate(at)}.csv"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
