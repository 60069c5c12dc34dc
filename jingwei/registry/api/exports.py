"""The door of exports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS, In
from jingwei.kit.sheets.writing import MIME, SUFFIX, Written
from jingwei.kit.times import localdate
from jingwei.registry.actions.exporting import export_register

router = Router()
_FILE = {"responses": {200: {"description": "The file", "content": {mime: {"schema": {"type": "string", "format": "binary"}} for mime in MIME.values()}}}}


class ExportIn(In):
    """What goes out. `unmasked`: numbers in full, for a `reason`, which is on the record."""

    kind: Literal["divisions", "grids", "addresses", "buildings", "rooms", "residents", "organisations", "components", "pledges"]
    format: Written = "csv"
    area: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    unmasked: bool = False
    reason: Annotated[str, Field(max_length=200)] = ""


@router.post("/exports", response=PROBLEMS, summary="A file of what stands in one's areas; numbers masked, in full for a reason", openapi_extra=_FILE)
def export(request: HttpRequest, body: ExportIn) -> StreamingHttpResponse:
    at = now()
    path = export_register(actor=actor_of(request), at=at, kind=body.kind, format=body.format, area=body.area, unmasked=body.unmasked, reason=body.reason)
    response = StreamingHttpResponse(_sent(path), content_type=MIME[body.format])
    response["Content-Disposition"] = f'attachment; filename="{body.kind}-{localdate(at):%Y%m%d}{SUFFIX[body.format]}"'
    response["Content-Length"] = str(path.stat().st_size)
    response["Cache-Control"] = "no-store"
    return response


def _sent(path: Path) -> Iterator[bytes]:
    """The file, which is gone when it was sent, or the line broke."""
    try:
        with path.open("rb") as content:
            while block := content.read(1 << 18):
                yield block
    finally:
        path.unlink(missing_ok=True)
