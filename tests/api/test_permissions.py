"""One table: every operation of the API × every role × inside and outside the area. An operation that it doesn't know fails the test.

The scene: a case in a grid of community A, with a photograph, held by the department `chengguan`. "Inside" is somebody whose role is
held over A (a worker: over that grid; a department: the one that holds the case); "outside" is the same role in another district.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.timezone import now

from jingwei.accounts.actions import grant_role, issue_token, open_unit, register_person
from jingwei.accounts.models import Grant
from jingwei.accounts.rules import KEEPS_REGISTER, READS_PEOPLE, ROLES, SYSTEM
from jingwei.administration.rules.parts import pack
from jingwei.areas.models import Posting
from jingwei.cases.actions import NewCase, keep_file, open_case, perform, save_view, tie_case
from jingwei.cases.models import Case, CaseTie, File
from jingwei.catalogue.actions import ConditionDraft, MatterDraft, add_condition, add_matter, draft_process, open_edition
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import FilingCondition, Matter, Process, StandardText, TimeLimit
from jingwei.catalogue.queries import calendar_year, table_tag, year_tag
from jingwei.registry.actions import NewAddress, add_alias, enter_address, issue_plates, keep_scan, link_looks
from jingwei.registry.models import Address, Field, Resident
from jingwei.site.api import api
from jingwei.site.live import Feed, feed
from tests.api.conftest import Caller, logged_in
from tests.ground import build_ground, resident
from tests.kit.test_files import jpeg
from tests.registry.houses import on_the_map, registered, rooms_of
from tests.registry.importing import begin, run
from tests.world import FAR, IN_A1, PASSWORD, START, A, World, square

EVERYBODY = frozenset(ROLES)
OFFICE = frozenset({"system_admin", "security_admin", "audit_admin"})
BUSINESS = EVERYBODY - OFFICE
OPENERS = frozenset({"worker", "grid_lead", "station_clerk", "street_operator", "acceptor", "shift_leader", "hotline_operator"})
REMINDERS = frozenset({"supervisor", "dispatcher", "acceptor", "shift_leader", "hotline_operator"})
PEOPLE_READERS, KEEPERS = frozenset(READS_PEOPLE), frozenset(KEEPS_REGISTER)
CALLERS_BACK = frozenset({"hotline_operator", "acceptor", "shift_leader"})
LOCATORS = frozenset({"acceptor", "dispatcher", "shift_leader", "station_clerk", "street_operator"})
TIERS = BUSINESS - {"analyst"}
POSTERS = frozenset({"system_admin", "station_clerk", "street_operator"})
SYSTEM_ADMIN, SECURITY_ADMIN = frozenset({"system_admin"}), frozenset({"security_admin"})
AMONG_PEOPLE = frozenset(READS_PEOPLE)
LEADERS = OFFICE | {"shift_leader", "supervisor", "station_clerk", "street_operator", "grid_lead"}
KEEPERS = frozenset({"station_clerk", "street_operator", "registrar"})  # of the register
SUPERVISORS = frozenset({"supervisor", "shift_leader", "department_lead"})
SAME = 0  # outside as inside: the answer holds only what one may see, or there is nothing to protect


class Door(NamedTuple):
    """Who gets in, and what the others hear. `inside`: whoever has no right over the area; `outside`: every role elsewhere;
    `nothing`: somebody without any role; `nobody`: a stranger. `shows`: the answer to those allowed names the case."""

    allowed: frozenset[str]
    outside: int = SAME
    nothing: int = 200
    inside: tuple[int, ...] = (403,)
    nobody: int = 401
    shows: bool = False


# The catalogue is one for the whole city: its administrator edits it, wherever the grant lies.
CATALOGUE_EDIT = Door(frozenset({"system_admin"}), nothing=403)

A_RESIDENT = Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,))

DOORS: dict[str, Door] = {
    # what happens, as a stream
    "GET /live": Door(EVERYBODY),
    # who is asking
    "GET /session": Door(EVERYBODY, nobody=200),
    "POST /session": Door(EVERYBODY, nobody=200),
    "DELETE /session": Door(EVERYBODY, nothing=204, nobody=204),
    # the record
    "GET /events": Door(frozenset({"audit_admin"}), nothing=403),
    "POST /events/export": Door(frozenset({"audit_admin"}), nothing=403),
    # people
    "POST /session/password": Door(frozenset(), outside=422, nothing=401, inside=(422,)),
    "GET /units": Door(EVERYBODY),
    "POST /units": Door(SYSTEM_ADMIN, outside=403, nothing=403),
    "GET /units/{unit_id}": Door(EVERYBODY),
    "PUT /units/{unit_id}": Door(SYSTEM_ADMIN, outside=403, nothing=403),
    "GET /units/{unit_id}/holdings": Door(SYSTEM_ADMIN, nothing=403),
    "POST /units/{unit_id}/close": Door(SYSTEM_ADMIN, outside=403, nothing=403),
    "GET /configuration": Door(SYSTEM_ADMIN, nothing=403),
    "POST /configuration": Door(SYSTEM_ADMIN, nothing=403),
    "GET /people": Door(EVERYBODY),
    "POST /people": Door(SYSTEM_ADMIN, outside=403, nothing=403),
    "POST /people/table": Door(SYSTEM_ADMIN, nothing=403),
    "GET /people/locked": Door(SECURITY_ADMIN, nothing=403),
    "GET /people/{person_id}": Door(LEADERS, outside=404, nothing=404, inside=(404,)),
    "PATCH /people/{person_id}": Door(SYSTEM_ADMIN, outside=404, nothing=404, inside=(403, 404)),
    "PUT /people/{person_id}/work-phone": Door(SYSTEM_ADMIN, outside=404, nothing=404, inside=(403, 404)),
    "PUT /people/{person_id}/active": Door(SYSTEM_ADMIN | SECURITY_ADMIN, outside=404, nothing=404, inside=(403, 404)),
    "POST /people/{person_id}/password": Door(SYSTEM_ADMIN, outside=404, nothing=404, inside=(403, 404)),
    "DELETE /people/{person_id}/lock": Door(SECURITY_ADMIN, outside=404, nothing=404, inside=(403, 404)),
    "GET /roles": Door(EVERYBODY),
    "POST /grants/table": Door(SECURITY_ADMIN, nothing=403),
    "POST /people/{person_id}/grants": Door(frozenset({"security_admin"}), outside=403, nothing=403),
    "DELETE /grants/{grant_id}": Door(frozenset({"security_admin"}), outside=404, nothing=404, inside=(403, 404)),
    "POST /people/{person_id}/tokens": Door(frozenset({"system_admin"}), outside=403, nothing=403),
    "DELETE /tokens/{token_id}": Door(frozenset({"system_admin", "security_admin"}), outside=404, nothing=404, inside=(403, 404)),
    # places
    "GET /areas/at": Door(EVERYBODY),
    "GET /areas/names": Door(EVERYBODY),
    "GET /divisions": Door(EVERYBODY),
    "GET /divisions/{code}": Door(EVERYBODY, nothing=404),
    "GET /grids": Door(EVERYBODY),
    "GET /grids/{code}": Door(BUSINESS | SYSTEM_ADMIN | SECURITY_ADMIN, outside=404, nothing=404, inside=(404,)),
    "POST /grids/plans": Door(frozenset({"system_admin"}), outside=403, nothing=403),
    "GET /postings": Door(EVERYBODY),
    "POST /postings": Door(POSTERS, outside=403, nothing=403),
    "DELETE /postings/{posting_id}": Door(POSTERS, outside=404, nothing=404, inside=(403, 404)),
    "GET /posts": Door(EVERYBODY),
    "GET /tiles/grids/{z}/{x}/{y}.mvt": Door(EVERYBODY),
    "GET /tiles/base/{z}/{x}/{y}.mvt": Door(EVERYBODY, nothing=204),
    "GET /addresses": Door(EVERYBODY),
    "GET /addresses/tree": Door(EVERYBODY),
    "POST /addresses/match": Door(EVERYBODY),
    "GET /addresses/{address_id}": Door(EVERYBODY, nothing=404),
    "POST /addresses": Door(KEEPERS, outside=403, nothing=403),
    "PUT /addresses/{address_id}/name": Door(KEEPERS, outside=403, nothing=404),
    "PUT /addresses/{address_id}/parent": Door(KEEPERS, outside=403, nothing=404),
    "PUT /addresses/{address_id}/status": Door(KEEPERS, outside=403, nothing=404),
    "POST /addresses/{address_id}/end": Door(KEEPERS, outside=403, nothing=404),
    "POST /addresses/{address_id}/aliases": Door(KEEPERS, outside=403, nothing=404),
    "DELETE /addresses/{address_id}/aliases/{alias_id}": Door(KEEPERS, outside=403, nothing=404),
    # buildings and rooms
    "GET /buildings": Door(EVERYBODY),
    "POST /buildings": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /buildings/codes": Door(KEEPERS, outside=403, nothing=403),
    "GET /buildings/{building_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "PATCH /buildings/{building_id}": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /buildings/{building_id}/end": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "GET /buildings/{building_id}/matrix": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /buildings/{building_id}/premises": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "POST /buildings/{building_id}/rooms": Door(AMONG_PEOPLE, outside=404, nothing=404, inside=(403, 404)),
    "GET /buildings/{building_id}/plates": Door(EVERYBODY),
    "POST /buildings/{building_id}/plates": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /plates/{plate_id}/void": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /plates/sheet.pdf": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "GET /rooms": Door(EVERYBODY),
    "GET /rooms/{room_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "PATCH /rooms/{room_id}": Door(AMONG_PEOPLE, outside=404, nothing=404, inside=(403, 404)),
    "POST /rooms/{room_id}/end": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /rooms/{room_id}/split": Door(AMONG_PEOPLE, outside=404, nothing=404, inside=(403, 404)),
    "POST /rooms/merge": Door(AMONG_PEOPLE, outside=404, nothing=404, inside=(403, 404)),
    "GET /coding-rules": Door(EVERYBODY),
    "POST /coding-rules": Door(SYSTEM_ADMIN, nothing=403),
    "POST /coding-rules/example": Door(EVERYBODY),
    # imports
    "POST /exports": Door(BUSINESS, outside=403, nothing=403),
    "GET /import-kinds": Door(EVERYBODY),
    "GET /imports": Door(EVERYBODY),
    "POST /imports": Door(KEEPERS, outside=403, nothing=403),
    "GET /imports/{import_id}": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "GET /imports/{import_id}/columns": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "PUT /imports/{import_id}/columns": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "POST /imports/{import_id}/check": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "POST /imports/{import_id}/run": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "POST /imports/{import_id}/undo": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "DELETE /imports/{import_id}": Door(KEEPERS, outside=404, nothing=404, inside=(404,)),
    "GET /imports/{import_id}/rejects.csv": Door(frozenset({"registrar"}), outside=404, nothing=404, inside=(403, 404)),
    "GET /imports/{import_id}/kept.csv": Door(frozenset({"registrar"}), outside=404, nothing=404, inside=(403, 404)),
    # the catalogue
    "GET /catalogue": Door(EVERYBODY),
    "GET /matters": Door(EVERYBODY),
    "GET /matters/{code}/conditions": Door(EVERYBODY),
    "GET /matters/{code}": Door(EVERYBODY),
    "POST /matters": CATALOGUE_EDIT,
    "PUT /matters/{code}": CATALOGUE_EDIT,
    "DELETE /matters/{code}": CATALOGUE_EDIT,
    "GET /modules": Door(EVERYBODY),
    "GET /filing-standards": Door(EVERYBODY),
    "POST /filing-standards": CATALOGUE_EDIT,
    "GET /filing-conditions": Door(EVERYBODY),
    "POST /filing-conditions": CATALOGUE_EDIT,
    "PUT /filing-conditions/{condition_id}": CATALOGUE_EDIT,
    "DELETE /filing-conditions/{condition_id}": CATALOGUE_EDIT,
    "GET /crosswalk": Door(EVERYBODY),
    "GET /processes": Door(EVERYBODY),
    "GET /processes/{code}": Door(EVERYBODY),
    "GET /processes/registry": Door(EVERYBODY),
    "GET /processes/versions": Door(EVERYBODY),
    "POST /processes/check": Door(EVERYBODY),
    "GET /processes/{code}/{version}": Door(EVERYBODY, nothing=404),
    "PUT /processes/{code}/{version}": CATALOGUE_EDIT,
    "POST /processes/{code}/{version}/publication": Door(frozenset({"system_admin"}), nothing=404),
    "DELETE /processes/{code}/{version}": Door(frozenset({"system_admin"}), nothing=404),
    "GET /editions": Door(EVERYBODY),
    "POST /editions": CATALOGUE_EDIT,
    "POST /catalogue/loads/{table}": CATALOGUE_EDIT,
    "GET /limits": Door(EVERYBODY),
    "GET /limits/due": Door(EVERYBODY),
    "POST /limits": CATALOGUE_EDIT,
    "PUT /limits/{limit_id}": CATALOGUE_EDIT,
    "DELETE /limits/{limit_id}": CATALOGUE_EDIT,
    "GET /calendars": Door(EVERYBODY),
    "PUT /calendars/{code}/{year}": CATALOGUE_EDIT,
    "PUT /calendars/{code}/days/{day}": CATALOGUE_EDIT,
    "GET /calendars/{code}/{year}": Door(EVERYBODY),
    "GET /dispatch-rules": Door(EVERYBODY),
    "POST /dispatch-rules/try": Door(EVERYBODY),
    "GET /dispatch-rules/table": Door(EVERYBODY),
    "PUT /dispatch-rules/table": CATALOGUE_EDIT,
    "GET /sources": Door(EVERYBODY),
    # the field dictionary and retention: one for the whole city, its administrators keep it wherever their grant lies
    "GET /fields": Door(EVERYBODY),
    "POST /fields": CATALOGUE_EDIT,
    "PUT /fields/{thing}/{name}": CATALOGUE_EDIT,
    "POST /fields/on": Door(SECURITY_ADMIN, nothing=403),
    "POST /fields/off": Door(SYSTEM_ADMIN | SECURITY_ADMIN, nothing=403),
    "POST /fields/{thing}/{name}/erase": Door(SECURITY_ADMIN, nothing=403),
    "GET /retention": Door(OFFICE, nothing=403),
    "POST /retention/due": Door(OFFICE, nothing=403),
    "POST /retention/runs": Door(SECURITY_ADMIN, nothing=403),
    "GET /statistics/areas": Door(frozenset(r for r in BUSINESS if ROLES[r].reach in ("area", "grid")), outside=404, nothing=404, inside=(404,)),
    "GET /texts": Door(EVERYBODY),
    "GET /texts/placeholders": Door(EVERYBODY),
    "POST /texts": CATALOGUE_EDIT,
    "PUT /texts/{code}": CATALOGUE_EDIT,
    "DELETE /texts/{code}": CATALOGUE_EDIT,
    # cases
    "GET /cases": Door(EVERYBODY, shows=True),
    "GET /cases/counts": Door(EVERYBODY),
    "GET /cases/moves": Door(EVERYBODY),
    "GET /cases/proposals": Door(EVERYBODY),
    "POST /cases/moves/{move}": Door(EVERYBODY),
    "GET /views": Door(EVERYBODY),
    "GET /views/counts": Door(EVERYBODY),
    "POST /views": Door(EVERYBODY),
    "PUT /views/{view_id}": Door(frozenset({"acceptor"}), outside=404, nothing=404, inside=(404,)),
    "DELETE /views/{view_id}": Door(frozenset({"acceptor"}), outside=404, nothing=404, inside=(404,)),
    "POST /cases/nearby": Door(EVERYBODY, shows=True),
    "POST /cases/dispatch-trial": Door(EVERYBODY),
    "POST /cases": Door(OPENERS, outside=403, nothing=403),
    "GET /cases/{case_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,), shows=True),
    "POST /cases/{case_id}/moves/{move}": Door(REMINDERS, outside=404, nothing=404, inside=(403, 404), shows=True),
    "GET /supervision/units": Door(SUPERVISORS, nothing=403),
    "GET /supervision/cases": Door(SUPERVISORS, nothing=403),
    "GET /wall": Door(SUPERVISORS - {"department_lead"}, nothing=403),
    "POST /cases/{case_id}/position": Door(LOCATORS, outside=404, nothing=404, inside=(403, 404), shows=True),
    "POST /cases/{case_id}/reporters": Door(CALLERS_BACK, outside=404, nothing=404, inside=(403, 404)),
    "POST /advice": Door(BUSINESS, nothing=403),
    "GET /cases/{case_id}/similar": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /cases/{case_id}/file.pdf": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    # components, organisations, pledges
    "GET /component-classes": Door(EVERYBODY),
    "GET /component-facts": Door(EVERYBODY),
    "GET /components": Door(EVERYBODY),
    "GET /components/counts": Door(EVERYBODY),
    "POST /components": Door(KEEPERS, outside=403, nothing=403),
    "GET /components/{component_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "PUT /components/{component_id}": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /components/{component_id}/position": Door(KEEPERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /components/{component_id}/states": Door(OPENERS | {"registrar"}, outside=404, nothing=404, inside=(403, 404)),
    "GET /tiles/components/{z}/{x}/{y}.mvt": Door(EVERYBODY),
    "GET /organisations": Door(EVERYBODY),
    "POST /organisations": Door(PEOPLE_READERS, outside=403, nothing=403),
    "GET /organisations/{organisation_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "PUT /organisations/{organisation_id}": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /organisations/{organisation_id}/close": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /organisations/{organisation_id}/premises": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /organisations/{organisation_id}/contact": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(403, 404)),
    "POST /premises/{premises_id}/close": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(403, 404)),
    "GET /tiles/premises/{z}/{x}/{y}.mvt": Door(EVERYBODY),
    "GET /pledges": Door(EVERYBODY),
    "POST /pledges": Door(PEOPLE_READERS, outside=422, nothing=422, inside=(403, 422)),
    "GET /pledges/{pledge_id}": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,)),
    "POST /pledges/{pledge_id}/renewal": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,)),
    "POST /pledges/{pledge_id}/end": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,)),
    "POST /pledges/{pledge_id}/scan": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,)),
    "GET /pledges/{pledge_id}/scan": Door(PEOPLE_READERS, outside=404, nothing=404, inside=(404,)),
    "POST /cases/{case_id}/ties": Door(TIERS, outside=404, nothing=404, inside=(403, 404)),
    "DELETE /cases/{case_id}/ties/{tie_id}": Door(TIERS, outside=404, nothing=404, inside=(403, 404)),
    "GET /cases/{case_id}/dispatch": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /cases/{case_id}/texts": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /association/{kind}/{id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "POST /search": Door(EVERYBODY),
    "POST /panorama": Door(EVERYBODY),
    "POST /panorama/people": Door(PEOPLE_READERS, nothing=403),
    "POST /panorama/call-out": Door(EVERYBODY),
    "POST /files": Door(EVERYBODY, nothing=403),
    "GET /files/{file_id}": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /files/{file_id}/thumb": Door(BUSINESS, outside=404, nothing=404, inside=(404,)),
    "GET /tiles/cases/{z}/{x}/{y}.mvt": Door(EVERYBODY),
    # residents: lists and finding hold what one may see; a page, a room's people, a write are for those who read people there
    "GET /residents/words": Door(EVERYBODY),
    "GET /residents": Door(EVERYBODY),
    "POST /residents/search": Door(EVERYBODY),
    "POST /residents/homes/search": Door(EVERYBODY),
    "GET /residents/{resident_id}": A_RESIDENT,
    "PATCH /residents/{resident_id}": A_RESIDENT,
    "POST /residents/{resident_id}/end": A_RESIDENT,
    "POST /residents/{resident_id}/unmask": A_RESIDENT,
    "GET /residents/{resident_id}/looks": A_RESIDENT._replace(allowed=PEOPLE_READERS | {"audit_admin"}),
    "GET /residents/{resident_id}/looks.pdf": A_RESIDENT,
    "POST /residents/{resident_id}/looks/link": A_RESIDENT._replace(allowed=KEEPERS, inside=(403, 404)),
    "POST /looks": Door(EVERYBODY, nobody=200),
    "POST /residents/{resident_id}/merge": A_RESIDENT._replace(allowed=KEEPERS, inside=(403, 404)),
    "GET /residents/likely": Door(KEEPERS, outside=403, nothing=403),
    "POST /residents/{resident_id}/apart": A_RESIDENT._replace(allowed=KEEPERS, inside=(403, 404)),
    "POST /residents/{resident_id}/unmerge": A_RESIDENT._replace(allowed=KEEPERS, inside=(403, 404)),
    "GET /rooms/found": Door(EVERYBODY),
    "GET /rooms/{room_id}/people": A_RESIDENT._replace(inside=(403, 404)),
    "POST /rooms/{room_id}/people": A_RESIDENT._replace(inside=(403, 404)),
    "POST /rooms/{room_id}/people/out": A_RESIDENT,
    "POST /residents/moves": Door(PEOPLE_READERS, outside=422, nothing=422, inside=(403, 422)),
    "PATCH /residencies/{residency_id}": A_RESIDENT,
    "GET /households/{household_id}": A_RESIDENT,
    "PATCH /households/{household_id}": A_RESIDENT,
    "POST /households/{household_id}/split": A_RESIDENT,
}


@dataclass
class Scene:
    """What the requests are about."""

    case: Case
    file: File
    person: int
    clerk: int
    unit: int
    machine: int
    grant: int
    token: int
    posting: int
    bare_token: str
    view: int
    bare: int
    building: int
    rooms: list[UUID]
    plate: UUID
    ground: SimpleNamespace
    twin: Resident
    away: Resident
    ticket: str
    tie: UUID
    sent: UUID
    done: UUID
    sessions: dict[str, str]


def _tag(code: str) -> str:
    return mark(StandardText.objects.get(code=code))


UNIT = {"name": "新单位", "kind": "contractor", "area": A}


def _address(name: str = "试路") -> Address:
    return Address.objects.get(name=name)


def _limit() -> TimeLimit:
    return TimeLimit.objects.get(process="standard", state="filed", matter="", urgent=False)


LIFT = {"edition": "本市事项", "name": "电梯故障", "module": "public_safety"}
STUCK = {"text": "有人被困", "limit_value": 2, "limit_unit": "urgent_hour"}


def _class() -> Matter:
    return Matter.objects.get(edition__code="本市事项", code="06901")


def _condition() -> FilingCondition:
    return FilingCondition.objects.get(matter__code="06901")


def _concept() -> str:
    return mark(Process.objects.get(code="concept"))


MOVE = {"action": "void", "from": ["a"], "to": "z", "roles": ["acceptor"], "clock": "stop", "key": "z"}
STATES = [{"code": "a", "name": ["甲", "A"], "kind": "open", "start": True}, {"code": "z", "name": ["终", "Z"], "kind": "final"}]
DRAFT = {"code": "new", "version": 1, "name": ["新", "New"], "state": STATES, "move": [MOVE]}
POINT = {"crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}
REPORT = {"matter": "06001", "source": "hotline", "text": "路边堆放杂物", "position": POINT}
AROUND = {"lon": IN_A1[0], "lat": IN_A1[1], "metres": 200}
PLAN = {"community": A, "valid_from": "2027-01-01", "grids": [{"code": A + "009", "name": "网格", "geometry": square(121.48, 31.23, 121.49, 31.24)}]}
# What a valid request needs besides its operation: the path's values, the query, the body.
REQUESTS: dict[str, Callable[[Scene], tuple[dict[str, Any], Any]]] = {
    "POST /session": lambda s: ({}, {"username": "acceptor", "password": PASSWORD}),
    "POST /events/export": lambda s: ({}, {"type": "person"}),
    "POST /session/password": lambda s: ({}, {"old": PASSWORD, "new": "another-one-9"}),
    "POST /units": lambda s: ({}, UNIT | {"code": "new"}),
    "GET /units/{unit_id}": lambda s: ({"unit_id": s.unit}, None),
    "PUT /units/{unit_id}": lambda s: ({"unit_id": s.unit}, UNIT | {"seen_version": 1}),
    "GET /units/{unit_id}/holdings": lambda s: ({"unit_id": s.unit}, None),
    "POST /units/{unit_id}/close": lambda s: ({"unit_id": s.unit}, {"seen_version": 1}),
    "POST /people/table": lambda s: ({}, {"table": f"账号,姓名,区域\nnew.one,新人,{A}"}),
    "POST /grants/table": lambda s: ({}, {"table": f"账号,角色,区域\nanalyst,分析员,{A}"}),
    "GET /people/{person_id}": lambda s: ({"person_id": s.clerk}, None),
    "PATCH /people/{person_id}": lambda s: ({"person_id": s.clerk}, {"name": "新名"}),
    "PUT /people/{person_id}/work-phone": lambda s: ({"person_id": s.clerk}, {"work_phone": "010-1234 5678"}),
    "PUT /people/{person_id}/active": lambda s: ({"person_id": s.clerk}, {"active": False}),
    "POST /people/{person_id}/password": lambda s: ({"person_id": s.clerk}, None),
    "DELETE /people/{person_id}/lock": lambda s: ({"person_id": s.clerk}, None),
    "POST /people": lambda s: ({}, {"username": "somebody.new", "name": "新人甲", "area": A}),
    "POST /people/{person_id}/grants": lambda s: ({"person_id": s.person}, {"role": "analyst", "area": A}),
    "DELETE /grants/{grant_id}": lambda s: ({"grant_id": s.grant}, None),
    "POST /people/{person_id}/tokens": lambda s: ({"person_id": s.machine}, {"name": "机器"}),
    "DELETE /tokens/{token_id}": lambda s: ({"token_id": s.token}, None),
    "GET /areas/names": lambda s: ({"?": f"codes=31,{A}"}, None),
    "GET /areas/at": lambda s: ({"?": "lon=121.482&lat=31.235"}, None),
    "GET /divisions/{code}": lambda s: ({"code": A}, None),
    "GET /grids": lambda s: ({"?": f"place={A}"}, None),
    "GET /grids/{code}": lambda s: ({"code": A + "001"}, None),
    "POST /grids/plans": lambda s: ({}, PLAN),
    "POST /postings": lambda s: ({}, {"person": s.person, "grid": A + "001", "from_date": "2027-01-01", "sole": False}),
    "DELETE /postings/{posting_id}": lambda s: ({"posting_id": s.posting}, None),
    "GET /posts": lambda s: ({"?": "lon=121.482&lat=31.235"}, None),
    "GET /tiles/grids/{z}/{x}/{y}.mvt": lambda s: ({"z": 14, "x": 13720, "y": 6694}, None),
    "GET /tiles/base/{z}/{x}/{y}.mvt": lambda s: ({"z": 14, "x": 13720, "y": 6694}, None),
    "GET /tiles/cases/{z}/{x}/{y}.mvt": lambda s: ({"z": 14, "x": 13720, "y": 6694}, None),
    "GET /addresses": lambda s: ({"?": "q=x"}, None),
    "POST /addresses/match": lambda s: ({}, {"text": "试路1号"}),
    "POST /addresses": lambda s: ({}, {"kind": "road", "name": "新路", "place": A}),
    "GET /addresses/{address_id}": lambda s: ({"address_id": _address().pk}, None),
    "PUT /addresses/{address_id}/name": lambda s: ({"address_id": _address().pk}, {"name": "另一路", "seen_version": 1}),
    "PUT /addresses/{address_id}/parent": lambda s: ({"address_id": _address("1号").pk}, {"parent": _address("又一路").pk, "seen_version": 1}),
    "PUT /addresses/{address_id}/status": lambda s: ({"address_id": _address().pk}, {"status": "IN", "seen_version": 1}),
    "POST /addresses/{address_id}/end": lambda s: ({"address_id": _address("1号").pk}, {"reason": "拆除", "seen_version": 1}),
    "POST /addresses/{address_id}/aliases": lambda s: ({"address_id": _address().pk}, {"name": "老路"}),
    "DELETE /addresses/{address_id}/aliases/{alias_id}": lambda s: ({"address_id": _address().pk, "alias_id": _address().aliases.get().pk}, None),
    "POST /buildings": lambda s: ({}, {"building": s.bare, "seen_version": 1}),
    "POST /buildings/codes": lambda s: ({}, {"place": A}),
    "GET /buildings/{building_id}": lambda s: ({"building_id": s.building}, None),
    "PATCH /buildings/{building_id}": lambda s: ({"building_id": s.building}, {"seen_version": 2, "units": 2}),
    "POST /buildings/{building_id}/end": lambda s: ({"building_id": s.building}, {"seen_version": 2, "on": "2026-11-20", "reason": "拆除"}),
    "GET /buildings/{building_id}/matrix": lambda s: ({"building_id": s.building}, None),
    "GET /buildings/{building_id}/premises": lambda s: ({"building_id": s.building}, None),
    "POST /buildings/{building_id}/rooms": lambda s: ({"building_id": s.building}, {"pattern": {"last_floor": 3, "rooms": 2}}),
    "GET /buildings/{building_id}/plates": lambda s: ({"building_id": s.building}, None),
    "POST /buildings/{building_id}/plates": lambda s: ({"building_id": s.building}, {}),
    "POST /plates/{plate_id}/void": lambda s: ({"plate_id": s.plate}, {"reason": "损坏"}),
    "POST /plates/sheet.pdf": lambda s: ({}, {"plates": [str(s.plate)]}),
    "GET /rooms": lambda s: ({"?": f"building={s.building}"}, None),
    "GET /rooms/{room_id}": lambda s: ({"room_id": s.rooms[0]}, None),
    "PATCH /rooms/{room_id}": lambda s: ({"room_id": s.rooms[0]}, {"seen_version": 1, "use": "shop"}),
    "POST /rooms/{room_id}/end": lambda s: ({"room_id": s.rooms[0]}, {"seen_version": 1, "on": "2026-11-20", "reason": "拆除"}),
    "POST /rooms/{room_id}/split": lambda s: ({"room_id": s.rooms[0]}, {"seen_version": 1, "numbers": ["101-1", "101-2"], "on": "2026-11-20"}),
    "POST /rooms/merge": lambda s: (
        {},
        {"rooms": [{"id": str(room), "seen_version": 1} for room in s.rooms], "number": "101", "on": "2026-11-20"},
    ),
    "POST /coding-rules/example": lambda s: ({}, {"kind": "building", "parts": [{"part": "place", "digits": 12}, {"part": "sequence", "digits": 5}]}),
    "POST /coding-rules": lambda s: (
        {},
        {"kind": "building", "name": "x", "parts": [{"part": "place", "digits": 12}, {"part": "sequence", "digits": 5}], "valid_from": "2099-01-01"},
    ),
    "GET /matters/{code}/conditions": lambda s: ({"code": "06010"}, None),
    "GET /matters/{code}": lambda s: ({"code": "06901", "?": "edition=本市事项"}, None),
    "POST /matters": lambda s: ({}, LIFT | {"major": "06"}),
    "PUT /matters/{code}": lambda s: ({"code": "06901"}, LIFT | {"seen": mark(_class())}),
    "DELETE /matters/{code}": lambda s: ({"code": "06901", "?": f"edition=本市事项&seen={mark(_class())}"}, None),
    "POST /editions": lambda s: ({}, {"code": "新的", "name": "新的", "source": "公文"}),
    "POST /filing-standards": lambda s: ({}, {"code": "new", "name": "新的", "source": "公文"}),
    "GET /filing-conditions": lambda s: ({"?": "code=06901"}, None),
    "POST /filing-conditions": lambda s: ({}, STUCK | {"standard": "demo_city", "edition": "本市事项", "code": "06901"}),
    "PUT /filing-conditions/{condition_id}": lambda s: ({"condition_id": _condition().pk}, STUCK | {"seen": mark(_condition())}),
    "DELETE /filing-conditions/{condition_id}": lambda s: ({"condition_id": _condition().pk, "?": f"seen={mark(_condition())}"}, None),
    "GET /crosswalk": lambda s: ({"?": "edition=GB/T 30428.2-2013"}, None),
    "GET /processes/{code}": lambda s: ({"code": "standard"}, None),
    "POST /processes/check": lambda s: ({}, DRAFT),
    "GET /processes/{code}/{version}": lambda s: ({"code": "standard", "version": 2}, None),
    "PUT /processes/{code}/{version}": lambda s: ({"code": "new", "version": 1}, {"document": DRAFT}),
    "POST /processes/{code}/{version}/publication": lambda s: (
        {"code": "concept", "version": 1},
        {"seen": _concept(), "valid_from": "2099-01-01"},
    ),
    "DELETE /processes/{code}/{version}": lambda s: ({"code": "concept", "version": 1, "?": f"seen={_concept()}"}, None),
    "POST /catalogue/loads/{table}": lambda s: ({"table": "texts"}, {"text": "# valid_from: 2027-01-01\ncode,title,text\nx,x,x\n"}),
    "GET /limits/due": lambda s: ({"?": "value=1&unit=urgent_hour&start=2026-11-20T09:30:00Z"}, None),
    "POST /limits": lambda s: ({}, {"process": "standard", "state": "filed", "matter": "06", "value": 2, "unit": "work_hour"}),
    "PUT /limits/{limit_id}": lambda s: ({"limit_id": _limit().pk}, {"value": 2, "unit": "work_hour", "seen": mark(_limit())}),
    "DELETE /limits/{limit_id}": lambda s: ({"limit_id": _limit().pk, "?": f"seen={mark(_limit())}"}, None),
    "PUT /calendars/{code}/{year}": lambda s: ({"code": "default", "year": 2027}, {"text": "2027-01-01,2027-01-03,放假,元旦", "source": "通知"}),
    "PUT /calendars/{code}/days/{day}": lambda s: (
        {"code": "default", "day": "2026-12-25"},
        {"kind": "holiday", "name": "试", "seen": year_tag(calendar_year("default", 2026)[1])},
    ),
    "GET /calendars/{code}/{year}": lambda s: ({"code": "default", "year": 2026}, None),
    "POST /dispatch-rules/try": lambda s: ({}, {"place": A}),
    "PUT /dispatch-rules/table": lambda s: ({}, {"seen": table_tag([]), "rules": []}),
    "POST /cases/dispatch-trial": lambda s: ({}, {"rules": [{"unit_id": s.case.unit_id}]}),
    "GET /statistics/areas": lambda s: ({"?": f"place={A}001"}, None),
    "POST /fields": lambda s: ({}, {"thing": "resident", "name": "dogs", "title": "宠物犬", "type": "number", "personal": True}),
    "PUT /fields/{thing}/{name}": lambda s: ({"thing": "room", "name": "use"}, _field("room", "use")),
    "POST /fields/on": lambda s: ({}, {"fields": [{"thing": "resident", "name": "home_place"}]}),
    "POST /fields/off": lambda s: ({}, {"fields": [{"thing": "resident", "name": "phone"}]}),
    "POST /fields/{thing}/{name}/erase": lambda s: ({"thing": "resident", "name": "home_place"}, {"reason": "不再需要"}),
    "POST /retention/due": lambda s: ({}, {}),
    "POST /retention/runs": lambda s: ({}, {}),
    "POST /texts": lambda s: ({}, {"title": "试", "text": "{number}"}),
    "PUT /texts/{code}": lambda s: ({"code": "close-1"}, {"title": "试", "text": "{number}", "seen": _tag("close-1")}),
    "DELETE /texts/{code}": lambda s: ({"code": "close-1", "?": f"seen={_tag('close-1')}"}, None),
    "GET /cases": lambda s: ({"?": "view=all"}, None),
    "GET /cases/moves": lambda s: ({"?": f"id={s.case.id}"}, None),
    "GET /cases/proposals": lambda s: ({"?": f"id={s.case.id}"}, None),
    "POST /cases/moves/{move}": lambda s: ({"move": "remind"}, {"cases": [{"id": str(s.case.id), "seen_version": s.case.version}]}),
    "POST /views": lambda s: ({}, {"name": "我的", "filter": {"view": "all"}}),
    "PUT /views/{view_id}": lambda s: ({"view_id": s.view}, {"name": "我的", "filter": {}, "seen_version": 1}),
    "DELETE /views/{view_id}": lambda s: ({"view_id": s.view}, None),
    "POST /cases/nearby": lambda s: ({}, {"lon": 121.482, "lat": 31.235}),
    "POST /cases": lambda s: ({}, REPORT),
    "GET /cases/{case_id}": lambda s: ({"case_id": s.case.id}, None),
    "POST /cases/{case_id}/moves/{move}": lambda s: ({"case_id": s.case.id, "move": "remind"}, {"seen_version": s.case.version}),
    "POST /cases/{case_id}/position": lambda s: ({"case_id": s.case.id}, {"seen_version": s.case.version, "position": POINT}),
    "POST /cases/{case_id}/reporters": lambda s: ({"case_id": s.case.id}, {"reason": "回访"}),
    "GET /association/{kind}/{id}": lambda s: ({"kind": "component", "id": s.ground.lamp.id}, None),
    "POST /search": lambda s: ({}, {"q": "面馆"}),
    "POST /panorama": lambda s: ({}, {"circle": AROUND}),
    "POST /panorama/people": lambda s: ({}, {"circle": AROUND}),
    "POST /panorama/call-out": lambda s: ({}, {"circle": AROUND, "reason": "燃气泄漏疏散", "form": "csv"}),
    "POST /advice": lambda s: ({}, {"text": "路灯不亮"}),
    "GET /cases/{case_id}/similar": lambda s: ({"case_id": s.case.id}, None),
    "GET /cases/{case_id}/file.pdf": lambda s: ({"case_id": s.case.id}, None),
    "POST /components": lambda s: ({}, {"klass": "01037", "position": POINT}),
    "GET /components/{component_id}": lambda s: ({"component_id": s.ground.lamp.id}, None),
    "PUT /components/{component_id}": lambda s: ({"component_id": s.ground.lamp.id}, {"name": "灯", "seen_version": 1}),
    "POST /components/{component_id}/position": lambda s: ({"component_id": s.ground.lamp.id}, {"position": POINT, "seen_version": 1}),
    "POST /components/{component_id}/states": lambda s: ({"component_id": s.ground.lamp.id}, {"state": "damaged"}),
    "GET /tiles/components/{z}/{x}/{y}.mvt": lambda s: ({"z": 14, "x": 13720, "y": 6694}, None),
    "POST /organisations": lambda s: ({}, {"name": "新店", "premises": {"from_date": "2026-01-01", "building_id": s.ground.house.pk}}),
    "GET /organisations/{organisation_id}": lambda s: ({"organisation_id": s.ground.shop.id}, None),
    "PUT /organisations/{organisation_id}": lambda s: ({"organisation_id": s.ground.shop.id}, {"name": "面馆", "seen_version": 1}),
    "POST /organisations/{organisation_id}/close": lambda s: ({"organisation_id": s.ground.shop.id}, {"on": "2026-01-01", "seen_version": 1}),
    "POST /organisations/{organisation_id}/premises": lambda s: (
        {"organisation_id": s.ground.shop.id},
        {"from_date": "2026-01-01", "address": "对面", "position": POINT},
    ),
    "POST /organisations/{organisation_id}/contact": lambda s: ({"organisation_id": s.ground.shop.id}, {"reason": "通知检查"}),
    "POST /premises/{premises_id}/close": lambda s: ({"premises_id": s.ground.premises.id}, {"until": "2026-01-01", "seen_version": 1}),
    "GET /tiles/premises/{z}/{x}/{y}.mvt": lambda s: ({"z": 14, "x": 13720, "y": 6694}, None),
    "POST /pledges": lambda s: ({}, PLEDGE | {"resident_id": str(s.ground.father.id)}),
    "GET /pledges/{pledge_id}": lambda s: ({"pledge_id": s.ground.pledge.id}, None),
    "POST /pledges/{pledge_id}/renewal": lambda s: (
        {"pledge_id": s.ground.pledge.id},
        {"signed_date": "2026-01-01", "first_date": "2027-01-01", "last_date": "2027-12-31", "seen_version": 1},
    ),
    "POST /pledges/{pledge_id}/end": lambda s: ({"pledge_id": s.ground.pledge.id}, {"on": "2026-01-01", "reason": "搬走", "seen_version": 1}),
    "POST /pledges/{pledge_id}/scan": lambda s: ({"pledge_id": s.ground.pledge.id}, None),
    "GET /pledges/{pledge_id}/scan": lambda s: ({"pledge_id": scanned(s)}, None),
    "POST /cases/{case_id}/ties": lambda s: ({"case_id": s.case.id}, {"thing": "building", "id": str(s.ground.house.pk)}),
    "DELETE /cases/{case_id}/ties/{tie_id}": lambda s: ({"case_id": s.case.id, "tie_id": s.tie}, None),
    "GET /cases/{case_id}/dispatch": lambda s: ({"case_id": s.case.id}, None),
    "GET /cases/{case_id}/texts": lambda s: ({"case_id": s.case.id, "?": "move=remind"}, None),
    "GET /files/{file_id}": lambda s: ({"file_id": s.file.id}, None),
    "GET /files/{file_id}/thumb": lambda s: ({"file_id": s.file.id}, None),
}


PLEDGE = {"kind": "fire", "title": "消防安全责任书", "signed_date": "2026-01-01", "first_date": "2026-01-01", "last_date": "2026-12-31"}


def scanned(s: Scene) -> UUID:
    """The pledge that the family's father signed, with its scan."""
    keep_scan(actor=SYSTEM, at=now(), pledge_id=s.ground.pledge.id, name="x.jpg", stream=io.BytesIO(jpeg()))
    return s.ground.pledge.id  # type: ignore[no-any-return]


