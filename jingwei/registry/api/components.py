"""The doors to city components, frontages and signs."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Query, Router

from jingwei.accounts.rules import KEEPS_REGISTER, Actor
from jingwei.kit.http import TAKES_KEY, TILE, actor_of, answer, check_tile, idempotency_key, tile
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries
from jingwei.registry.schemas.components import (
    FACTS_OUT,
    ClassOut,
    ComponentChangeIn,
    ComponentFilterIn,
    ComponentIn,
    ComponentMoveIn,
    ComponentOut,
    ComponentRowOut,
    ComponentsIn,
    ComponentsOut,
    ComponentStateIn,
    CountedClassOut,
    CountsOut,
    FactOut,
)

router = Router()


@router.get("/component-classes", response={200: list[CountedClassOut], **PROBLEMS}, summary="Classes of components of every edition, with how many I see")
def list_component_classes(request: HttpRequest) -> list[CountedClassOut]:
    return [CountedClassOut(**ClassOut.of(klass).model_dump(), count=n) for klass, n in queries.component_classes(actor=actor_of(request))]


@router.get("/component-facts", response={200: list[FactOut], **PROBLEMS}, summary="What the standard records of every component")
def list_component_facts(request: HttpRequest) -> list[FactOut]:
    return FACTS_OUT


@router.get("/components", response={200: ComponentsOut, **PROBLEMS}, summary="Components of a filter, by code")
def list_components(request: HttpRequest, wanted: Query[ComponentsIn]) -> HttpResponse:
    page = queries.component_page(actor=actor_of(request), wanted=wanted.wanted(), after=wanted.after, size=wanted.size)
    return answer(ComponentsOut(items=[ComponentRowOut.of(c) for c in page.items], next=page.next))


@router.get("/components/counts", response={200: CountsOut, **PROBLEMS}, summary="How many components of a filter there are in each state")
def count_components(request: HttpRequest, wanted: Query[ComponentFilterIn]) -> CountsOut:
    return CountsOut(states=queries.component_counts(actor=actor_of(request), wanted=wanted.wanted()))


@router.post("/components", response={201: ComponentOut, **PROBLEMS}, summary="Register a component, a frontage or a sign", openapi_extra=TAKES_KEY)
def register_component(request: HttpRequest, body: ComponentIn) -> HttpResponse:
    actor = actor_of(request)
    component = actions.register_component(
        actor=actor, at=now(), klass=body.klass, edition=body.edition, code=body.code, state=body.state, spot=body.position.spot(), facts=body.facts(),
        command=idempotency_key(request),
    )  # fmt: skip
    return answer(_whole(actor, component.id), 201)


@router.get("/components/{uuid:component_id}", response={200: ComponentOut, **PROBLEMS}, summary="A component with the history of its state")
def get_component(request: HttpRequest, component_id: UUID) -> HttpResponse:
    return answer(_whole(actor_of(request), component_id))


@router.put("/components/{uuid:component_id}", response={200: ComponentOut, **PROBLEMS}, summary="Change what is written of a component")
def change_component(request: HttpRequest, component_id: UUID, body: ComponentChangeIn) -> HttpResponse:
    actor = actor_of(request)
    actions.change_component(actor=actor, at=now(), component_id=component_id, seen_version=body.seen_version, facts=body.facts())
    return answer(_whole(actor, component_id))


@router.post("/components/{uuid:component_id}/position", response={200: ComponentOut, **PROBLEMS}, summary="Put a component where it really stands")
def move_component(request: HttpRequest, component_id: UUID, body: ComponentMoveIn) -> HttpResponse:
    actor = actor_of(request)
    actions.move_component(actor=actor, at=now(), component_id=component_id, seen_version=body.seen_version, spot=body.position.spot())
    return answer(_whole(actor, component_id))


@router.post("/components/{uuid:component_id}/states", response={201: ComponentOut, **PROBLEMS}, summary="Say in which state a component is now")
def set_state(request: HttpRequest, component_id: UUID, body: ComponentStateIn) -> HttpResponse:
    actor = actor_of(request)
    actions.set_state(
        actor=actor, at=now(), component_id=component_id, state=body.state, remark=body.note, case_id=body.case_id, seen_version=body.seen_version
    )
    return answer(_whole(actor, component_id), 201)


@router.get("/tiles/components/{z}/{x}/{y}.mvt", response=PROBLEMS, summary="Vector tile: the components of a filter that I see", openapi_extra=TILE)
def get_component_tile(request: HttpRequest, z: int, x: int, y: int, wanted: Query[ComponentFilterIn], gathered: bool | None = None) -> HttpResponse:
    check_tile(z, x, y)
    return tile(request, queries.component_tile(actor=actor_of(request), wanted=wanted.wanted(), z=z, x=x, y=y, gathered=gathered), 30)


def _whole(actor: Actor, component_id: UUID) -> ComponentOut:
    page = queries.component_whole(actor=actor, component_id=component_id)
    rights = (("change", KEEPS_REGISTER), ("set_state", actions.REPORTS_STATE))
    may = [verb for verb, who in rights if actor.holds(who, page.component.place)]
    return ComponentOut.of_page(page, may)
