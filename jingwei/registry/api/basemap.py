"""The registry's doors: address search and the base map's tiles."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from jingwei.kit.http import TILE, check_tile, tile
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import queries
from jingwei.registry.schemas import AddressOut

router = Router()


@router.get("/addresses", response={200: list[AddressOut], **PROBLEMS}, summary="Addresses, buildings, landmarks and roads for a text")
def list_addresses(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)],
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[AddressOut]:
    near = (lon, lat) if lon is not None and lat is not None else None
    return [AddressOut.of(found) for found in queries.address_search(q=q, near=near, limit=limit)]


@router.get("/tiles/base/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="The base map as a vector tile", openapi_extra=TILE)
def base_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.base_tile(z=z, x=x, y=y, on=timezone.localdate()), 3600)