REQUESTS |= {
    "POST /residents/search": lambda s: ({}, {"text": "欧阳"}),
    "POST /residents/homes/search": lambda s: ({}, {"text": "杭州西湖"}),
    "GET /residents/{resident_id}": lambda s: ({"resident_id": s.ground.father.id}, None),
    "PATCH /residents/{resident_id}": lambda s: ({"resident_id": s.ground.father.id}, {"seen_version": 1, "born": "1980-01"}),
    "POST /residents/{resident_id}/end": lambda s: ({"resident_id": s.ground.father.id}, {"seen_version": 1, "reason": "left", "on": "2026-01-01"}),
    "POST /residents/{resident_id}/unmask": lambda s: (
        {"resident_id": s.ground.father.id},
        {"fields": ["phone"], "purpose": "service", "reason": "约定上门时间"},
    ),
    "GET /residents/{resident_id}/looks": lambda s: ({"resident_id": s.ground.father.id}, None),
    "GET /residents/{resident_id}/looks.pdf": lambda s: ({"resident_id": s.ground.father.id}, None),
    "POST /residents/{resident_id}/looks/link": lambda s: ({"resident_id": s.ground.father.id}, {"days": 7}),
    "POST /looks": lambda s: ({}, {"ticket": s.ticket}),
    "POST /residents/{resident_id}/merge": lambda s: (
        {"resident_id": s.ground.father.id},
        {"seen_version": 1, "other": str(s.twin.id), "other_version": 1},
    ),
    "GET /residents/likely": lambda s: ({"?": f"place={s.ground.father.place[:12]}"}, None),
    "POST /residents/{resident_id}/apart": lambda s: ({"resident_id": s.ground.father.id}, {"other": str(s.twin.id)}),
    "POST /residents/{resident_id}/unmerge": lambda s: ({"resident_id": s.away.id}, {"seen_version": 1}),
    "GET /rooms/found": lambda s: ({"?": "q=延安路18号101"}, None),
    "GET /rooms/{room_id}/people": lambda s: ({"room_id": s.ground.flat.id}, None),
    "POST /rooms/{room_id}/people": lambda s: (
        {"room_id": s.ground.empty.id},
        {"people": [{"name": "王试"}], "from_date": "2026-01-01"},
    ),
    "POST /rooms/{room_id}/people/out": lambda s: (
        {"room_id": s.ground.flat.id},
        {"residents": [{"id": str(s.ground.father.id), "seen_version": 1}], "on": "2026-01-01"},
    ),
    "POST /residents/moves": lambda s: (
        {},
        {
            "residents": [{"id": str(s.ground.father.id), "seen_version": 1}],
            "on": "2026-01-01",
            "from_room": str(s.ground.flat.id),
            "room_id": str(s.ground.empty.id),
        },
    ),
    "PATCH /residencies/{residency_id}": lambda s: ({"residency_id": s.ground.stays[0].id}, {"seen_version": 1, "from_date": "2020-06-01"}),
    "GET /households/{household_id}": lambda s: ({"household_id": s.ground.home.id}, None),
    "PATCH /households/{household_id}": lambda s: ({"household_id": s.ground.home.id}, {"seen_version": 1, "number": "9"}),
    "POST /households/{household_id}/split": lambda s: (
        {"household_id": s.ground.home.id},
        {"seen_version": 1, "residents": [str(s.ground.mother.id)], "head": str(s.ground.mother.id)},
    ),
}

