"""The registry's doors: address search and the base map's tiles."""

import hashlib
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from jingwei.kit.errors import NotFound
from jingwei.kit.text import T
from jingwei.registry import queries, rules
from jingwei.registry.schemas import AddressOut

router = Router(tags=["registry"])

MVT = "application/vnd.mapbox-vector-tile"


@router.get("/addresses", response=list[AddressOut], summary="Addresses, buildings, landmarks and roads for a text")
def list_addresses(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)],
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[AddressOut]:
    near = (lon, lat) if lon is not None and lat is not None else None
    return [AddressOut.of(found) for found in queries.address_search(q=q, near=near, limit=limit)]


@router.get(
    "/tiles/base/{z}/{x}/{y}.mvt",
    summary="The base map as a vector tile",
    openapi_extra={
        "responses": {
            200: {"description": "The tile", "content": {MVT: {"schema": {"type": "string", "format": "binary"}}}},
            204: {"description": "Nothing is there"},
            304: {"description": "Unchanged"},
        }
    },
)
def base_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    if not rules.is_tile(z, x, y):
        raise NotFound(T("没有这个瓦片", "there is no such tile"))
    return tile_response(request, queries.base_tile(z=z, x=x, y=y, on=timezone.localdate()))


def tile_response(request: HttpRequest, tile: bytes) -> HttpResponse:
    """The tile, 304 for one that the caller has, 204 for an empty one; kept by the browser alone for an hour."""
    tag = f'"{hashlib.sha256(tile).hexdigest()[:24]}"'
    known = request.headers.get("If-None-Match") == tag
    answer = HttpResponse(status=304) if known else HttpResponse(tile, content_type=MVT, status=200 if tile else 204)
    answer["ETag"], answer["Cache-Control"] = tag, "private, max-age=3600"
    return answer
