"""The doors to cases. They parse, make one call, and answer."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import File as Upload
from ninja import Router
from ninja.files import UploadedFile
from pydantic import Field

from jingwei.cases import actions, queries
from jingwei.cases.schemas import (
    AdviceOut,
    CaseIn,
    CaseOut,
    CasePage,
    CaseRow,
    CountOut,
    FileOut,
    LocateIn,
    MoveIn,
    NearPage,
    NearRow,
    ReasonIn,
    ReporterOut,
    TextOffered,
    file_out,
    reporter_out,
    row_out,
    rows_out,
    state_out,
    whole_out,
)
from jingwei.catalogue.queries import catalogue
from jingwei.kit import files
from jingwei.kit.errors import NotFound
from jingwei.kit.http import TAKES_KEY, TILE, actor_of, answer, check_tile, idempotency_key, tile
from jingwei.kit.schemas import PROBLEMS, Name, UnitRef

router = Router(tags=["cases"])

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, Field(max_length=40)]
View = Literal["mine", "all", "unlocated"]
Light = Literal["", "green", "amber", "red", "paused", "none"]
UnitId = Annotated[int, Field(ge=1, lt=2**63)] | None


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


@router.get("/cases/nearby", response={200: NearPage, **PROBLEMS}, summary="Open cases near a place, nearest first")
def list_nearby(
    request: HttpRequest,
    lon: Lon,
    lat: Lat,
    metres: Annotated[float, Field(gt=0, le=5000, allow_inf_nan=False)] = 200,
    matter: Code = "",
) -> HttpResponse:
    at = now()
    near = queries.near_cases(actor=actor_of(request), lon=lon, lat=lat, metres=metres, matter=matter)
    rows = rows_out([n.case for n in near], at)
    return answer(NearPage(items=[NearRow(**dict(r), distance=round(n.metres, 1)) for r, n in zip(rows, near, strict=True)]))


@router.post("/cases", response={201: CaseRow, 200: CaseRow, **PROBLEMS}, summary="Report: a case opens", openapi_extra=TAKES_KEY)
def open_case(request: HttpRequest, body: CaseIn) -> HttpResponse:
    at = now()
    opened = actions.open_case(actor=actor_of(request), at=at, new=body.new_case(idempotency_key(request)))
    assert opened.case
    return answer(row_out(opened.case, at, opened.book), 200 if opened.repeated else 201, Location=f"/api/v1/cases/{opened.case.id}")


@router.get("/cases/{uuid:case_id}", response={200: CaseOut, **PROBLEMS}, summary="One case whole")
def get_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return answer(whole_out(queries.whole_case(actor=actor_of(request), case_id=case_id), now()))


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


@router.get("/cases/{uuid:case_id}/dispatch", response={200: AdviceOut, **PROBLEMS}, summary="Which unit the rules propose, and why")
def get_dispatch_advice(request: HttpRequest, case_id: UUID) -> AdviceOut:
    advice, unit = queries.dispatch_advice(actor=actor_of(request), case_id=case_id)
    return AdviceOut(
        unit=UnitRef(id=unit.pk, name=unit.name) if unit else None,
        why=Name.of(advice.why),
        broken=[Name.of(b) for b in advice.broken],
    )


@router.get("/cases/{uuid:case_id}/texts", response={200: list[TextOffered], **PROBLEMS}, summary="Standard texts for a move, filled in from the case")
def list_case_texts(request: HttpRequest, case_id: UUID, move: Code = "") -> list[TextOffered]:
    offered = queries.case_texts(actor=actor_of(request), case_id=case_id, move=move)
    return [TextOffered(code=o.code, title=o.title, text=o.filled.text, gaps=list(o.filled.gaps)) for o in offered]


@router.post("/files", response={201: FileOut, **PROBLEMS}, summary="Upload a photograph or document (20 MB at most)")
def upload_file(request: HttpRequest, file: Upload[UploadedFile]) -> HttpResponse:
    kept = actions.keep_file(actor=actor_of(request), at=now(), name=file.name or "", stream=file.file)  # type: ignore[arg-type]
    return answer(file_out(kept), 201)


@router.get("/files/{uuid:file_id}", response={200: None, **PROBLEMS}, summary="A file; of a picture the copy without position and camera")
def get_file(request: HttpRequest, file_id: UUID) -> FileResponse:
    file = queries.file_of(actor=actor_of(request), file_id=file_id)
    return _sent(file.sha256, "public" if file.width else None, "image/jpeg" if file.width else file.mime, file.name)


@router.get("/files/{uuid:file_id}/thumb", response={200: None, **PROBLEMS}, summary="A picture's thumbnail")
def get_thumb(request: HttpRequest, file_id: UUID) -> FileResponse:
    file = queries.file_of(actor=actor_of(request), file_id=file_id)
    if not file.width:
        raise NotFound()
    return _sent(file.sha256, "thumb", "image/jpeg", file.name)


@router.get("/tiles/cases/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: the cases that I see", openapi_extra=TILE)
def get_case_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.case_tile(actor=actor_of(request), z=z, x=x, y=y, at=now()), 10)


def _sent(sha256: str, copy: files.Copy | None, mime: str, name: str) -> FileResponse:
    try:
        stream = files.path_of(sha256, copy).open("rb")
    except FileNotFoundError:
        raise NotFound() from None
    response = FileResponse(stream, content_type=mime, filename=name, as_attachment=not mime.startswith("image/"))
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
