"""Doors to the dispatch table as a whole. (Trying it on cases is a door of the cases.)"""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.catalogue import actions, queries
from jingwei.catalogue.rules.editing import may_edit
from jingwei.catalogue.schemas.dispatch import DispatchTableIn, DispatchTableOut, table_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()


@router.get("/dispatch-rules/table", response={200: DispatchTableOut, **PROBLEMS}, summary="The dispatch table as it is edited: what holds today or will later")
def get_dispatch_table(request: HttpRequest) -> HttpResponse:
    return answer(_table(actor_of(request)))


@router.put("/dispatch-rules/table", response={200: DispatchTableOut, **PROBLEMS}, summary="The whole dispatch table anew, from a day on")
def put_dispatch_table(request: HttpRequest, body: DispatchTableIn) -> HttpResponse:
    actor = actor_of(request)
    actions.revise_dispatch_rules(actor=actor, at=now(), seen=body.seen, drafts=body.rules, valid_from=body.valid_from)
    return answer(_table(actor))


def _table(actor: Actor) -> DispatchTableOut:
    rules = queries.standing_rules(localdate()) if actor.held else []
    return table_out(rules, place_names({r.area for r in rules if r.area}), localdate(), may_edit(actor.roles))
