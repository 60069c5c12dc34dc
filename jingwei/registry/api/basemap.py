"""The registry's doors: address search and the base map's tiles."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from jingwei.kit.http import TILE, check_tile, tile
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import queries

router = Router()


@router.get("/tiles/base/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="The base map as a vector tile", openapi_extra=TILE)
def base_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.base_tile(z=z, x=x, y=y, on=timezone.localdate()), 3600)
