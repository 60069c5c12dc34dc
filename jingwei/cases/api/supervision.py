"""The doors of supervision: what is near or past its limit by unit, the cases behind each count, and the wall."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from pydantic import Field

from jingwei.cases import queries
from jingwei.cases.api.values import router
from jingwei.cases.queries.supervision import Kind
from jingwei.cases.schemas.supervision import UnitWatchOut, WatchedPage, unit_watch_out, watched_page_out
from jingwei.cases.schemas.wall import WallOut, wall_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

Place = Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")]
Unit = Annotated[int, Field(ge=1, lt=2**63)] | None


@router.get("/supervision/units", response={200: list[UnitWatchOut], **PROBLEMS}, summary="What is near or past its limit, by unit")
def list_units_watched(request: HttpRequest, place: Place = "") -> list[UnitWatchOut]:
    return [unit_watch_out(w) for w in queries.units_watched(actor=actor_of(request), at=now(), place=place)]


@router.get("/supervision/cases", response={200: WatchedPage, **PROBLEMS}, summary="The cases behind one count of supervision, the longest due first")
def list_cases_watched(
    request: HttpRequest,
    kind: Kind = "past",
    unit: Unit = None,
    nobody: bool = False,
    place: Place = "",
    after: Annotated[str, Field(max_length=300)] = "",
    size: Annotated[int, Field(ge=1, le=200)] = 50,
) -> HttpResponse:
    at = now()
    page = queries.watched_page(actor=actor_of(request), kind=kind, at=at, unit=unit, nobody=nobody, place=place, after=after or None, size=size)
    return answer(watched_page_out(page, at))


@router.get("/wall", response={200: WallOut, **PROBLEMS}, summary="What burns, for the wall of a command centre: no texts, no people")
def show_wall(request: HttpRequest, place: Place = "") -> WallOut:
    at = now()
    return wall_out(queries.wall(actor=actor_of(request), at=at, place=place), at)
