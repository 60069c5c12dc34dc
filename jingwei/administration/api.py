"""The doors of what touches several packages: a unit and what it holds, the configuration as one file."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import File as Upload
from ninja import Router
from ninja.files import UploadedFile
from pydantic import Field

from jingwei.administration import actions, queries
from jingwei.administration.schemas import CloseIn, ConfigurationOut, HoldingsOut, configuration_out
from jingwei.kit.errors import Forbidden
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS

router = Router(tags=["administration"])

Id = Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/units/{int:unit_id}/holdings", response={200: HoldingsOut, **PROBLEMS}, summary="What a unit holds (system administrator)")
def get_holdings(request: HttpRequest, unit_id: Id) -> HoldingsOut:
    if "system_admin" not in actor_of(request).roles:
        raise Forbidden()
    held = queries.holdings(unit_id)
    return HoldingsOut(cases=held.cases, rules=held.rules, grants=held.grants, below=held.below)


@router.post("/units/{int:unit_id}/close", response={204: None, **PROBLEMS}, summary="Close a unit, with a successor where it holds rules or roles")
def close_unit(request: HttpRequest, unit_id: Id, body: CloseIn) -> HttpResponse:
    actions.close_unit(actor=actor_of(request), at=now(), unit_id=unit_id, successor_id=body.successor, seen_version=body.seen_version)
    return HttpResponse(status=204)


ZIP = {"responses": {200: {"description": "The configuration", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/configuration", response=PROBLEMS, summary="The whole configuration as one file (system administrator)", openapi_extra=ZIP)
def export_configuration(request: HttpRequest) -> HttpResponse:
    at = now()
    content = actions.export_configuration(actor=actor_of(request), at=at)
    name = f"jingwei-{localdate(at)}.zip"
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


@router.post("/configuration", response={200: ConfigurationOut, **PROBLEMS}, summary="Import a configuration whole, or try it (system administrator)")
def import_configuration(request: HttpRequest, file: Upload[UploadedFile], dry_run: bool = True) -> ConfigurationOut:
    content = (file.file or file).read()
    return configuration_out(actions.import_configuration(actor=actor_of(request), at=now(), content=content, dry_run=dry_run), dry_run)
