"""Doors to the field dictionary and to retention."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS
from jingwei.registry import actions, queries
from jingwei.registry.schemas.fields import (
    DescribeIn,
    ErasedCountOut,
    ErasedOut,
    EraseIn,
    FieldKeys,
    FieldName,
    FieldsOut,
    NewFieldIn,
    RecordedFieldOut,
    RetentionOut,
    Thing,
    applied_out,
    field_out,
    fields_out,
    run_out,
)

router = Router()


@router.get("/fields", response={200: FieldsOut, **PROBLEMS}, summary="The field dictionary: what is recorded of each thing, why, on what basis, how long")
def list_fields(request: HttpRequest) -> HttpResponse:
    return answer(fields_out(queries.dictionary(), actor_of(request)))


@router.post("/fields", response={201: RecordedFieldOut, **PROBLEMS}, summary="Define a field of the city's own; off until switched on")
def define_field(request: HttpRequest, body: NewFieldIn) -> HttpResponse:
    actor = actor_of(request)
    field = actions.define_field(
        actor=actor,
        at=now(),
        thing=body.thing,
        name=body.name,
        type=body.type,
        said=body.said(),
        personal=body.personal,
        choices=[(c.code, c.title, c.title_en) for c in body.choices],
    )
    return answer(field_out(field, actor), 201)


@router.put("/fields/{thing}/{name}", response={200: RecordedFieldOut, **PROBLEMS}, summary="Say what a field is for, on what basis, how long, whose it is")
def describe_field(request: HttpRequest, thing: Thing, name: FieldName, body: DescribeIn) -> HttpResponse:
    actor = actor_of(request)
    field = actions.describe_field(actor=actor, at=now(), thing=thing, name=name, seen_version=body.seen_version, said=body.said())
    return answer(field_out(field, actor))


@router.post(
    "/fields/on", response={200: list[RecordedFieldOut], **PROBLEMS}, summary="Switch fields on, all or none; personal ones by a security administrator"
)
def switch_on(request: HttpRequest, body: FieldKeys) -> list[RecordedFieldOut]:
    actor = actor_of(request)
    return [field_out(field, actor) for field in actions.switch_on(actor=actor, at=now(), fields=body.keys())]


@router.post("/fields/off", response={200: list[RecordedFieldOut], **PROBLEMS}, summary="Switch fields off: neither recorded nor shown any more")
def switch_off(request: HttpRequest, body: FieldKeys) -> list[RecordedFieldOut]:
    actor = actor_of(request)
    return [field_out(field, actor) for field in actions.switch_off(actor=actor, at=now(), fields=body.keys())]


@router.post("/fields/{thing}/{name}/erase", response={200: ErasedOut, **PROBLEMS}, summary="Empty a field that is off in every row, at once, with a reason")
def erase_field(request: HttpRequest, thing: Thing, name: FieldName, body: EraseIn) -> ErasedOut:
    return ErasedOut(rows=actions.erase_field(actor=actor_of(request), at=now(), thing=thing, name=name, reason=body.reason))


@router.get("/retention", response={200: RetentionOut, **PROBLEMS}, summary="The last runs of retention: how many values were erased, by field")
def list_retention_runs(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    runs, held = queries.retention_runs(actor=actor), queries.dictionary()
    return answer(RetentionOut(runs=[run_out(run, held) for run in runs], may_run="security_admin" in actor.roles))


@router.post("/retention/due", response={200: list[ErasedCountOut], **PROBLEMS}, summary="What a run would erase now: counts by field, nothing is changed")
def retention_due(request: HttpRequest) -> list[ErasedCountOut]:
    return applied_out(actions.apply_retention(actor=actor_of(request), at=now(), dry_run=True), queries.dictionary())


@router.post("/retention/runs", response={200: list[ErasedCountOut], **PROBLEMS}, summary="Erase what is past its time now, as each night")
def apply_retention(request: HttpRequest) -> list[ErasedCountOut]:
    return applied_out(actions.apply_retention(actor=actor_of(request), at=now()), queries.dictionary())
