"""The doors to photographs and documents."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import File as Upload
from ninja.files import UploadedFile

from jingwei.cases import actions, queries
from jingwei.cases.api.values import router
from jingwei.cases.schemas import FileOut, file_out
from jingwei.kit import files
from jingwei.kit.errors import NotFound
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS


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


def _sent(sha256: str, copy: files.Copy | None, mime: str, name: str) -> FileResponse:
    try:
        stream = files.path_of(sha256, copy).open("rb")
    except FileNotFoundError:
        raise NotFound() from None
    response = FileResponse(stream, content_type=mime, filename=name, as_attachment=not mime.startswith("image/"))
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
