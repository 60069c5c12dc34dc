"""Doors to limits and calendars as they are edited."""

from datetime import date
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import AwareDatetime, Field

from jingwei.catalogue import actions, queries
from jingwei.catalogue.api.reading import router as reading  # one path, one router: its GET is there
from jingwei.catalogue.models import LIMIT_RANGE
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.clock import Limit, Unit, deadline, warn_point
from jingwei.catalogue.rules.files import read_sheet
from jingwei.catalogue.schemas.limits import (
    CalendarRow,
    DayIn,
    DueOut,
    LimitChange,
    LimitIn,
    LimitRow,
    LoadOut,
    YearIn,
    calendar_row,
    limit_row,
    load_out,
)
from jingwei.catalogue.schemas.reading import CalendarOut, calendar_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()
Code = Annotated[str, Field(max_length=40)]
Value = Annotated[int, Field(ge=LIMIT_RANGE[0], le=LIMIT_RANGE[1])]
Id = Annotated[int, Field(ge=1, lt=2**63)]
Year = Annotated[int, Field(ge=1950, le=2200)]


@router.get("/limits", response={200: list[LimitRow], **PROBLEMS}, summary="How long each state may last, today or later")
def list_limits(request: HttpRequest) -> list[LimitRow]:
    return [limit_row(row) for row in queries.standing_limits(actor=actor_of(request), today=localdate())]


@router.get("/limits/due", response={200: DueOut, **PROBLEMS}, summary="When would a limit that starts then be due?")
def get_due(request: HttpRequest, value: Value, unit: Unit, start: AwareDatetime) -> HttpResponse:
    actor_of(request)
    limit, calendar = Limit(value, unit), catalogue().calendar()
    return answer(DueOut(start=start, warn_at=warn_point(start, limit, calendar), due_at=deadline(start, limit, calendar)))


@router.post("/limits", response={201: LimitRow, **PROBLEMS}, summary="Add a limit from a day on")
def add_limit(request: HttpRequest, body: LimitIn) -> HttpResponse:
    row = actions.add_limit(
        actor=actor_of(request),
        at=now(),
        process=body.process,
        state=body.state,
        matter=body.matter,
        urgent=body.urgent,
        draft=body.draft(),
        valid_from=body.valid_from,
    )
    return answer(limit_row(row), 201)


@router.put("/limits/{int:limit_id}", response={200: LimitRow, **PROBLEMS}, summary="Change a limit from a day on")
def change_limit(request: HttpRequest, limit_id: Id, body: LimitChange) -> HttpResponse:
    row = actions.change_limit(actor=actor_of(request), at=now(), limit_id=limit_id, seen=body.seen, draft=body.draft(), valid_from=body.valid_from)
    return answer(limit_row(row))


@router.delete("/limits/{int:limit_id}", response={204: None, **PROBLEMS}, summary="End a limit on a day (today when left out)")
def end_limit(request: HttpRequest, limit_id: Id, seen: Code, valid_to: date | None = None) -> HttpResponse:
    actions.end_limit(actor=actor_of(request), at=now(), limit_id=limit_id, seen=seen, valid_to=valid_to)
    return HttpResponse(status=204)


@router.get("/calendars", response={200: list[CalendarRow], **PROBLEMS}, summary="Work calendars, the years they know, and the one that is wanted")
def list_calendars(request: HttpRequest) -> list[CalendarRow]:
    actor_of(request)
    return [calendar_row(c, localdate()) for c in catalogue().calendars.values()]


@router.put("/calendars/{code}/days/{day}", response={200: CalendarOut, **PROBLEMS}, summary="Make a day a holiday, a make-up workday, or plain")
def set_day(request: HttpRequest, code: Code, day: date, body: DayIn) -> HttpResponse:
    actions.set_day(actor=actor_of(request), at=now(), code=code, day_=day, kind=body.kind, name=body.name, seen=body.seen)
    return answer(calendar_out(*queries.calendar_year(code, day.year)))


@reading.put("/calendars/{code}/{int:year}", response={200: LoadOut, **PROBLEMS}, summary="A year's holidays from CSV lines, whole; dry_run only reads")
def put_year(request: HttpRequest, code: Code, year: Year, body: YearIn) -> HttpResponse:
    actor = actor_of(request)
    lines = body.text.lstrip("\ufeff")
    header = "" if any(word in lines.split("\n", 1)[0] for word in ("kind", "种类")) else "first_date,last_date,kind,name\n"
    known = catalogue().calendar(code)
    head = {
        "calendar": known.code,
        "name": known.name,
        "years": str(year),
        "timezone": known.tz,
        "hours": " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in known.hours),
        "source": " ".join(body.source.split()),
    }
    top = "".join(f"# {key}: {value}\n" for key, value in head.items())
    with transaction.atomic():
        report = actions.load_calendar(actor=actor, at=now(), sheet=read_sheet((top + header + lines).encode(), columns=("first_date", "kind", "name")))
        transaction.set_rollback(body.dry_run)
    return answer(load_out(report, body.dry_run))
