"""Divisions, grids and postings: looking them up, adopting and posting."""

import json
from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router
from pydantic import Field

from jingwei.accounts.models import Person
from jingwei.areas import actions, queries
from jingwei.areas.actions import GridPlan
from jingwei.areas.schemas import (
    AdoptedOut,
    AreaName,
    DivisionOut,
    GridName,
    GridOut,
    GridPlanIn,
    GridWhole,
    HereOut,
    PostingIn,
    PostingOut,
    PostsOut,
    adopted_out,
    division_out,
    grid_out,
    posting_out,
    posts_out,
)
from jingwei.kit.errors import invalid
from jingwei.kit.http import TILE, actor_of, check_tile, tile
from jingwei.kit.schemas import PROBLEMS, Coded

router = Router(tags=["areas"])

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Digits = Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")]


@router.get("/areas/at", response={200: HereOut, **PROBLEMS}, summary="Grid and divisions at a WGS-84 point on a day")
def get_here(request: HttpRequest, lon: Lon, lat: Lat, on: date | None = None) -> HereOut:
    actor_of(request)
    here = queries.here(lon, lat, on or localdate())
    return HereOut(
        grid=GridName(code=here.grid[0], kind=here.grid[1], name=here.grid[2]) if here.grid else None,
        divisions=[AreaName(code=c, name=n, level=lv) for c, n, lv in here.divisions],
    )


@router.get("/areas/names", response={200: list[Coded], **PROBLEMS}, summary="The names of places by their codes; unknown ones are left out")
def list_names(request: HttpRequest, codes: Annotated[str, Field(max_length=4000, pattern=r"^[0-9]{2,15}(,[0-9]{2,15})*$")]) -> list[Coded]:
    actor_of(request)
    return [Coded.of(code, name) for code, name in sorted(queries.place_names(set(codes.split(","))).items())]


@router.get("/divisions", response={200: list[DivisionOut], **PROBLEMS}, summary="The divisions directly under one, or the provinces")
def list_divisions(request: HttpRequest, parent: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None) -> list[DivisionOut]:
    actor_of(request)
    return [division_out(d) for d in queries.children(parent)]


@router.get("/divisions/{code}", response={200: DivisionOut, **PROBLEMS}, summary="One division by its 12 digits")
def get_division(request: HttpRequest, code: Digits) -> DivisionOut:
    return division_out(queries.one_division(actor=actor_of(request), code=code))


@router.get("/grids", response={200: list[GridOut], **PROBLEMS}, summary="The grids under a street or community that I may see")
def list_grids(request: HttpRequest, place: Annotated[str, Field(pattern=r"^[0-9]{9}([0-9]{3}|[0-9]{6})?$")], on: date | None = None) -> list[GridOut]:
    return [grid_out(g) for g in queries.grids_in(actor=actor_of(request), place=place, on=on or localdate())]


@router.post("/grids/plans", response={201: AdoptedOut, **PROBLEMS}, summary="Adopt a community's division into grids (system administrator)")
def adopt_grids(request: HttpRequest, body: GridPlanIn) -> tuple[int, AdoptedOut]:
    plan = [
        GridPlan(code=g.code, kind=g.kind, name=g.name, geometry=g.geometry.model_dump(), parent=g.parent, predecessors=tuple(g.predecessors))
        for g in body.grids
    ]
    found = actions.try_grids(
        actor=actor_of(request),
        at=now(),
        community=body.community,
        plan=plan,
        valid_from=body.valid_from,
        crs=body.crs,
        schematic=body.schematic,
        dry_run=body.dry_run,
        post_on=body.post_on,
    )
    return 201, adopted_out(found, body.dry_run)


@router.get("/grids/{code}", response={200: GridWhole, **PROBLEMS}, summary="One grid with its boundary")
def get_grid(request: HttpRequest, code: Digits) -> GridWhole:
    grid = queries.one_grid(actor=actor_of(request), code=code)
    return GridWhole(**dict(grid_out(grid)), boundary=json.loads(grid.boundary.geojson))


@router.get("/postings", response={200: list[PostingOut], **PROBLEMS}, summary="Who serves which grid on a day, or one person over time")
def list_postings(
    request: HttpRequest, place: Digits = "", on: date | None = None, person: Annotated[int, Field(ge=1, lt=2**63)] | None = None
) -> list[PostingOut]:
    return [posting_out(p) for p in queries.postings_in(actor=actor_of(request), place=place, on=on or localdate(), person=person)]


@router.get("/posts", response={200: list[PostsOut], **PROBLEMS}, summary="Who serves the grids at and around a WGS-84 point today, never where they are")
def list_posts(request: HttpRequest, lon: Lon, lat: Lat, metres: Annotated[int, Field(ge=0, le=2000)] = 300) -> list[PostsOut]:
    return [posts_out(g) for g in queries.posts_near(actor=actor_of(request), lon=lon, lat=lat, metres=metres, on=localdate())]


@router.post("/postings", response={201: PostingOut, **PROBLEMS}, summary="Post a worker to a grid")
def post_worker(request: HttpRequest, body: PostingIn) -> tuple[int, PostingOut]:
    person = Person.objects.filter(pk=body.person).first()
    if person is None:
        raise invalid("person", "没有这个人", "no such person")
    posting = actions.post_worker(
        actor=actor_of(request),
        at=now(),
        person=person,
        grid=body.grid,
        from_date=body.from_date,
        until=body.until,
        sole=body.sole,
    )
    return 201, posting_out(posting)


@router.delete("/postings/{int:posting_id}", response={200: PostingOut, **PROBLEMS}, summary="End a posting on a day (today)")
def end_posting(request: HttpRequest, posting_id: Annotated[int, Field(ge=1, lt=2**63)], on: date | None = None) -> PostingOut:
    return posting_out(actions.end_posting(actor=actor_of(request), at=now(), posting_id=posting_id, on=on or localdate()))


@router.get("/tiles/grids/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: divisions and the grids of my areas", openapi_extra=TILE)
def get_grid_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.grid_tile(actor=actor_of(request), z=z, x=x, y=y, on=localdate()), 300)
