"""The doors to cases. They parse, make one call, and answer."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from jingwei.cases import actions, queries
from jingwei.cases.api.values import Code, router
from jingwei.cases.schemas import (
    AdviceOut,
    CaseIn,
    CaseOut,
    CaseRow,
    LocateIn,
    MoveIn,
    NearIn,
    NearPage,
    ReasonIn,
    ReporterOut,
    TextOffered,
    TieIn,
    advice_out,
    case_file,
    near_out,
    reporter_out,
    row_out,
    whole_out,
)
from jingwei.kit.http import TAKES_KEY, actor_of, answer, idempotency_key, language
from jingwei.kit.schemas import PROBLEMS, ProblemOut


# What is said of a case comes in a body: an address is written into every log that it passes.
@router.post("/cases/nearby", response={200: NearPage, **PROBLEMS}, summary="Open cases near a place, the likeliest to be the same thing first")
def list_nearby(request: HttpRequest, body: NearIn) -> HttpResponse:
    at = now()
    return answer(near_out(queries.near_cases(actor=actor_of(request), at=at, **body.model_dump()), at))


@router.post("/cases", response={201: CaseRow, 200: CaseRow, **PROBLEMS}, summary="Report: a case opens", openapi_extra=TAKES_KEY)
def open_case(request: HttpRequest, body: CaseIn) -> HttpResponse:
    at = now()
    opened = actions.open_case(actor=actor_of(request), at=at, new=body.new_case(idempotency_key(request)))
    assert opened.case
    return answer(row_out(opened.case, at, opened.book), 200 if opened.repeated else 201, Location=f"/api/v1/cases/{opened.case.id}")


@router.get("/cases/{uuid:case_id}", response={200: CaseOut, **PROBLEMS}, summary="One case whole")
def get_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return answer(whole_out(queries.whole_case(actor=actor_of(request), case_id=case_id), now()))


@router.get("/cases/{uuid:case_id}/similar", response={200: NearPage, **PROBLEMS}, summary="Earlier cases nearby, the likeliest to be the same thing first")
def list_similar(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return answer(near_out(queries.similar_cases(actor=actor_of(request), case_id=case_id), now()))


@router.post("/cases/{uuid:case_id}/moves/{move}", response={200: CaseOut, **PROBLEMS}, summary="Move a case through its process", openapi_extra=TAKES_KEY)
def move_case(request: HttpRequest, case_id: UUID, move: Code, body: MoveIn) -> HttpResponse:
    actor, at = actor_of(request), now()
    actions.perform(
        actor=actor,
        case_id=case_id,
        move=move,
        form=body.form,
        seen_version=body.seen_version,
        at=at,
        command=idempotency_key(request),
    )
    return answer(whole_out(queries.whole_case(actor=actor, case_id=case_id), at))


@router.post("/cases/{uuid:case_id}/position", response={200: CaseOut, **PROBLEMS}, summary="Put a case where it really is", openapi_extra=TAKES_KEY)
def locate_case(request: HttpRequest, case_id: UUID, body: LocateIn) -> HttpResponse:
    actor, at, to = actor_of(request), now(), body.position
    actions.locate_case(
        actor=actor,
        case_id=case_id,
        crs=to.crs,
        x=to.x,
        y=to.y,
        address=body.address,
        seen_version=body.seen_version,
        at=at,
        command=idempotency_key(request),
    )
    return answer(whole_out(queries.whole_case(actor=actor, case_id=case_id), at))


@router.post("/cases/{uuid:case_id}/reporters", response={200: list[ReporterOut], **PROBLEMS}, summary="See the reporters whole, for a reason")
def unmask_reporters(request: HttpRequest, case_id: UUID, body: ReasonIn) -> list[ReporterOut]:
    reporters = actions.unmask_reporters(actor=actor_of(request), case_id=case_id, reason=body.reason, at=now())
    return [reporter_out(r, masked=False) for r in reporters]


@router.get(
    "/cases/{uuid:case_id}/file.pdf",
    response={**PROBLEMS, 503: ProblemOut},
    summary="The case file on paper; printing it is on the record",
    openapi_extra={"responses": {200: {"description": "The file", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}},
)
def print_case(request: HttpRequest, case_id: UUID, lang: Literal["zh", "en"] | None = None) -> HttpResponse:
    actor, at, words = actor_of(request), now(), lang or language(request)
    whole = queries.whole_case(actor=actor, case_id=case_id)
    made = case_file(whole, language=words, printed_by=actor.name, at=at)
    actions.record_printing(actor=actor, case=whole.case, language=words, at=at)
    headers = {"Content-Disposition": f'inline; filename="{whole.case.number}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@router.post("/cases/{uuid:case_id}/ties", response={204: None, **PROBLEMS}, summary="Tie a case to a thing of the register")
def tie_case(request: HttpRequest, case_id: UUID, body: TieIn) -> HttpResponse:
    actions.tie_case(actor=actor_of(request), case_id=case_id, thing=body.thing, thing_id=body.id, at=now())
    return HttpResponse(status=204)


@router.delete("/cases/{uuid:case_id}/ties/{uuid:tie_id}", response={204: None, **PROBLEMS}, summary="End a case's tie to a thing")
def untie_case(request: HttpRequest, case_id: UUID, tie_id: UUID) -> HttpResponse:
    actions.untie_case(actor=actor_of(request), case_id=case_id, tie_id=tie_id, at=now())
    return HttpResponse(status=204)


@router.get("/cases/{uuid:case_id}/dispatch", response={200: AdviceOut, **PROBLEMS}, summary="Which unit the rules propose, and why")
def get_dispatch_advice(request: HttpRequest, case_id: UUID) -> AdviceOut:
    advice, unit = queries.dispatch_advice(actor=actor_of(request), case_id=case_id)
    return advice_out(advice, unit)


@router.get("/cases/{uuid:case_id}/texts", response={200: list[TextOffered], **PROBLEMS}, summary="Standard texts for a move, filled in from the case")
def list_case_texts(request: HttpRequest, case_id: UUID, move: Code = "") -> list[TextOffered]:
    offered = queries.case_texts(actor=actor_of(request), case_id=case_id, move=move)
    return [TextOffered(code=o.code, title=o.title, text=o.filled.text, gaps=list(o.filled.gaps)) for o in offered]
