"""The door at which a proposed dispatch table is tried."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now

from jingwei.cases import queries
from jingwei.cases.api.values import router
from jingwei.cases.schemas.trial import TrialIn, TrialOut, trial_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS


@router.post(
    "/cases/dispatch-trial", response={200: TrialOut, **PROBLEMS}, summary="Try a dispatch table on past cases: which would go elsewhere? Changes nothing"
)
def try_dispatch_rules(request: HttpRequest, body: TrialIn) -> HttpResponse:
    trial = queries.try_dispatch_rules(actor=actor_of(request), at=now(), drafts=body.rules, on=body.on or localdate(), days=body.days)
    return answer(trial_out(trial))
