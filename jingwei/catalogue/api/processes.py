"""Doors to versions of processes as they are edited."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from jingwei.accounts.rules import Actor
from jingwei.catalogue import actions, queries
from jingwei.catalogue.schemas.processes import (
    ConceptIn,
    DocumentOut,
    FindingOut,
    ProcessDoc,
    PublishIn,
    RegistryOut,
    VersionOut,
    document_out,
    findings_out,
    registry_out,
    version_out,
)
from jingwei.kit.errors import invalid
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()
Code = Annotated[str, Field(max_length=40)]
Version = Annotated[int, Field(ge=1, le=32_000)]


@router.get("/processes/registry", response={200: RegistryOut, **PROBLEMS}, summary="The verbs, guards, fields and effects that a process may name")
def get_registry(request: HttpRequest) -> HttpResponse:
    actor_of(request)
    return answer(registry_out())


@router.get("/processes/versions", response={200: list[VersionOut], **PROBLEMS}, summary="Every version of every process, concepts among them")
def list_versions(request: HttpRequest) -> list[VersionOut]:
    return [version_out(row) for row in queries.process_versions(actor=actor_of(request))]


@router.post("/processes/check", response={200: list[FindingOut], **PROBLEMS}, summary="What forbids publishing this process? Changes nothing")
def check_process(request: HttpRequest, body: ProcessDoc) -> list[FindingOut]:
    actor_of(request)
    return findings_out(queries.findings_of(body.document()))


@router.get("/processes/{code}/{int:version}", response={200: DocumentOut, **PROBLEMS}, summary="A version of a process as its document", by_alias=True)
def get_document(request: HttpRequest, code: Code, version: Version) -> HttpResponse:
    return answer(_document(actor_of(request), code, version))


@router.put("/processes/{code}/{int:version}", response={200: DocumentOut, **PROBLEMS}, summary="Keep a version of a process as a concept", by_alias=True)
def put_document(request: HttpRequest, code: Code, version: Version, body: ConceptIn) -> HttpResponse:
    actor = actor_of(request)
    if (body.document.code, body.document.version) != (code, version):
        raise invalid("document.version", "代码和版本应与地址一致", "code and version are those of the address")
    actions.draft_process(actor=actor, at=now(), document=body.document.document(), seen=body.seen)
    return answer(_document(actor, code, version))


@router.post(
    "/processes/{code}/{int:version}/publication",
    response={200: DocumentOut, **PROBLEMS},
    summary="Publish a concept from a day on; findings refuse it",
    by_alias=True,
)
def publish_process(request: HttpRequest, code: Code, version: Version, body: PublishIn) -> HttpResponse:
    actor = actor_of(request)
    row = queries.process_row(actor=actor, code=code, version=version)
    actions.publish_process(actor=actor, at=now(), process_id=row.pk, seen=body.seen, valid_from=body.valid_from)
    return answer(_document(actor, code, version))


@router.delete("/processes/{code}/{int:version}", response={204: None, **PROBLEMS}, summary="Throw a concept away")
def drop_process(request: HttpRequest, code: Code, version: Version, seen: Code) -> HttpResponse:
    actor = actor_of(request)
    actions.drop_process(actor=actor, at=now(), process_id=queries.process_row(actor=actor, code=code, version=version).pk, seen=seen)
    return HttpResponse(status=204)


def _document(actor: Actor, code: str, version: int) -> DocumentOut:
    row = queries.process_row(actor=actor, code=code, version=version)
    return document_out(row, queries.findings_of(row.definition) if row.status == "concept" else [])
