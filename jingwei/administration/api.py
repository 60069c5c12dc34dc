"""The doors of what touches several packages: a unit and what it holds, the configuration as one file."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from jingwei.administration import actions, queries
from jingwei.administration.schemas import CloseIn, HoldingsOut
from jingwei.kit.errors import Forbidden
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS

router = Router(tags=["administration"])

Id = Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/units/{int:unit_id}/holdings", response={200: HoldingsOut, **PROBLEMS}, summary="What a unit holds (system administrator)")
def get_holdings(request: HttpRequest, unit_id: Id) -> HoldingsOut:
    if "system_admin" not in actor_of(request).roles:
        raise Forbidden()
    held = queries.holdings(unit_id)
    return HoldingsOut(cases=held.cases, rules=held.rules, grants=held.grants, below=held.below)


@router.post("/units/{int:unit_id}/close", response={204: None, **PROBLEMS}, summary="Close a unit, with a successor where it holds rules or roles")
def close_unit(request: HttpRequest, unit_id: Id, body: CloseIn) -> HttpResponse:
    actions.close_unit(actor=actor_of(request), at=now(), unit_id=unit_id, successor_id=body.successor, seen_version=body.seen_version)
    return HttpResponse(status=204)
