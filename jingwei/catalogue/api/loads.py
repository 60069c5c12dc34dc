"""Doors to editions, and to loading a table from a file."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router

from jingwei.catalogue import actions
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.files import read_sheet
from jingwei.catalogue.schemas.classes import OpenIn
from jingwei.catalogue.schemas.limits import LoadOut, load_out
from jingwei.catalogue.schemas.loads import EditionOut, LoadIn, Table, edition_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()
# What a table needs to be one, as the commands `load_…` ask for it.
LOADS = {
    "matters": (actions.load_matters, ("kind", "code", "major_code", "major_name", "name", "module")),
    "conditions": (actions.load_conditions, ("number", "kind", "code", "condition", "limit_value", "limit_unit")),
    "crosswalk": (actions.load_crosswalk, ("old_kind", "old_code", "relation")),
    "limits": (actions.load_limits, ("process", "state", "value", "unit")),
    "dispatch_rules": (actions.load_dispatch_rules, ("position", "unit")),
    "texts": (actions.load_texts, ("code", "title", "text")),
    "calendar": (actions.load_calendar, ("first_date", "kind", "name")),
}


@router.get("/editions", response={200: list[EditionOut], **PROBLEMS}, summary="Who listed matters, the newest first, and how many")
def list_editions(request: HttpRequest) -> list[EditionOut]:
    actor_of(request)
    book = catalogue()
    counts: dict[str, dict[str, int]] = {}
    for matter in book.matters():
        kinds = counts.setdefault(matter.edition, {})
        kinds[matter.kind] = kinds.get(matter.kind, 0) + 1
    return [edition_out(edition, counts.get(code, {})) for code, edition in book.editions.items()]


@router.post("/editions", response={201: EditionOut, **PROBLEMS}, summary="Open an edition of the city's own classes")
def open_edition(request: HttpRequest, body: OpenIn) -> HttpResponse:
    actions.open_edition(actor=actor_of(request), at=now(), code=body.code, name=body.name, source=body.source, valid_from=body.valid_from)
    return answer(edition_out(catalogue().editions[body.code.strip()], {}), 201)


@router.post("/catalogue/loads/{table}", response={200: LoadOut, **PROBLEMS}, summary="Load a table from CSV; dry_run (usual) only reads. Sound rows are taken")
def load_table(request: HttpRequest, table: Table, body: LoadIn) -> HttpResponse:
    load, columns = LOADS[table]
    with transaction.atomic():
        report = load(actor=actor_of(request), at=now(), sheet=read_sheet(body.text.encode(), columns=columns))
        transaction.set_rollback(body.dry_run)
    return answer(load_out(report, body.dry_run))
