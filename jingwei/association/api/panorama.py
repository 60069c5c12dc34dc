"""The doors to what lies inside a shape. The shape comes in the body: where somebody looks is nobody's business, and stands in no log."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router

from jingwei.association import actions, queries
from jingwei.association.schemas import CallOutIn, InsidePage, InsidePeopleIn, PanoramaOut, ShapeIn, as_csv, as_pdf, inside_page, panorama_out
from jingwei.kit.http import actor_of, answer, language
from jingwei.kit.schemas import PROBLEMS, ProblemOut

router = Router()


@router.post("/panorama", response={200: PanoramaOut, **PROBLEMS}, summary="What lies inside a shape")
def look_inside(request: HttpRequest, body: ShapeIn) -> HttpResponse:
    return answer(panorama_out(queries.panorama(actor=actor_of(request), shape=body.shape(), at=now())))


@router.post("/panorama/people", response={200: InsidePage, **PROBLEMS}, summary="Who lives inside a shape, a page at a time")
def list_people_inside(request: HttpRequest, body: InsidePeopleIn) -> HttpResponse:
    page = queries.people_inside(actor=actor_of(request), shape=body.shape(), on=localdate(now()), after=body.after or None, size=body.size)
    return answer(inside_page(page))


_BINARY = {"schema": {"type": "string", "format": "binary"}}
LIST = {"responses": {200: {"description": "The list", "content": {"application/pdf": _BINARY, "text/csv": _BINARY}}}}


@router.post(
    "/panorama/call-out",
    response={**PROBLEMS, 503: ProblemOut},
    summary="Who is to be called inside a shape, on paper or as a table; taking it is on the record",
    openapi_extra=LIST,
)
def call_out(request: HttpRequest, body: CallOutIn) -> HttpResponse:
    actor, at, words = actor_of(request), now(), language(request)
    made = actions.call_out(actor=actor, at=at, shape=body.shape(), reason=body.reason, residents=body.residents, form=body.form)
    if body.form == "csv":
        content, mime = as_csv(made, language=words), "text/csv; charset=utf-8"
    else:
        content, mime = as_pdf(made, language=words, reason=body.reason, printed_by=actor.name, at=at), "application/pdf"
    name = f"call-out-{localdate(at)}.{body.form}"
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"})