SENT = {"type": "Feature", "properties": {"address": "试路1号"}, "geometry": {"type": "Point", "coordinates": IN_A1}}
REQUESTS |= {
    "POST /exports": lambda s: ({}, {"kind": "buildings", "area": A + "001"}),
    "POST /imports": lambda s: ({"?": f"kind=buildings&area={A}"}, SENT),
    "GET /imports/{import_id}": lambda s: ({"import_id": s.sent}, None),
    "GET /imports/{import_id}/columns": lambda s: ({"import_id": s.sent}, None),
    "PUT /imports/{import_id}/columns": lambda s: ({"import_id": s.sent}, {"crs": "EPSG:4490"}),
    "POST /imports/{import_id}/check": lambda s: ({"import_id": s.sent}, {}),
    "POST /imports/{import_id}/run": lambda s: ({"import_id": s.sent}, {}),
    "POST /imports/{import_id}/undo": lambda s: ({"import_id": s.done}, {}),
    "DELETE /imports/{import_id}": lambda s: ({"import_id": s.sent}, None),
    "GET /imports/{import_id}/rejects.csv": lambda s: ({"import_id": s.done}, None),
    "GET /imports/{import_id}/kept.csv": lambda s: ({"import_id": s.done}, None),
}

UPLOADS: dict[str, Callable[[], tuple[str, bytes, str]]] = {
    "POST /files": lambda: ("x.jpg", jpeg(), "image/jpeg"),
    "POST /pledges/{pledge_id}/scan": lambda: ("x.jpg", jpeg(), "image/jpeg"),
    "POST /configuration": lambda: ("x.zip", pack([], program="x", made_on=START, made_by="x"), "application/zip"),
}


