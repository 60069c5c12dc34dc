"""The doors to lists of cases: queues, their counts, the map."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from pydantic import Field

from jingwei.cases import queries
from jingwei.cases.api.values import Code, Light, UnitId, View, router
from jingwei.cases.schemas import CasePage, CountOut, rows_out, state_out
from jingwei.catalogue.queries import catalogue
from jingwei.kit.http import TILE, actor_of, answer, check_tile, tile
from jingwei.kit.schemas import PROBLEMS


@router.get("/cases", response={200: CasePage, **PROBLEMS}, summary="A queue of cases, by due time")
def list_cases(
    request: HttpRequest,
    view: View = "mine",
    state: Code = "",
    process: Code = "",
    light: Light = "",
    matter: Code = "",
    unit: UnitId = None,
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = "",
    source: Code = "",
    q: Annotated[str, Field(max_length=100)] = "",
    after: Annotated[str, Field(max_length=300)] = "",
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    wanted = queries.QueueFilter(view, state, process, light, matter, unit, place, source, q)
    at = now()
    page = queries.queue_page(actor=actor_of(request), wanted=wanted, at=at, after=after or None, size=size)
    return answer(CasePage(items=rows_out(page.items, at), next=page.next))


@router.get("/cases/counts", response={200: list[CountOut], **PROBLEMS}, summary="How many cases wait in which state, by light")
def count_cases(
    request: HttpRequest,
    view: View = "mine",
    matter: Code = "",
    unit: UnitId = None,
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = "",
    source: Code = "",
    q: Annotated[str, Field(max_length=100)] = "",
) -> list[CountOut]:
    wanted = queries.QueueFilter(view=view, matter=matter, unit=unit, place=place, source=source, q=q)
    book = catalogue()
    counts = [(process, c) for c in queries.queue_counts(actor=actor_of(request), wanted=wanted, at=now()) if (process := book.process_version(c.process_id))]
    counts.sort(key=lambda pc: (pc[0].code, pc[0].states[pc[1].state].order))
    return [CountOut(process=p.code, state=state_out(p, c.state), **c.lights, total=sum(c.lights.values())) for p, c in counts]


@router.get("/tiles/cases/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: the cases that I see", openapi_extra=TILE)
def get_case_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.case_tile(actor=actor_of(request), z=z, x=x, y=y, at=now()), 10)
