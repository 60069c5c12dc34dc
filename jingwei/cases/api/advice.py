"""The door of advice: what a report is likely to be."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from jingwei.cases import queries
from jingwei.cases.api.values import Code, router
from jingwei.cases.rules.advice import READ
from jingwei.cases.schemas.advising import LikelyOut, likely_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS


@router.get("/advice", response={200: LikelyOut, **PROBLEMS}, summary="The likeliest matters and units for a text, learnt from closed cases")
def get_advice(
    request: HttpRequest,
    text: Annotated[str, Field(max_length=READ)] = "",
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = "",
    matter: Code = "",
) -> HttpResponse:
    return answer(likely_out(queries.advice(actor=actor_of(request), text=text, place=place, matter=matter)))
