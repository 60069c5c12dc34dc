"""The doors to pledges and their scans."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import File as Upload
from ninja import Query, Router
from ninja.files import UploadedFile

from jingwei.accounts.rules import READS_PEOPLE, Actor
from jingwei.kit import files
from jingwei.kit.errors import NotFound
from jingwei.kit.http import TAKES_KEY, actor_of, answer, idempotency_key
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries
from jingwei.registry.schemas.pledges import PledgeEndIn, PledgeIn, PledgeOut, PledgeRenewIn, PledgeRowOut, PledgesIn, PledgesOut

router = Router()


@router.get("/pledges", response={200: PledgesOut, **PROBLEMS}, summary="Pledges of a filter, the one that runs out first at the top")
def list_pledges(request: HttpRequest, wanted: Query[PledgesIn]) -> HttpResponse:
    today = localdate()
    page = queries.pledge_page(actor=actor_of(request), wanted=wanted.wanted(), on=today, after=wanted.after, size=wanted.size)
    return answer(PledgesOut(items=[PledgeRowOut.of(r.pledge, r.signer, r.renewed, today) for r in page.items], next=page.next))


@router.post("/pledges", response={201: PledgeOut, **PROBLEMS}, summary="Register a pledge that was signed", openapi_extra=TAKES_KEY)
def sign_pledge(request: HttpRequest, body: PledgeIn) -> HttpResponse:
    actor = actor_of(request)
    pledge = actions.sign_pledge(actor=actor, at=now(), facts=body.facts(), command=idempotency_key(request))
    return answer(_whole(actor, pledge.id), 201)


@router.get("/pledges/{uuid:pledge_id}", response={200: PledgeOut, **PROBLEMS}, summary="A pledge")
def get_pledge(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    return answer(_whole(actor_of(request), pledge_id))


@router.post("/pledges/{uuid:pledge_id}/renewal", response={201: PledgeOut, **PROBLEMS}, summary="Renew a pledge for another term")
def renew_pledge(request: HttpRequest, pledge_id: UUID, body: PledgeRenewIn) -> HttpResponse:
    actor = actor_of(request)
    new = actions.renew_pledge(actor=actor, at=now(), pledge_id=pledge_id, **body.model_dump())
    return answer(_whole(actor, new.id), 201)


@router.post("/pledges/{uuid:pledge_id}/end", response={200: PledgeOut, **PROBLEMS}, summary="End a pledge before its term is over")
def end_pledge(request: HttpRequest, pledge_id: UUID, body: PledgeEndIn) -> HttpResponse:
    actor = actor_of(request)
    actions.end_pledge(actor=actor, at=now(), pledge_id=pledge_id, **body.model_dump())
    return answer(_whole(actor, pledge_id))


@router.post("/pledges/{uuid:pledge_id}/scan", response={200: PledgeOut, **PROBLEMS}, summary="The paper's scan: a PDF or a picture, 20 MB at most")
def keep_scan(request: HttpRequest, pledge_id: UUID, file: Upload[UploadedFile]) -> HttpResponse:
    actor = actor_of(request)
    actions.keep_scan(actor=actor, at=now(), pledge_id=pledge_id, name=file.name or "", stream=file.file)  # type: ignore[arg-type]
    return answer(_whole(actor, pledge_id))


@router.get("/pledges/{uuid:pledge_id}/scan", response={200: None, **PROBLEMS}, summary="The scan; where a person signed, its reading is recorded")
def read_scan(request: HttpRequest, pledge_id: UUID) -> FileResponse:
    pledge = actions.read_scan(actor=actor_of(request), at=now(), pledge_id=pledge_id)
    picture = pledge.scan_mime in files.PICTURES
    try:
        stream = files.path_of(pledge.scan_sha256, "public" if picture else None).open("rb")
    except FileNotFoundError:
        raise NotFound() from None
    response = FileResponse(stream, content_type="image/jpeg" if picture else pledge.scan_mime, filename=pledge.scan_name, as_attachment=not picture)
    response["Cache-Control"] = "no-store"  # each reading is asked for, so that it is on record
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _whole(actor: Actor, pledge_id: UUID) -> PledgeOut:
    row = queries.pledge_whole(actor=actor, pledge_id=pledge_id)
    may = ["change"] if actor.holds(READS_PEOPLE if row.pledge.resident_id else actions.KEEPS_ORGANISATIONS, row.pledge.place) else []
    return PledgeOut.of_row(row, may, localdate())