@pytest.fixture(scope="module")
def cast(city: World, django_db_blocker: Any) -> Scene:
    """Every role once inside and once outside (`in.worker`, `out.worker`), and the things that the requests are about."""
    with django_db_blocker.unblock():
        for side, district, grid, unit, department in (
            ("in", "310101", A + "001", "centre", "chengguan"),
            ("out", "310109", FAR + "001", "far_centre", "far_chengguan"),
        ):
            for role, held in ROLES.items():
                area = grid if held.reach == "grid" else district
                of = department if held.reach == "unit" else unit
                city.people[f"{side}.{role}"] = person = register_person(
                    actor=SYSTEM, at=now(), username=f"{side}.{role}", name=f"{role}甲", password=None, area=area, check=False
                )
                grant_role(actor=SYSTEM, at=now(), person=person, role=role, area=area, unit=city.units[of], from_date=START)
        return _scene(city)


def _scene(city: World) -> Scene:
    reporter = city.actor("acceptor")
    file = keep_file(actor=reporter, at=now(), name="现场.jpg", stream=io.BytesIO(jpeg()))
    case = open_case(
        actor=reporter, at=now(), new=NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1], files=(file.id,))
    ).case
    assert case
    for move, form in (("accept", {}), ("file", {}), ("dispatch", {"unit": city.units["chengguan"].pk})):
        case = perform(actor=SYSTEM, case_id=case.id, move=move, form=form, seen_version=case.version, at=now()).case
        assert case
    draft_process(actor=SYSTEM, at=now(), document=DRAFT | {"code": "concept"})
    open_edition(actor=SYSTEM, at=now(), code="本市事项", name="本市自定事项", source="公文")
    lift = MatterDraft("电梯困人", "public_safety")
    add_matter(actor=SYSTEM, at=now(), edition="本市事项", kind="event", major="06", code="06901", draft=lift)
    stuck = ConditionDraft("有人被困", 1, "urgent_hour")
    add_condition(actor=SYSTEM, at=now(), standard="demo_city", edition="本市事项", kind="event", code="06901", draft=stuck)
    road = enter_address(actor=SYSTEM, at=now(), new=NewAddress("road", "试路", place=A))
    enter_address(actor=SYSTEM, at=now(), new=NewAddress("number", "1号", parent_id=road.pk))
    enter_address(actor=SYSTEM, at=now(), new=NewAddress("road", "又一路", place=A))
    add_alias(actor=SYSTEM, at=now(), address_id=road.pk, name="旧试路")
    machine = register_person(actor=SYSTEM, at=now(), username="machine", name="机器", password=None, area=A, is_machine=True)
    grant = grant_role(actor=SYSTEM, at=now(), person=machine, role="analyst", area=A, from_date=START)
    clerk = register_person(actor=SYSTEM, at=now(), username="clerk", name="办事员", password=None, area=A)
    grant_role(actor=SYSTEM, at=now(), person=clerk, role="station_clerk", area=A + "001", from_date=START)
    unit = open_unit(actor=SYSTEM, at=now(), code="small", name="小单位", kind="contractor", area=A)
    bare = register_person(actor=SYSTEM, at=now(), username="bare", name="新来的", password=None, area=A, is_machine=True)
    ground = build_ground()
    Field.objects.filter(thing="resident", name="home_place").update(is_on=False)  # there is something to switch on
    tie_case(actor=SYSTEM, case_id=case.id, thing="component", thing_id=str(ground.lamp.id), at=now())
    building = registered()
    rooms = [room.id for room in rooms_of(building, "101", "102")]
    plate = issue_plates(actor=SYSTEM, at=now(), building_id=building.pk)[0].id
    return Scene(
        bare=on_the_map(key="bare").pk, building=building.pk, rooms=rooms, plate=plate,
        case=case, file=File.objects.get(case_id=case.id), person=city.people["analyst"].pk, clerk=clerk.pk, unit=unit.pk, machine=machine.pk, grant=grant.pk,
        token=issue_token(actor=SYSTEM, at=now(), person=machine, name="x")[0].pk, posting=Posting.objects.get(grid_id=A + "001").pk,
        bare_token=issue_token(actor=SYSTEM, at=now(), person=bare, name="x")[1],
        view=save_view(actor=replace(SYSTEM, id=city.people["in.acceptor"].pk), at=now(), name="我的一个", wanted={}).pk,
        twin=resident("欧阳试一"), away=resident("欧阳试一", merged_into=ground.father.id),
        ticket=link_looks(actor=SYSTEM, at=now(), resident_id=ground.father.id)[0],
        ground=ground, tie=CaseTie.objects.get().id,
        sent=begin("buildings", json.dumps(SENT).encode(), area=A).job.id, done=run("rooms", "楼栋,室号\n无此楼,1\n".encode(), area=A).id,
        sessions={name: logged_in(city.people[name]) for name in city.people if name.startswith(("in.", "out."))},
    )  # fmt: skip


