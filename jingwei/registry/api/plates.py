"""The doors of QR plates, for those who keep the register. What a plate's link shows stands in site.plates."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from jingwei.kit.http import actor_of, language
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries, schemas
from jingwei.registry.schemas.plates import plate_sheet

router = Router()
PDF = {"responses": {200: {"description": "The sheet", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/buildings/{int:building_id}/plates", response={200: list[schemas.PlateOut], **PROBLEMS}, summary="The plates of a building")
def list_plates(request: HttpRequest, building_id: int) -> list[schemas.PlateOut]:
    return [schemas.PlateOut.of(row) for row in queries.plates_of(actor=actor_of(request), building_id=min(building_id, 2**63 - 1))]


@router.post("/buildings/{int:building_id}/plates", response={200: schemas.IssuedOut, **PROBLEMS}, summary="Give out plates for a building and its rooms")
def issue_plates(request: HttpRequest, building_id: int, body: schemas.PlatesIn) -> schemas.IssuedOut:
    made = actions.issue_plates(actor=actor_of(request), at=now(), building_id=min(building_id, 2**63 - 1), rooms=body.rooms, own=body.own)
    return schemas.IssuedOut(issued=len(made), plates=[plate.id for plate in made])


@router.post("/plates/{uuid:plate_id}/void", response={204: None, **PROBLEMS}, summary="A plate is lost or damaged")
def void_plate(request: HttpRequest, plate_id: UUID, body: schemas.VoidIn) -> HttpResponse:
    actions.void_plate(actor=actor_of(request), at=now(), plate_id=plate_id, reason=body.reason)
    return HttpResponse(status=204)


@router.post("/plates/sheet.pdf", response=PROBLEMS, summary="Plates on paper, 24 a page", openapi_extra=PDF)
def print_plates(request: HttpRequest, body: schemas.SheetIn) -> HttpResponse:
    plates = actions.print_plates(actor=actor_of(request), at=now(), plates=body.plates)
    sheet = plate_sheet(plates, at=now(), language=language(request), base=request.build_absolute_uri("/q/"))
    response = HttpResponse(sheet, content_type="application/pdf")
    response["Content-Disposition"] = "inline; filename*=UTF-8''plates.pdf"
    response["Cache-Control"] = "no-store"
    return response
