"""The door of advice: what a report is likely to be."""

from django.http import HttpRequest, HttpResponse

from jingwei.cases import queries
from jingwei.cases.api.values import router
from jingwei.cases.schemas.advising import AdviceIn, LikelyOut, likely_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS


@router.post("/advice", response={200: LikelyOut, **PROBLEMS}, summary="The likeliest matters and units for a text, learnt from closed cases")
def get_advice(request: HttpRequest, body: AdviceIn) -> HttpResponse:
    return answer(likely_out(queries.advice(actor=actor_of(request), text=body.text, place=body.place, matter=body.matter)))
