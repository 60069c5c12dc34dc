"""The catalogue's doors: what a case may be about, how it goes, by when, and to whom. Whoever works here may read it all."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import Field

from jingwei.catalogue import queries
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.editing import may_edit
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.schemas.overview import CatalogueOut, catalogue_out
from jingwei.catalogue.schemas.reading import (
    CalendarOut,
    ConditionOut,
    CrosswalkOut,
    DispatchRuleOut,
    DispatchTrial,
    DispatchTrialOut,
    MatterOut,
    ProcessOut,
    ProcessRow,
    calendar_out,
    condition_out,
    crosswalk_out,
    matter_out,
    process_out,
    process_row,
    rule_out,
    trial_out,
)
from jingwei.kit.errors import NotFound, invalid
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS, CodedName
from jingwei.kit.text import T

router = Router(tags=["catalogue"])

Code = Annotated[str, Field(max_length=60)]
Kind = Literal["event", "component"]


@router.get("/catalogue", response={200: CatalogueOut, **PROBLEMS}, summary="May I edit the catalogue, and what wants to be seen to?")
def get_catalogue(request: HttpRequest) -> CatalogueOut:
    return catalogue_out(catalogue(), localdate(), may_edit(actor_of(request).roles))


@router.get("/matters", response={200: list[MatterOut], **PROBLEMS}, summary="Matters in use today, or those of an edition, by name or code")
def list_matters(request: HttpRequest, q: Code = "", kind: Kind = "event", edition: Code | None = None) -> list[MatterOut]:
    actor_of(request)
    return [matter_out(m) for m in catalogue().matters(q.strip(), kind=kind, edition=edition, on=None if edition else localdate())]


@router.get("/matters/{code}/conditions", response={200: list[ConditionOut], **PROBLEMS}, summary="When a case of this matter is filed and closed, today")
def list_conditions(request: HttpRequest, code: Code, kind: Kind | None = None, edition: Code | None = None) -> list[ConditionOut]:
    actor_of(request)
    book = catalogue()
    return [condition_out(c) for c in book.conditions_of(book.matter(code, edition, kind=kind), localdate())]


@router.get("/crosswalk", response={200: list[CrosswalkOut], **PROBLEMS}, summary="What the classes of an edition became; null: no counterpart")
def list_crosswalk(request: HttpRequest, edition: Code) -> list[CrosswalkOut]:
    actor_of(request)
    return [crosswalk_out(c) for c in queries.crosswalk_of(edition)]


@router.get("/processes", response={200: list[ProcessRow], **PROBLEMS}, summary="Published processes, every version")
def list_processes(request: HttpRequest) -> list[ProcessRow]:
    actor_of(request)
    return [process_row(p) for p in catalogue().processes() if p.status != "concept"]


@router.get("/processes/{code}", response={200: ProcessOut, **PROBLEMS}, summary="States and transitions of the version in force, or of another")
def get_process(request: HttpRequest, code: Code, version: Annotated[int, Field(ge=1, le=32_767)] | None = None) -> ProcessOut:
    actor_of(request)
    book = catalogue()
    if version is None:
        return process_out(book.process(code, localdate()))
    for p in book.processes():
        if (p.code, p.version) == (code, version) and p.status != "concept":
            return process_out(p)
    raise NotFound(T("没有这个流程版本", "no such version of a process"))


@router.get("/calendars/{code}/{int:year}", response={200: CalendarOut, **PROBLEMS}, summary="Days off and make-up workdays of a year")
def get_calendar(request: HttpRequest, code: Code, year: Annotated[int, Field(ge=1, le=9999)]) -> CalendarOut:
    actor_of(request)
    return calendar_out(*queries.calendar_year(code, year))


@router.get("/dispatch-rules", response={200: list[DispatchRuleOut], **PROBLEMS}, summary="The dispatch table in its order; broken rules say why")
def list_dispatch_rules(request: HttpRequest, on: date | None = None) -> list[DispatchRuleOut]:
    actor_of(request)
    return [rule_out(r, on or localdate()) for r in catalogue().dispatch_rules]


@router.get("/sources", response={200: list[CodedName], **PROBLEMS}, summary="Who may bring a report in")
def list_sources(request: HttpRequest) -> list[CodedName]:
    actor_of(request)
    return [CodedName.of(code, name) for code, name in SOURCES.items()]


@router.post("/dispatch-rules/try", response={200: DispatchTrialOut, **PROBLEMS}, summary="Which unit would the table name, and why? Changes nothing")
def try_dispatch(request: HttpRequest, body: DispatchTrial) -> DispatchTrialOut:
    actor_of(request)
    book = catalogue()
    if body.source not in SOURCES:
        raise invalid("source", "没有这个来源", "unknown source")
    try:
        matter = book.matter(body.matter) if body.matter else None
    except NotFound as unknown:
        raise invalid("matter", unknown.message.zh, unknown.message.en) from None
    return trial_out(book.dispatch(matter, body.place, body.at or now(), body.source), book.dispatch_rules)
