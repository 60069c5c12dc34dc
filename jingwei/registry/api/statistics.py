"""Doors to statistics of areas."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router

from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import queries
from jingwei.registry.schemas.statistics import AreaStatisticsOut, statistics_out

router = Router()


@router.get(
    "/statistics/areas", response={200: AreaStatisticsOut, **PROBLEMS}, summary="Residents, households, moves and stability of an area and the areas in it"
)
def area_statistics(
    request: HttpRequest, place: Annotated[str, Query(min_length=4, max_length=15, pattern=r"^[0-9]+$")], on: date | None = None
) -> HttpResponse:
    return answer(statistics_out(queries.area_statistics(actor=actor_of(request), place=place, on=on or localdate())))
