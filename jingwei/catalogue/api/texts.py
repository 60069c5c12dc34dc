"""Doors to standard texts."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from jingwei.catalogue import actions, queries
from jingwei.catalogue.rules.texts import PLACEHOLDERS
from jingwei.catalogue.schemas.texts import TextChange, TextIn, TextOut, text_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS, CodedName

router = Router()
Code = Annotated[str, Field(max_length=40)]


@router.get("/texts", response={200: list[TextOut], **PROBLEMS}, summary="Standard texts that fit, the most specific first; `ended` brings the old ones too")
def list_texts(request: HttpRequest, process: Code = "", move: Code = "", matter: Code = "", ended: bool = False) -> list[TextOut]:
    actor = actor_of(request)
    return [text_out(t) for t in queries.standard_texts(actor=actor, at=now(), process=process, move=move, matter=matter, ended=ended)]


@router.get("/texts/placeholders", response={200: list[CodedName], **PROBLEMS}, summary="What a standard text may leave to be filled in")
def list_placeholders(request: HttpRequest) -> list[CodedName]:
    actor_of(request)
    return [CodedName.of(code, name) for code, name in PLACEHOLDERS.items()]


@router.post("/texts", response={201: TextOut, **PROBLEMS}, summary="Write a standard text")
def add_text(request: HttpRequest, body: TextIn) -> HttpResponse:
    return answer(text_out(actions.add_text(actor=actor_of(request), at=now(), draft=body.draft(), valid_from=body.valid_from)), 201)


@router.put("/texts/{code}", response={200: TextOut, **PROBLEMS}, summary="Change a standard text from a day on")
def change_text(request: HttpRequest, code: Code, body: TextChange) -> HttpResponse:
    row = actions.change_text(actor=actor_of(request), at=now(), code=code, seen=body.seen, draft=body.draft(), valid_from=body.valid_from)
    return answer(text_out(row))


@router.delete("/texts/{code}", response={204: None, **PROBLEMS}, summary="End a standard text on a day (today when left out)")
def end_text(request: HttpRequest, code: Code, seen: Code, valid_to: date | None = None) -> HttpResponse:
    actions.end_text(actor=actor_of(request), at=now(), code=code, seen=seen, valid_to=valid_to)
    return HttpResponse(status=204)