def _field(thing: str, name: str) -> dict[str, Any]:
    field = Field.objects.get(thing=thing, name=name)
    said = {part: getattr(field, part) for part in ("title", "purpose", "legal_basis", "retention_months", "sharing", "standard")}
    return said | {"owner": field.owner_id, "seen_version": field.version}


def operations() -> list[str]:
    paths = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path.removeprefix('/api/v1')}" for path, methods in paths.items() for method in methods]


@pytest.fixture(autouse=True)
def _room_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners are taken, and nobody reads the log for them: the scene stands in a transaction that no other thread sees."""
    monkeypatch.setattr(feed, "most", 1000)
    monkeypatch.setattr(Feed, "_read", lambda self: None)


def ask(caller: Caller, operation: str, scene: Scene) -> Any:
    """A valid request, undone afterwards."""
    method, path = operation.split(" ")
    values, body = REQUESTS.get(operation, lambda s: ({}, None))(scene)
    address = "/api/v1" + path.format(**values) + (f"?{values['?']}" if "?" in values else "")
    with transaction.atomic():
        answer = caller.client.post(address, {"file": SimpleUploadedFile(*UPLOADS[operation]())}) if operation in UPLOADS else caller(method, address, body)
        if operation == "GET /live" and answer.streaming:  # it goes on and on: its first words are enough
            answer = HttpResponse(next(iter(answer)))  # type: ignore[call-overload]
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type, attr-defined]
        transaction.set_rollback(True)
    return answer.status_code, content


def test_the_table_knows_every_operation() -> None:
    assert sorted(operations()) == sorted(DOORS), "an operation is new or gone: say in DOORS who may use it"
    assert {op for op in DOORS if "{" in op or op.startswith("POST")} - set(UPLOADS) <= set(REQUESTS)


@pytest.mark.parametrize("operation", DOORS)
def test_who_gets_in(cast: Scene, world: World, operation: str) -> None:
    door = DOORS[operation]
    wrong: list[str] = []

    def expect(who: str, name: str | None, token: str | None, wanted: tuple[int, ...]) -> None:
        status, content = ask(Caller(world, name, token, cast.sessions.get(name or "")), operation, cast)
        found = (200,) if status in (200, 201, 204) and wanted[0] in (200, 201, 204) else (status,)
        if found[0] not in wanted:
            wrong.append(f"{who}: {status}, not {wanted}")
        seen = str(cast.case.id).encode() in content or cast.case.number.encode() in content
        if seen and (who.startswith("outside") or name is None or who == "inside system_admin") and operation not in ("GET /events", "POST /events/export"):
            wrong.append(f"{who} is shown the case")
        if door.shows and who.startswith("inside") and who.split()[1] in door.allowed & BUSINESS and not seen:
            wrong.append(f"{who} is not shown the case")

    ok = (200,)
    for role in ROLES:
        allowed = role in door.allowed
        expect(f"inside {role}", f"in.{role}", None, ok if allowed else door.inside)
        expect(f"outside {role}", f"out.{role}", None, (door.outside,) if door.outside else ok if allowed else door.inside)
    expect("without a role", None, cast.bare_token, ok if door.nothing in (200, 204) else (door.nothing,))
    expect("nobody", None, None, ok if door.nobody in (200, 204) else (door.nobody,))
    assert wrong == []


@pytest.mark.parametrize("operation", [op for op in DOORS if not op.startswith("GET") and "session" not in op and op != "POST /looks"])
def test_a_write_wants_the_csrf_token_of_its_session(cast: Scene, world: World, operation: str) -> None:
    caller = Caller(world, f"in.{min(DOORS[operation].allowed)}")
    caller.client.handler.enforce_csrf_checks = True
    status, content = ask(caller, operation, cast)
    assert status == 403 and json.loads(content)["code"] == "csrf"


def test_a_role_that_has_ended_opens_no_door(cast: Scene, world: World) -> None:
    with transaction.atomic():
        Grant.objects.filter(person=world.people["in.supervisor"]).update(period="[2020-01-01,2021-01-01)")
        assert ask(Caller(world, "in.supervisor"), "GET /cases/{case_id}", cast)[0] == 404
        transaction.set_rollback(True)
