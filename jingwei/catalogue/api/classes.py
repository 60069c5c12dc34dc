"""Doors to a city's own classes and its filing conditions, edited one by one. Every edit can be tried first: `dry_run`."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import Field

from jingwei.catalogue import actions, queries
from jingwei.catalogue.actions.classes import standing_matter
from jingwei.catalogue.api.reading import router as reading  # "/matters" is read there too: one path, one router
from jingwei.catalogue.schemas.classes import (
    ConditionChange,
    ConditionIn,
    ConditionRevised,
    ConditionRow,
    Kind,
    MatterChange,
    MatterIn,
    MatterRevised,
    MatterRow,
    OpenIn,
    StandardOut,
    condition_revised,
    condition_row,
    matter_revised,
    matter_row,
)
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS, CodedName
from jingwei.kit.text import T

router = Router()
Code = Annotated[str, Field(max_length=20)]
Named = Annotated[str, Field(max_length=60)]
Tag = Annotated[str, Field(max_length=40)]
Id = Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/modules", response={200: list[CodedName], **PROBLEMS}, summary="The business modules")
def list_modules(request: HttpRequest) -> list[CodedName]:
    return [CodedName.of(m.code, T(m.name, m.name_en)) for m in queries.modules(actor=actor_of(request))]


@reading.get("/matters/{code}", response={200: MatterRow, **PROBLEMS}, summary="A class of an edition as it is edited")
def get_matter(request: HttpRequest, code: Code, edition: Named, kind: Kind = "event") -> MatterRow:
    actor_of(request)
    return matter_row(standing_matter(edition, kind, code, localdate()))


@reading.post("/matters", response={200: MatterRevised, 201: MatterRevised, **PROBLEMS}, summary="Add a class of the city's own from a day on")
def add_matter(request: HttpRequest, body: MatterIn) -> HttpResponse:
    what = actions.add_matter(
        actor=actor_of(request),
        at=now(),
        edition=body.edition,
        kind=body.kind,
        major=body.major,
        major_name=body.major_name,
        code=body.code,
        draft=body.draft(),
        valid_from=body.valid_from,
        dry_run=body.dry_run,
    )
    return answer(matter_revised(what, body.dry_run), 200 if body.dry_run else 201)


@reading.put("/matters/{code}", response={200: MatterRevised, **PROBLEMS}, summary="Another name or module for a city's own class from a day on")
def change_matter(request: HttpRequest, code: Code, body: MatterChange) -> HttpResponse:
    what = actions.change_matter(
        actor=actor_of(request),
        at=now(),
        edition=body.edition,
        kind=body.kind,
        code=code,
        seen=body.seen,
        draft=body.draft(),
        valid_from=body.valid_from,
        dry_run=body.dry_run,
    )
    return answer(matter_revised(what, body.dry_run))


@reading.delete("/matters/{code}", response={200: MatterRevised, **PROBLEMS}, summary="Switch a city's own class off from a day on (today)")
def end_matter(
    request: HttpRequest, code: Code, edition: Named, seen: Tag, kind: Kind = "event", valid_to: date | None = None, dry_run: bool = False
) -> HttpResponse:
    what = actions.end_matter(actor=actor_of(request), at=now(), edition=edition, kind=kind, code=code, seen=seen, valid_to=valid_to, dry_run=dry_run)
    return answer(matter_revised(what, dry_run))


@router.get("/filing-standards", response={200: list[StandardOut], **PROBLEMS}, summary="The city's filing standards")
def list_standards(request: HttpRequest) -> list[StandardOut]:
    found = queries.filing_standards(actor=actor_of(request))
    return [StandardOut(code=s.code, name=s.name, source=s.source, valid_from=s.valid_from, valid_to=s.valid_to) for s in found]


@router.post("/filing-standards", response={201: StandardOut, **PROBLEMS}, summary="Open a filing standard")
def open_standard(request: HttpRequest, body: OpenIn) -> HttpResponse:
    s = actions.open_filing_standard(actor=actor_of(request), at=now(), code=body.code, name=body.name, source=body.source, valid_from=body.valid_from)
    return answer(StandardOut(code=s.code, name=s.name, source=s.source, valid_from=s.valid_from, valid_to=s.valid_to), 201)


@router.get("/filing-conditions", response={200: list[ConditionRow], **PROBLEMS}, summary="A class's conditions, today's and later; `ended`: the past too")
def list_rows(request: HttpRequest, code: Code, kind: Kind | None = None, edition: Named | None = None, ended: bool = False) -> list[ConditionRow]:
    found = queries.standing_conditions(actor=actor_of(request), code=code, kind=kind, edition=edition, today=localdate(), ended=ended)
    return [condition_row(row) for row in found]


@router.post(
    "/filing-conditions", response={200: ConditionRevised, 201: ConditionRevised, **PROBLEMS}, summary="Add a filing condition to a class from a day on"
)
def add_condition(request: HttpRequest, body: ConditionIn) -> HttpResponse:
    what = actions.add_condition(
        actor=actor_of(request),
        at=now(),
        standard=body.standard,
        edition=body.edition,
        kind=body.kind,
        code=body.code,
        number=body.number,
        draft=body.draft(),
        valid_from=body.valid_from,
        dry_run=body.dry_run,
    )
    return answer(condition_revised(what, body.dry_run), 200 if body.dry_run else 201)


@router.put("/filing-conditions/{int:condition_id}", response={200: ConditionRevised, **PROBLEMS}, summary="Change a filing condition from a day on")
def change_condition(request: HttpRequest, condition_id: Id, body: ConditionChange) -> HttpResponse:
    what = actions.change_condition(
        actor=actor_of(request),
        at=now(),
        condition_id=condition_id,
        seen=body.seen,
        draft=body.draft(),
        valid_from=body.valid_from,
        dry_run=body.dry_run,
    )
    return answer(condition_revised(what, body.dry_run))


@router.delete("/filing-conditions/{int:condition_id}", response={200: ConditionRevised, **PROBLEMS}, summary="End a filing condition on a day (today)")
def end_condition(request: HttpRequest, condition_id: Id, seen: Tag, valid_to: date | None = None, dry_run: bool = False) -> HttpResponse:
    what = actions.end_condition(actor=actor_of(request), at=now(), condition_id=condition_id, seen=seen, valid_to=valid_to, dry_run=dry_run)
    return answer(condition_revised(what, dry_run))
