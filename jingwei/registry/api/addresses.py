"""Standard addresses: the tree, one node, and what a text means. Texts are POSTed: they may tell where somebody lives, and an address is logged."""

from dataclasses import replace
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router
from pydantic import Field

from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries
from jingwei.registry.models import Address
from jingwei.registry.schemas import AddressOut
from jingwei.registry.schemas.addresses import (
    AddressAliasIn,
    AddressAliasOut,
    AddressEndIn,
    AddressIn,
    AddressMatchIn,
    AddressMatchOut,
    AddressNameIn,
    AddressNodeOut,
    AddressNodesOut,
    AddressParentIn,
    AddressStatusIn,
    AddressWholeOut,
)

router = Router()

Within = Annotated[str, Query(max_length=15, pattern=r"^[0-9]*$")]


def _whole(request: HttpRequest, row: Address, status: int = 200) -> HttpResponse:
    return answer(AddressWholeOut.of(queries.address_whole(actor=actor_of(request), address_id=row.pk)), status)


@router.get("/addresses", response={200: list[AddressOut], **PROBLEMS}, summary="Addresses, buildings, landmarks and roads for a text")
def list_addresses(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)],
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[AddressOut]:
    near = (lon, lat) if lon is not None and lat is not None else None
    return [AddressOut.of(found) for found in queries.place_search(actor=actor_of(request), q=q, near=near, limit=limit)]


@router.post("/addresses/match", response={200: AddressMatchOut, **PROBLEMS}, summary="Which standard address a text means, with the reasons")
def match_address(request: HttpRequest, body: AddressMatchIn) -> HttpResponse:
    near = (body.lon, body.lat) if body.lon is not None and body.lat is not None else None
    found = queries.address_match(actor=actor_of(request), text=body.text, near=near, within=body.within, limit=body.limit)
    return answer(AddressMatchOut.of(found))


@router.get("/addresses/tree", response={200: AddressNodesOut, **PROBLEMS}, summary="The addresses directly below one, or the streets and estates of a place")
def list_tree(
    request: HttpRequest,
    parent: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    within: Within = "",
    after: Annotated[str | None, Query(max_length=400)] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 100,
) -> HttpResponse:
    page = queries.address_page(actor=actor_of(request), parent_id=parent, within=within, after=after, size=size)
    return answer(AddressNodesOut(items=[AddressNodeOut.of(n) for n in page.items], next=page.next))


@router.post("/addresses", response={201: AddressWholeOut, **PROBLEMS}, summary="Enter a standard address")
def enter_address(request: HttpRequest, body: AddressIn) -> HttpResponse:
    new = actions.NewAddress(kind=body.kind, name=body.name, parent_id=body.parent, place=body.place, code=body.code)
    if body.position:
        new = replace(new, crs=body.position.crs, x=body.position.x, y=body.position.y)
    row = actions.enter_address(actor=actor_of(request), at=now(), new=new)
    return _whole(request, row, 201)


@router.get("/addresses/{int:address_id}", response={200: AddressWholeOut, **PROBLEMS}, summary="One standard address with its names, buildings and history")
def get_address(request: HttpRequest, address_id: int) -> HttpResponse:
    return answer(AddressWholeOut.of(queries.address_whole(actor=actor_of(request), address_id=address_id)))


@router.put("/addresses/{int:address_id}/name", response={200: AddressWholeOut, **PROBLEMS}, summary="Rename; what it was called stays as a former name")
def rename_address(request: HttpRequest, address_id: int, body: AddressNameIn) -> HttpResponse:
    row = actions.rename_address(actor=actor_of(request), at=now(), address_id=address_id, name=body.name, seen_version=body.seen_version)
    return _whole(request, row)


@router.put("/addresses/{int:address_id}/parent", response={200: AddressWholeOut, **PROBLEMS}, summary="Put it, and all below it, under another")
def move_address(request: HttpRequest, address_id: int, body: AddressParentIn) -> HttpResponse:
    row = actions.move_address(actor=actor_of(request), at=now(), address_id=address_id, parent_id=body.parent, seen_version=body.seen_version)
    return _whole(request, row)


@router.put("/addresses/{int:address_id}/status", response={200: AddressWholeOut, **PROBLEMS}, summary="What was found on the spot (GB/T 37149)")
def judge_address(request: HttpRequest, address_id: int, body: AddressStatusIn) -> HttpResponse:
    row = actions.judge_address(actor=actor_of(request), at=now(), address_id=address_id, status=body.status, seen_version=body.seen_version)
    return _whole(request, row)


@router.post("/addresses/{int:address_id}/end", response={200: AddressWholeOut, **PROBLEMS}, summary="The address is no more")
def end_address(request: HttpRequest, address_id: int, body: AddressEndIn) -> HttpResponse:
    row = actions.end_address(actor=actor_of(request), at=now(), address_id=address_id, reason=body.reason, seen_version=body.seen_version)
    return _whole(request, row)


@router.post("/addresses/{int:address_id}/aliases", response={201: AddressAliasOut, **PROBLEMS}, summary="Another name of the address")
def add_alias(request: HttpRequest, address_id: int, body: AddressAliasIn) -> HttpResponse:
    alias = actions.add_alias(actor=actor_of(request), at=now(), address_id=address_id, name=body.name, kind=body.kind)
    return answer(AddressAliasOut.of(alias), 201)


@router.delete("/addresses/{int:address_id}/aliases/{int:alias_id}", response={204: None, **PROBLEMS}, summary="Drop a name entered by mistake")
def drop_alias(request: HttpRequest, address_id: int, alias_id: Annotated[int, Field(ge=1)]) -> HttpResponse:
    actions.drop_alias(actor=actor_of(request), at=now(), address_id=address_id, alias_id=alias_id)
    return HttpResponse(status=204)
