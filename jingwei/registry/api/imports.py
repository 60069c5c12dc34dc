"""Doors to imports: a file is sent, looked at, mapped, checked, run, undone."""

from datetime import datetime
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.timezone import now
from ninja import Query, Router

from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import queries
from jingwei.registry.actions import imports
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.schemas.imports import (
    Area,
    ImportKind,
    ImportKindOut,
    ImportLookedOut,
    ImportMappingIn,
    ImportOut,
    ImportSeenIn,
    import_out,
    kind_out,
    looked_out,
)

router = Router()
# The file is the body itself: it is written down as it comes, and no byte of it is read before the caller is known.
_FILE = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
    "parameters": [
        {"in": "header", "name": "X-File-Name", "required": False, "schema": {"type": "string", "maxLength": 600}, "description": "Percent-encoded UTF-8."}
    ],
}
_CSV = {"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}}


@router.get("/import-kinds", response={200: list[ImportKindOut], **PROBLEMS}, summary="What may be imported, and by which columns")
def list_import_kinds(request: HttpRequest) -> list[ImportKindOut]:
    actor_of(request)
    return [kind_out(kind) for kind in KINDS.values()]


@router.get("/imports", response={200: list[ImportOut], **PROBLEMS}, summary="Imports, the newest first; `before`: when the last one shown was made")
def list_imports(
    request: HttpRequest, kind: ImportKind | None = None, before: datetime | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 30
) -> HttpResponse:
    actor = actor_of(request)
    rows = queries.import_page(actor=actor, kind=kind or "", after=before, size=limit)
    return HttpResponse(
        b"[" + b",".join(import_out(row, actor).model_dump_json().encode() for row in rows) + b"]", content_type="application/json; charset=utf-8"
    )


@router.post(
    "/imports",
    response={201: ImportLookedOut, **PROBLEMS},
    summary="Send a file (2 GB at most; the body is the file); it is looked at, no more",
    openapi_extra=_FILE,
)
def begin_import(request: HttpRequest, kind: ImportKind, area: Area = "") -> HttpResponse:
    actor = actor_of(request)
    name = unquote(request.headers.get("X-File-Name", ""))[:200] or "file"
    looked = imports.begin_import(actor=actor, at=now(), kind=kind, name=name, stream=request, area=area)  # type: ignore[arg-type]
    return answer(looked_out(looked, actor), 201)


@router.get("/imports/{uuid:import_id}", response={200: ImportOut, **PROBLEMS}, summary="An import: how far it is, and what came of it")
def get_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return answer(import_out(queries.one_import(actor=actor, import_id=import_id), actor))


@router.get("/imports/{uuid:import_id}/columns", response={200: ImportLookedOut, **PROBLEMS}, summary="Its first lines, and what each column is")
def get_import_columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    return answer(looked_out(imports.look_at_import(actor=actor, import_id=import_id), actor))


@router.put("/imports/{uuid:import_id}/columns", response={200: ImportLookedOut, **PROBLEMS}, summary="Say what each column is, and how the file is read")
def map_import(request: HttpRequest, import_id: UUID, body: ImportMappingIn) -> HttpResponse:
    actor = actor_of(request)
    looked = imports.map_import(actor=actor, at=now(), import_id=import_id, targets=body.targets, options=body.options(), seen_version=body.seen_version)
    return answer(looked_out(looked, actor))


@router.post("/imports/{uuid:import_id}/check", response={200: ImportOut, **PROBLEMS}, summary="Find out what would change; nothing is written")
def check_import(request: HttpRequest, import_id: UUID, body: ImportSeenIn) -> HttpResponse:
    actor = actor_of(request)
    return answer(import_out(imports.start_check(actor=actor, at=now(), import_id=import_id, seen_version=body.seen_version), actor))


@router.post("/imports/{uuid:import_id}/run", response={200: ImportOut, **PROBLEMS}, summary="Let it run, or go on after it failed")
def run_import(request: HttpRequest, import_id: UUID, body: ImportSeenIn) -> HttpResponse:
    actor = actor_of(request)
    return answer(import_out(imports.start_import(actor=actor, at=now(), import_id=import_id, seen_version=body.seen_version), actor))


@router.post("/imports/{uuid:import_id}/undo", response={200: ImportOut, **PROBLEMS}, summary="Take the whole import back")
def undo_import(request: HttpRequest, import_id: UUID, body: ImportSeenIn) -> HttpResponse:
    actor = actor_of(request)
    return answer(import_out(imports.start_undo(actor=actor, at=now(), import_id=import_id, seen_version=body.seen_version), actor))


@router.delete("/imports/{uuid:import_id}", response={204: None, **PROBLEMS}, summary="Throw away a file that was not run")
def drop_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    imports.drop_import(actor=actor_of(request), at=now(), import_id=import_id)
    return HttpResponse(status=204)


@router.get("/imports/{uuid:import_id}/rejects.csv", response=PROBLEMS, summary="The refused rows with line and reason", openapi_extra=_CSV)
def get_import_rejects(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    return _csv(queries.import_rejects(actor=actor_of(request), import_id=import_id), "rejects.csv")


@router.get("/imports/{uuid:import_id}/kept.csv", response=PROBLEMS, summary="What an undoing has left, and why", openapi_extra=_CSV)
def get_import_kept(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    return _csv(queries.kept_by_undo(actor=actor_of(request), import_id=import_id), "kept.csv")


def _csv(lines: object, name: str) -> StreamingHttpResponse:
    def sent() -> object:
        yield "\ufeff".encode()  # so that a spreadsheet reads it as UTF-8
        for line in lines:  # type: ignore[attr-defined]
            yield line.encode()

    response = StreamingHttpResponse(sent(), content_type="text/csv; charset=utf-8")  # type: ignore[arg-type]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
