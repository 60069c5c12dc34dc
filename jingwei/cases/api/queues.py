"""The doors to lists of cases: queues, their counts, the map, saved views, and moves of several cases at once."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query
from pydantic import Field

from jingwei.cases import actions, queries
from jingwei.cases.actions import Command
from jingwei.cases.api.values import Code, router
from jingwei.cases.schemas import CasePage, CountOut, ProposedOut, advice_out, page_out, rows_out
from jingwei.cases.schemas.making import move_out
from jingwei.cases.schemas.queues import FilterIn, ManyIn, ManyMoves, OutcomeOut, QueueIn, Refusal, SomeIn, ViewChange, ViewCount, ViewIn, ViewOut, WrongField
from jingwei.cases.schemas.views import view_filter, view_out
from jingwei.cases.schemas.wall import counts_out
from jingwei.kit.errors import Problem
from jingwei.kit.http import TAKES_KEY, TILE, actor_of, answer, check_tile, idempotency_key, tile
from jingwei.kit.schemas import PROBLEMS, Name


@router.get("/cases", response={200: CasePage, **PROBLEMS}, summary="A queue of cases")
def list_cases(request: HttpRequest, wanted: Query[QueueIn]) -> HttpResponse:
    page = queries.queue_page(actor=actor_of(request), wanted=wanted.wanted(), at=now(), sort=wanted.sort, after=wanted.after or None, size=wanted.size)
    return answer(page_out(page))


@router.get("/cases/counts", response={200: list[CountOut], **PROBLEMS}, summary="How many cases of a filter stand in which state, by light")
def count_cases(request: HttpRequest, wanted: Query[FilterIn]) -> list[CountOut]:
    return counts_out(queries.queue_counts(actor=actor_of(request), wanted=wanted.wanted(), at=now()))


Cells = Annotated[int, Field(ge=1, le=queries.MOST_CELLS, description="gathered: so many cells each way")]


@router.get("/tiles/cases/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: the open cases that I see, or those of a filter", openapi_extra=TILE)
def get_case_tile(request: HttpRequest, z: int, x: int, y: int, wanted: Query[FilterIn], gathered: bool = False, cells: Cells = 8) -> HttpResponse:
    check_tile(z, x, y)
    if not request.GET.get("view"):
        wanted.view = "open"
    return tile(request, queries.case_tile(actor=actor_of(request), wanted=wanted.wanted(), z=z, x=x, y=y, at=now(), cells=cells if gathered else 0), 10)


@router.get("/cases/moves", response={200: list[ManyMoves], **PROBLEMS}, summary="Which moves these cases allow now, and which of them")
def list_moves_of_many(request: HttpRequest, asked: Query[SomeIn]) -> list[ManyMoves]:
    found = queries.moves_of_many(actor=actor_of(request), ids=asked.id)
    return [ManyMoves(**dict(move_out(move)), cases=ids) for move, ids in found]


@router.get("/cases/proposals", response={200: list[ProposedOut], **PROBLEMS}, summary="Which unit the rules propose for each of several cases, and why")
def list_proposals(request: HttpRequest, asked: Query[SomeIn]) -> list[ProposedOut]:
    return [
        ProposedOut(id=p.case_id, **dict(advice_out(p.answer, p.unit))) for p in queries.dispatch_proposals(actor=actor_of(request), ids=asked.id, at=now())
    ]


@router.post("/cases/moves/{move}", response={200: list[OutcomeOut], **PROBLEMS}, summary="Move several cases, each on its own", openapi_extra=TAKES_KEY)
def move_cases(request: HttpRequest, move: Code, body: ManyIn) -> list[OutcomeOut]:
    at, key = now(), idempotency_key(request)
    commands = [Command(c.id, move, c.seen_version, at, body.form | c.form, _command(key, c.id)) for c in body.cases]
    outcomes = actions.perform_each(actor=actor_of(request), commands=commands)
    rows = {row.id: row for row in rows_out([o.case for o in outcomes if o.case and not o.problem], at)}
    return [
        OutcomeOut(case=None, refused=_refusal(o.problem)) if o.problem else OutcomeOut(case=rows[o.case.id] if o.case else None, refused=None)
        for o in outcomes
    ]


def _command(key: str | None, case_id: UUID) -> str | None:
    """One key for the whole request becomes one for each case."""
    return key and hashlib.sha256(f"{key}:{case_id}".encode()).hexdigest()[:40]


def _refusal(problem: Problem) -> Refusal:
    wrong = [WrongField(field=e.field, message=Name.of(e.message)) for e in problem.errors]
    return Refusal(code=problem.code, detail=Name.of(problem.message), errors=wrong)


ViewId = Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/views", response={200: list[ViewOut], **PROBLEMS}, summary="My saved views and those shared with my units")
def list_views(request: HttpRequest) -> list[ViewOut]:
    actor = actor_of(request)
    return [view_out(v, actor) for v in queries.saved_views(actor)]


@router.get("/views/counts", response={200: list[ViewCount], **PROBLEMS}, summary="How many cases each of my views has now")
def count_views(request: HttpRequest) -> list[ViewCount]:
    actor = actor_of(request)
    wanted = {v.pk: view_filter(v) for v in queries.saved_views(actor)}
    counts = queries.view_counts(actor=actor, wanted=wanted, at=now())
    return [ViewCount(id=id, cases=min(n, queries.COUNTED), more=n > queries.COUNTED) for id, n in counts.items()]


@router.post("/views", response={201: ViewOut, **PROBLEMS}, summary="Keep a filter under a name, for me or for my unit")
def save_view(request: HttpRequest, body: ViewIn) -> HttpResponse:
    actor = actor_of(request)
    return answer(view_out(actions.save_view(actor=actor, at=now(), **_told(body)), actor), 201)


@router.put("/views/{int:view_id}", response={200: ViewOut, **PROBLEMS}, summary="Change a view of mine")
def change_view(request: HttpRequest, view_id: ViewId, body: ViewChange) -> ViewOut:
    actor = actor_of(request)
    return view_out(actions.save_view(actor=actor, at=now(), view_id=view_id, seen_version=body.seen_version, **_told(body)), actor)


@router.delete("/views/{int:view_id}", response={204: None, **PROBLEMS}, summary="Delete a view of mine")
def drop_view(request: HttpRequest, view_id: ViewId) -> HttpResponse:
    actions.drop_view(actor=actor_of(request), at=now(), view_id=view_id)
    return HttpResponse(status=204)


def _told(body: ViewIn) -> dict[str, Any]:
    wanted = body.filter.model_dump(mode="json", exclude_defaults=True) | ({"sort": body.sort} if body.sort else {})
    return {"name": body.name.strip(), "wanted": wanted, "columns": list(body.columns), "unit": body.unit}
