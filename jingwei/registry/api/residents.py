"""The doors to residents, households and residencies. What is said of people comes in bodies: an address is written into every log that it passes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router

from jingwei.kit.http import TAKES_KEY, actor_of, answer, idempotency_key, language
from jingwei.kit.schemas import PROBLEMS, ProblemOut
from jingwei.kit.times import localdate
from jingwei.registry import actions, queries
from jingwei.registry.schemas import residents as shapes
from jingwei.registry.schemas.looks_paper import looks_paper
from jingwei.registry.schemas.qr import qr_svg

router = Router(tags=["residents"])
Age = Annotated[int | None, Query(ge=0, le=150)]
Place = Annotated[str, Query(max_length=15, pattern=r"^[0-9]*$")]
Purpose = Annotated[str, Query(max_length=20, pattern=r"^[a-z]*$")]
After = Annotated[str | None, Query(max_length=200)]


@router.get("/residents/words", response={200: shapes.ResidentWordsOut, **PROBLEMS}, summary="The lists that forms about people choose from")
def resident_words(request: HttpRequest) -> HttpResponse:
    return answer(
        shapes.words_out(queries.fields_on("resident") | {f"{thing}.{name}" for thing in ("residency", "household") for name in queries.fields_on(thing)})
    )


@router.get("/residents", response={200: shapes.ResidentsPage, **PROBLEMS}, summary="Residents of a place, page by page")
def list_residents(
    request: HttpRequest,
    place: Place = "",
    room: UUID | None = None,
    age_from: Age = None,
    age_to: Age = None,
    kind: Literal["", "permanent", "temporary"] = "",
    state: Literal["present", "former"] = "present",
    after: After = None,
    size: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HttpResponse:
    today = localdate(now())
    wanted = queries.ResidentFilter(place, room, age_from, age_to, kind, state)
    return answer(shapes.residents_page_out(queries.residents_page(actor=actor_of(request), wanted=wanted, on=today, after=after, size=size), today))


@router.post("/residents/search", response={200: shapes.ResidentsFound, **PROBLEMS}, summary="Find residents by a whole number or a part of the name")
def search_residents(request: HttpRequest, body: shapes.ResidentsSearchIn) -> HttpResponse:
    return answer(shapes.residents_found_out(queries.residents_search(actor=actor_of(request), text=body.text, place=body.place), localdate(now())))


@router.post("/residents/homes/search", response={200: shapes.HomesFound, **PROBLEMS}, summary="Registered homes by letters of a division's name")
def search_homes(request: HttpRequest, body: shapes.HomesSearchIn) -> HttpResponse:
    actor_of(request)
    return answer(shapes.homes_found_out(queries.homes_found(body.text)))


@router.get("/residents/likely", response={200: shapes.LikelyPairsOut, **PROBLEMS}, summary="Pairs of records that are probably one person")
def list_likely_pairs(request: HttpRequest, place: Place = "") -> HttpResponse:
    return answer(shapes.likely_pairs_out(queries.likely_pairs(actor=actor_of(request), place=place), localdate(now())))


@router.get("/residents/{uuid:resident_id}", response={200: shapes.ResidentOut, **PROBLEMS}, summary="One resident, numbers masked; the look is on record")
def get_resident(request: HttpRequest, resident_id: UUID, purpose: Purpose = "register") -> HttpResponse:
    actor, at = actor_of(request), now()
    kept = actions.record_reading(actor=actor, at=at, resident_id=resident_id, purpose=purpose)
    whole = queries.whole_resident(actor=actor, resident_id=kept)
    return answer(shapes.resident_out(whole, localdate(at), queries.keeps_register(actor, whole.who.place)))


@router.patch("/residents/{uuid:resident_id}", response={204: None, **PROBLEMS}, summary="Facts about a resident turn out otherwise")
def change_resident(request: HttpRequest, resident_id: UUID, body: shapes.ResidentChangeIn) -> HttpResponse:
    actions.change_resident(actor=actor_of(request), at=now(), resident_id=resident_id, seen_version=body.seen_version, facts=body.facts(), more=body.more)
    return HttpResponse(status=204)


@router.post("/residents/{uuid:resident_id}/end", response={204: None, **PROBLEMS}, summary="A registration ends: died, left, or a mistake")
def end_resident(request: HttpRequest, resident_id: UUID, body: shapes.EndIn) -> HttpResponse:
    actions.end_resident(actor=actor_of(request), at=now(), resident_id=resident_id, seen_version=body.seen_version, reason=body.reason, on=body.on)
    return HttpResponse(status=204)


@router.post("/residents/{uuid:resident_id}/unmask", response={200: shapes.UnmaskedOut, **PROBLEMS}, summary="A resident's numbers whole, for a reason")
def unmask_resident(request: HttpRequest, resident_id: UUID, body: shapes.UnmaskIn) -> HttpResponse:
    seen = actions.unmask(actor=actor_of(request), at=now(), resident_id=resident_id, fields=set(body.fields), purpose=body.purpose, reason=body.reason)
    response = answer(shapes.UnmaskedOut(identity_number=seen.identity_number, phone=seen.phone))
    response["Cache-Control"] = "no-store"
    return response


@router.get("/residents/{uuid:resident_id}/looks", response={200: shapes.LooksPage, **PROBLEMS}, summary="Who looked at a resident's data, when and why")
def list_looks(request: HttpRequest, resident_id: UUID, after: After = None) -> HttpResponse:
    return answer(shapes.looks_page_out(queries.looks_page(actor=actor_of(request), resident_id=resident_id, after=after)))


PDF = {"responses": {200: {"description": "The list", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get(
    "/residents/{uuid:resident_id}/looks.pdf",
    response={**PROBLEMS, 503: ProblemOut},
    summary="Who looked, on paper, for the resident",
    openapi_extra=PDF,
)
def print_looks(request: HttpRequest, resident_id: UUID, lang: Literal["zh", "en"] | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    row = actions.record_printing(actor=actor, at=at, resident_id=resident_id)
    page = queries.looks_page(actor=actor, resident_id=resident_id, size=500)
    made = looks_paper(page.items, name=queries.known(row).name, language=lang or language(request), printed_by=actor.name, at=at)
    headers = {"Content-Disposition": 'inline; filename="looks.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@router.post("/residents/{uuid:resident_id}/looks/link", response={200: shapes.LooksLinkOut, **PROBLEMS}, summary="A link for the resident to read who looked")
def link_looks(request: HttpRequest, resident_id: UUID, body: shapes.LinkIn) -> HttpResponse:
    ticket, until = actions.link_looks(actor=actor_of(request), at=now(), resident_id=resident_id, days=body.days)
    path = f"/looks#{ticket}"  # what follows # stays in the browser: no log has it
    return answer(shapes.LooksLinkOut(path=path, until=until, qr=qr_svg(request.build_absolute_uri(path))))


@router.post("/looks", response={200: shapes.SubjectLooksOut, **PROBLEMS}, auth=None, summary="Who looked at my data: for the resident, by the link handed out")
def read_looks(request: HttpRequest, body: shapes.TicketIn) -> HttpResponse:
    response = answer(shapes.subject_looks_out(queries.looks_of_ticket(ticket=body.ticket, at=now())))
    response["Cache-Control"] = "no-store"
    return response


@router.post("/residents/{uuid:resident_id}/merge", response={204: None, **PROBLEMS}, summary="Another record is the same person")
def merge_residents(request: HttpRequest, resident_id: UUID, body: shapes.MergeIn) -> HttpResponse:
    actions.merge_residents(
        actor=actor_of(request), at=now(), kept=resident_id, kept_version=body.seen_version, other=body.other, other_version=body.other_version
    )
    return HttpResponse(status=204)


@router.post("/residents/{uuid:resident_id}/apart", response={204: None, **PROBLEMS}, summary="Another record only looks like the same person")
def tell_apart(request: HttpRequest, resident_id: UUID, body: shapes.ApartIn) -> HttpResponse:
    actions.tell_apart(actor=actor_of(request), at=now(), one=resident_id, other=body.other)
    return HttpResponse(status=204)


@router.post("/residents/{uuid:resident_id}/unmerge", response={204: None, **PROBLEMS}, summary="A merged record was somebody else after all")
def unmerge_residents(request: HttpRequest, resident_id: UUID, body: shapes.UnmergeIn) -> HttpResponse:
    actions.unmerge_residents(actor=actor_of(request), at=now(), other=resident_id, seen_version=body.seen_version)
    return HttpResponse(status=204)


@router.get("/rooms/found", response={200: shapes.RoomsFoundOut, **PROBLEMS}, summary="Rooms by a house and the number on the door")
def find_rooms(request: HttpRequest, q: Annotated[str, Query(min_length=1, max_length=60)]) -> HttpResponse:
    return answer(shapes.rooms_found_out(queries.rooms_found(actor=actor_of(request), words=q)))


@router.get("/rooms/{uuid:room_id}/people", response={200: shapes.RoomPeopleOut, **PROBLEMS}, summary="Who lives in a room, today or on another day")
def list_people_of_room(request: HttpRequest, room_id: UUID, on: date | None = None) -> HttpResponse:
    found = queries.people_of_room(actor=actor_of(request), room_id=room_id, on=on or localdate(now()))
    return answer(shapes.room_people_out(found, may_register=True))


@router.post(
    "/rooms/{uuid:room_id}/people", response={201: shapes.MovedInOut, 200: shapes.MovedInOut, **PROBLEMS}, summary="People move into a room, registered or not",
    openapi_extra=TAKES_KEY,
)  # fmt: skip
def move_in(request: HttpRequest, room_id: UUID, body: shapes.MoveInIn) -> HttpResponse:
    moved = actions.move_in(
        actor=actor_of(request),
        at=now(),
        room_id=room_id,
        people=[one.newcomer() for one in body.people],
        from_date=body.from_date,
        kind=body.kind,
        household=body.household.wanted() if body.household else None,
        command=idempotency_key(request),
    )
    return answer(shapes.MovedInOut(residents=moved.residents, household=moved.household), 200 if moved.repeated else 201)


@router.post("/rooms/{uuid:room_id}/people/out", response={204: None, **PROBLEMS}, summary="Residents leave a room")
def move_out(request: HttpRequest, room_id: UUID, body: shapes.MoveOutIn) -> HttpResponse:
    seen = {one.id: one.seen_version for one in body.residents}
    actions.move_out(actor=actor_of(request), at=now(), room_id=room_id, residents=dict(seen), on=body.on)
    return HttpResponse(status=204)


@router.post("/residents/moves", response={200: shapes.MovedInOut, **PROBLEMS}, summary="Residents move from one room to another, a household together")
def move(request: HttpRequest, body: shapes.ResidentsMoveIn) -> HttpResponse:
    moved = actions.move(
        actor=actor_of(request),
        at=now(),
        residents={one.id: one.seen_version for one in body.residents},
        from_room=body.from_room,
        room_id=body.room_id,
        on=body.on,
        kind=body.kind,
        household=body.household.wanted() if body.household else None,
    )
    return answer(shapes.MovedInOut(residents=moved.residents, household=moved.household))


@router.patch("/residencies/{uuid:residency_id}", response={204: None, **PROBLEMS}, summary="What was written of a residency was wrong")
def correct_residency(request: HttpRequest, residency_id: UUID, body: shapes.CorrectIn) -> HttpResponse:
    actions.correct_residency(
        actor=actor_of(request), at=now(), residency_id=residency_id, seen_version=body.seen_version, from_date=body.from_date, to_date=body.to_date,
        kind=body.kind, said_relation=body.relation, tenure=body.tenure, mistaken=body.mistaken,
    )  # fmt: skip
    return HttpResponse(status=204)


@router.get("/households/{uuid:household_id}", response={200: shapes.HouseholdOut, **PROBLEMS}, summary="One household and its members")
def get_household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    return answer(shapes.household_out(queries.household_whole(actor=actor_of(request), household_id=household_id), localdate(now())))


@router.patch("/households/{uuid:household_id}", response={204: None, **PROBLEMS}, summary="Who heads a household, its number, its kind")
def change_household(request: HttpRequest, household_id: UUID, body: shapes.HouseholdChangeIn) -> HttpResponse:
    said = body.model_dump(exclude_unset=True, exclude={"relations"})
    actions.change_household(actor=actor_of(request), at=now(), household_id=household_id, relations=body.standing(), **said)
    return HttpResponse(status=204)


@router.post("/households/{uuid:household_id}/split", response={200: shapes.MovedInOut, **PROBLEMS}, summary="Some of a household keep house of their own")
def split_household(request: HttpRequest, household_id: UUID, body: shapes.SplitIn) -> HttpResponse:
    new = actions.split_household(
        actor=actor_of(request), at=now(), household_id=household_id, seen_version=body.seen_version, residents=body.residents, head=body.head, kind=body.kind,
        number=body.number, relations=body.standing(),
    )  # fmt: skip
    return answer(shapes.MovedInOut(residents=body.residents, household=new.id))
