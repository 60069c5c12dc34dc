"""The doors of buildings, rooms and coding rules."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Query, Router

from jingwei.kit.errors import invalid
from jingwei.kit.http import TAKES_KEY, actor_of, answer, idempotency_key
from jingwei.kit.schemas import PROBLEMS, Name
from jingwei.registry import actions, queries, schemas
from jingwei.registry.rules import rooms as rules

router = Router()
Place = Annotated[str, Query(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})?$")]
Id = Annotated[int, Query(ge=1, lt=2**63)]
Size = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str | None, Query(max_length=600)]


def _building(request: HttpRequest, id: int) -> HttpResponse:
    return answer(schemas.BuildingWholeOut.of(queries.building_whole(actor=actor_of(request), building_id=id, on=localdate())))


def _room(request: HttpRequest, id: UUID, on: date | None = None) -> HttpResponse:
    return answer(schemas.RoomOut.of(queries.room_whole(actor=actor_of(request), room_id=id, on=on or localdate())))


@router.get("/buildings", response={200: schemas.BuildingsOut, **PROBLEMS}, summary="Buildings of one's areas, street by street")
def list_buildings(
    request: HttpRequest,
    place: Place = "",
    q: Annotated[str, Query(max_length=100)] = "",
    use: schemas.Use | None = None,
    registered: bool | None = None,
    after: After = None,
    size: Size = 50,
) -> HttpResponse:
    wanted = queries.BuildingFilter(place, _printable(q), use or "", registered)
    page = queries.building_page(actor=actor_of(request), wanted=wanted, after=after, size=size)
    return answer(schemas.BuildingsOut(items=[schemas.BuildingRowOut.of(row) for row in page.items], next=page.next))


@router.post("/buildings", response={201: schemas.BuildingWholeOut, **PROBLEMS}, summary="Register a building: it gets its code", openapi_extra=TAKES_KEY)
def register_building(request: HttpRequest, body: schemas.BuildingIn) -> HttpResponse:
    actor, at = actor_of(request), now()
    if body.building is None:
        made = actions.enter_building(actor=actor, at=at, facts=body.facts(), command=idempotency_key(request))
    else:
        made = actions.register_building(actor=actor, at=at, values=body.values(), building_id=body.building, seen_version=body.seen_version)
    response = _building(request, made.pk)
    response.status_code = 201
    return response


@router.post("/buildings/codes", response={200: schemas.CodesGivenOut, **PROBLEMS}, summary="Codes for all buildings of a place that have none")
def register_buildings(request: HttpRequest, body: schemas.PlaceIn) -> schemas.CodesGivenOut:
    done = actions.register_buildings(actor=actor_of(request), at=now(), place=body.place)
    why = [schemas.CodesGivenOut.Why(why=Name.of(one), many=many) for one, many in done.reasons]
    return schemas.CodesGivenOut(coded=done.coded, refused=done.refused, reasons=why)


@router.get("/buildings/{int:building_id}", response={200: schemas.BuildingWholeOut, **PROBLEMS}, summary="One building with its counts and history")
def get_building(request: HttpRequest, building_id: int) -> HttpResponse:
    return _building(request, _known(building_id))


@router.patch("/buildings/{int:building_id}", response={200: schemas.BuildingWholeOut, **PROBLEMS}, summary="Correct what is known of a building")
def change_building(request: HttpRequest, building_id: int, body: schemas.BuildingChangeIn) -> HttpResponse:
    actions.change_building(actor=actor_of(request), at=now(), building_id=_known(building_id), seen_version=body.seen_version, values=body.values())
    return _building(request, building_id)


@router.post("/buildings/{int:building_id}/end", response={200: schemas.BuildingWholeOut, **PROBLEMS}, summary="A building stands no longer")
def end_building(request: HttpRequest, building_id: int, body: schemas.EndRoomIn) -> HttpResponse:
    actions.end_building(actor=actor_of(request), at=now(), building_id=_known(building_id), seen_version=body.seen_version, on=body.on, reason=body.reason)
    return _building(request, building_id)


@router.get("/buildings/{int:building_id}/matrix", response={200: schemas.MatrixOut, **PROBLEMS}, summary="The room matrix of a building on a day")
def room_matrix(request: HttpRequest, building_id: int, on: date | None = None) -> HttpResponse:
    return answer(schemas.MatrixOut.of(queries.room_matrix(actor=actor_of(request), building_id=_known(building_id), on=on or localdate())))


@router.get("/buildings/{int:building_id}/premises", response={200: list[schemas.PremisesHereOut], **PROBLEMS}, summary="Who does business in a building")
def list_premises(request: HttpRequest, building_id: int) -> list[schemas.PremisesHereOut]:
    found = queries.premises_of_building(actor=actor_of(request), building_id=_known(building_id), on=localdate())
    return [schemas.PremisesHereOut.of(one) for one in found]


@router.post("/buildings/{int:building_id}/rooms", response={201: schemas.RoomsAddedOut, **PROBLEMS}, summary="Add rooms: a whole matrix, or a list")
def add_rooms(request: HttpRequest, building_id: int, body: schemas.RoomsIn) -> HttpResponse:
    actor, at, building_id = actor_of(request), now(), _known(building_id)
    if (body.pattern is None) == (not body.rooms):
        raise invalid("pattern", "请给出楼盘表的规则或房屋清单之一", "give either a pattern or a list of rooms")
    if body.pattern:
        made = actions.add_pattern(actor=actor, at=at, building_id=building_id, pattern=body.pattern.pattern(), use=body.use, tenure=body.tenure)
    else:
        made = actions.add_rooms(actor=actor, at=at, building_id=building_id, rooms=[actions.NewRoom(**room.model_dump()) for room in body.rooms])
    return answer(schemas.RoomsAddedOut(added=len(made), codes=[room.code for room in made]), 201)


@router.get("/rooms", response={200: schemas.RoomsOut, **PROBLEMS}, summary="Rooms of a building or an area, or by the beginning of a code")
def list_rooms(
    request: HttpRequest,
    building: Id | None = None,
    place: Place = "",
    code: Annotated[str, Query(pattern=r"^([0-9A-Z]{9,30})?$")] = "",
    number: Annotated[str, Query(max_length=30)] = "",
    use: schemas.Use | None = None,
    unit: Annotated[str | None, Query(max_length=20)] = None,
    floor: Annotated[int | None, Query(ge=-rules.DEEPEST, le=rules.TALLEST)] = None,
    after: After = None,
    size: Size = 50,
) -> HttpResponse:
    stair = None if unit is None else _printable(unit, "unit")
    wanted = queries.RoomFilter(building, place, code, _printable(number, "number"), use or "", stair, floor)
    page = queries.room_page(actor=actor_of(request), wanted=wanted, on=localdate(), after=after, size=size)
    return answer(schemas.RoomsOut(items=[schemas.RoomRowOut.of(row) for row in page.items], next=page.next))


@router.get("/rooms/{uuid:room_id}", response={200: schemas.RoomOut, **PROBLEMS}, summary="One room as it was on a day")
def get_room(request: HttpRequest, room_id: UUID, on: date | None = None) -> HttpResponse:
    return _room(request, room_id, on)


@router.patch("/rooms/{uuid:room_id}", response={200: schemas.RoomOut, **PROBLEMS}, summary="Change a room; its former use and tenure are kept")
def change_room(request: HttpRequest, room_id: UUID, body: schemas.RoomChangeIn) -> HttpResponse:
    actions.change_room(actor=actor_of(request), at=now(), room_id=room_id, seen_version=body.seen_version, values=body.values(), from_date=body.from_date)
    return _room(request, room_id)


@router.post("/rooms/{uuid:room_id}/end", response={200: schemas.RoomOut, **PROBLEMS}, summary="A room is no more")
def end_room(request: HttpRequest, room_id: UUID, body: schemas.EndRoomIn) -> HttpResponse:
    actions.end_room(actor=actor_of(request), at=now(), room_id=room_id, seen_version=body.seen_version, on=body.on, reason=body.reason)
    return _room(request, room_id)


@router.post("/rooms/{uuid:room_id}/split", response={200: schemas.RoomsAddedOut, **PROBLEMS}, summary="A room becomes several")
def split_room(request: HttpRequest, room_id: UUID, body: schemas.SplitRoomIn) -> schemas.RoomsAddedOut:
    made = actions.split_room(actor=actor_of(request), at=now(), room_id=room_id, seen_version=body.seen_version, numbers=body.numbers, on=body.on)
    return schemas.RoomsAddedOut(added=len(made), codes=[room.code for room in made])


@router.post("/rooms/merge", response={200: schemas.RoomOut, **PROBLEMS}, summary="Rooms of one floor become one")
def merge_rooms(request: HttpRequest, body: schemas.MergeRoomsIn) -> HttpResponse:
    rooms = {room.id: room.seen_version for room in body.rooms}
    return _room(request, actions.merge_rooms(actor=actor_of(request), at=now(), rooms=rooms, number=body.number, on=body.on).id)


@router.get("/coding-rules", response={200: schemas.CodingRulesOut, **PROBLEMS}, summary="How codes are made: the city's rules, and the sets that ship")
def list_coding_rules(request: HttpRequest) -> schemas.CodingRulesOut:
    known = queries.coding_rules()
    building = queries.building_example(known, localdate())
    return schemas.CodingRulesOut(
        rules=[schemas.CodingRuleOut.of(rule, building) for rule in known], shipped=[schemas.ShippedOut.of(each) for each in rules.SHIPPED]
    )


@router.post("/coding-rules", response={201: schemas.CodingRuleOut, **PROBLEMS}, summary="Codes are made otherwise from a day on")
def change_coding_rule(request: HttpRequest, body: schemas.CodingRuleIn) -> HttpResponse:
    made = actions.change_coding_rule(
        actor=actor_of(request), at=now(), kind=body.kind, name=body.name, standard=body.standard, parts=body.plain(), valid_from=body.valid_from
    )
    return answer(schemas.CodingRuleOut.of(made), 201)


@router.post("/coding-rules/example", response={200: schemas.ExampleOut, **PROBLEMS}, summary="What a code of these parts would be; nothing is written")
def example_code(request: HttpRequest, body: schemas.CodingPartsIn) -> schemas.ExampleOut:
    return schemas.ExampleOut(example=queries.example_code(kind=body.kind, parts=body.plain(), on=localdate()))


def _known(id: int) -> int:
    """No building has a number that the database has not."""
    return min(id, 2**63 - 1)


def _printable(text: str, field: str = "q") -> str:
    if not text.isprintable():
        raise invalid(field, "含有不可见字符", "it holds a control character")
    return text
