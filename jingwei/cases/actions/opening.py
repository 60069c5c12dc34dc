"""A report becomes a case: placed, started and recorded in two statements, for one case and for a thousand."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.base import ModelState

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.cases.actions.reporting import NewCase, attach
from jingwei.cases.actions.tying import named_things, unknown_thing
from jingwei.cases.models import Case, File, Reporter
from jingwei.cases.queries.rows import clock_columns
from jingwei.cases.rules import clock as clocks
from jingwei.cases.rules.forms import MOST_FILES, is_blank, text
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.process import Process
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.rules.values import Matter
from jingwei.events.models import Event
from jingwei.events.rules import key_reused
from jingwei.kit import bulk, crypto, db
from jingwei.kit.codes import GRID_DIGITS, district_of_place, is_place
from jingwei.kit.coords import SYSTEMS, to_wgs84
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, Problem, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate, localtime


@dataclass(slots=True)
class Opened:
    """The new case, or the one that this command made before (`repeated`), or why there is none (`problem`).
    `book` is the catalogue that was consulted."""

    case: Case | None = None
    repeated: bool = False
    problem: Problem | None = None
    book: Catalogue | None = None


_PLACES = """
select w.i, nextval('cases_number'), (select number from catalogue_revision), g.code, g.name,
       case when g.code is null and w.x is not null then (
           select d.place from areas_division d where ST_Covers(d.boundary, ST_SetSRID(ST_MakePoint(w.x, w.y), 4326))
              and d.valid_from <= w.day and coalesce(d.valid_to, 'infinity') > w.day order by d.level desc, d.code limit 1) end,
       w.place = '' or exists (select from areas_division d where d.place = w.place)
                    or exists (select from areas_grid m where m.code = w.place)
  from jsonb_to_recordset(%s::jsonb) w(i int, x float8, y float8, day date, place varchar)
  left join lateral (
       select code, name from areas_grid
        where w.x is not null and ST_Covers(boundary, ST_SetSRID(ST_MakePoint(w.x, w.y), 4326)) and period @> w.day and kind <> 'micro'
        order by code limit 1) g on true"""

CASE_COLUMNS = (
    "district",
    "id",
    "number",
    "process_id",
    "state",
    "version",
    "matter_id",
    "source",
    "outer_number",
    "text",
    "urgent",
    "place",
    "grid_id",
    "address",
    "point",
    "crs",
    "x",
    "y",
    "opened_at",
    "opened_by_id",
    "entered_at",
    "limit_value",
    "limit_unit",
    "due_at",
    "warn_at",
    "escalate_at",
    "alarm_at",
    "overdue_at",
    "warned_at",
)
EVENT_COLUMNS = ("district", "id", "type", "at", "actor_id", "actor_name", "unit_id", "subject_type", "subject_id", "place", "data", "command")


@cache
def _write_sql(columns: tuple[str, ...]) -> str:
    """The event goes first: where its command was seen before, neither it nor the case is written."""
    events, cases = ", ".join(EVENT_COLUMNS), ", ".join(columns)
    return f"""
        with e as (insert into events_event ({events}) select {events} from {bulk.recordset(Event, EVENT_COLUMNS)}
                   on conflict (district, command) where command is not null do nothing returning district, subject_id),
             c as (insert into cases_case ({cases}) select {", ".join("r." + c for c in columns)}
                     from {bulk.recordset(Case, columns)} join e on e.district = r.district and e.subject_id = r.id)
        select subject_id from e"""


def open_case(*, actor: Actor, at: datetime, new: NewCase) -> Opened:
    """One case. Raises what `open_cases` puts into `problem`."""
    opened = open_cases(actor=actor, wanted=[(at, new)])[0]
    if opened.problem:
        raise opened.problem
    if opened.repeated and opened.case and not _same_report(opened.case, new, opened.book):
        raise key_reused(present=opened.case)  # another report under an old key would be lost in silence
    return opened


def _same_report(case: Case, new: NewCase, book: Catalogue | None) -> bool:
    """Whether `case` says all that the report does. Of a case that somebody has moved since, only what never changes is compared."""
    if (case.text, case.source) != (new.text.strip(), new.source):
        return False
    if case.version > 1:
        return True
    matter = book.matter_by_id(case.matter_id).code if book else new.matter
    said = (matter, case.urgent, case.address, case.x, case.y) == (new.matter, new.urgent, new.address.strip(), new.x, new.y)
    of, phone = {"district": case.district, "case_id": case.id}, new.reporter_phone
    told = not phone or Reporter.objects.filter(**of, phone_index=crypto.index(phone)).exists()
    return said and told and (not new.files or File.objects.filter(**of, move="open").count() == len(new.files))


def open_cases(*, actor: Actor, wanted: Sequence[tuple[datetime, NewCase]]) -> list[Opened]:
    """Open cases, each at its own time; one transaction, constant statements. Answers one `Opened` each, in order. Each is placed in the
    grid that its point lies in on that day; outside every grid it is kept "unlocated" at the deepest division known. Its process is the
    version in force; its first clock starts at `at`.
    """
    # Cases and their events are one statement, which is a transaction by itself; BEGIN and COMMIT are for what comes with them.
    more = any(new.files or new.reporter_name or new.reporter_phone or new.things for _, new in wanted)
    with transaction.atomic() if more else nullcontext():
        return open_in_hand(actor, wanted)


def open_in_hand(
    actor: Actor, wanted: Sequence[tuple[datetime, NewCase]], meanwhile: Callable[[Catalogue, Mapping[int, Case]], Sequence[str]] | None = None
) -> list[Opened]:
    """What `open_cases` does. `meanwhile` may move the cases (by the index of their report) before they are written; it
    answers the columns that it may have changed."""
    answers = [Opened() for _ in wanted]
    points: dict[int, tuple[float | None, float | None]] = {}
    days: list[date] = []
    for i, (at, new) in enumerate(wanted):
        days.append(localdate(at))
        try:
            points[i] = _point(new)
        except Problem as problem:
            answers[i].problem = problem
    placed = (
        db.rows(
            _PLACES,
            [bulk.dumps([{"i": i, "x": x, "y": y, "day": days[i], "place": p if is_place(p := wanted[i][1].place) else ""} for i, (x, y) in points.items()])],
        )
        if points
        else []
    )
    book = catalogue(revision=placed[0][2]) if placed else None
    things = named_things(actor, [thing for _, new in wanted for thing in new.things])
    records: list[dict[str, Any]] = []
    happenings: list[dict[str, Any]] = []
    index_of: dict[UUID, int] = {}
    names: dict[str, str] = {}
    for i, serial, _, grid, grid_name, division, place_known in placed:
        at, new = wanted[i]
        try:
            assert book
            process, matter = _checked(book, actor, days[i], new)
            unknown_thing(new.things, things)
            place = _place(actor, new, grid, division, place_known)
            limit = book.limit(process.code, process.start.code, matter, None, new.urgent, days[i])
            clock = clocks.started(limit, at, book.calendar()) if new.due_at is None else clocks.set_from_outside(new.due_at)
            case, happening = _rows(actor, at, new, process, matter, clock, serial, place, grid, points[i])
        except Problem as problem:
            answers[i].problem = problem
            continue
        index_of[case["id"]] = i
        if new.things:
            happening["data"]["things"] = [[things[name].kind, things[name].label] for name in new.things]
        if grid:
            names[grid] = grid_name
        records.append(case)
        happenings.append(happening)
    if not records:
        return answers
    assert book
    columns: tuple[str, ...] = CASE_COLUMNS
    cases = {index_of[r["id"]]: _instance(r, names) for r in records}
    if meanwhile:
        moved = meanwhile(book, cases)
        columns += tuple(c for c in moved if c not in columns)
        for record in records:
            record.update({c: getattr(cases[index_of[record["id"]]], c) for c in moved})
    written = {id for (id,) in db.rows(_write_sql(columns), [bulk.dumps(happenings), bulk.dumps(records)])}
    for record, happening in zip(records, happenings, strict=True):
        answer = answers[index_of[record["id"]]]
        answer.book = book
        if record["id"] in written:
            answer.case = cases[index_of[record["id"]]]
        else:
            answer.case = _before(happening["district"], happening["command"])
            answer.repeated, answer.problem = answer.case is not None, None if answer.case else key_reused()
    attach(
        actor,
        things,
        [
            (answers[i].case, wanted[i][0], wanted[i][1], e["id"])
            for r, e in zip(records, happenings, strict=True)
            if r["id"] in written and (i := index_of[r["id"]]) is not None
        ],
    )
    return answers


def _point(new: NewCase) -> tuple[float | None, float | None]:
    """Longitude and latitude to store, of the position declared; None for none. Raises Invalid."""
    if new.x is None and new.y is None and not new.crs:
        return None, None
    if new.crs not in SYSTEMS:
        raise invalid("position.crs", "坐标系应为 " + "、".join(SYSTEMS), "the system is one of " + ", ".join(SYSTEMS))
    if new.x is None or new.y is None:
        raise invalid("position", "坐标不完整", "both coordinates are needed")
    try:
        return to_wgs84(new.crs, new.x, new.y)
    except ValueError:
        raise invalid("position", "经纬度超出范围", "the coordinates are off the earth") from None


def _checked(book: Catalogue, actor: Actor, day: date, new: NewCase) -> tuple[Process, Matter]:
    """Everything about a report that needs no database; its process and matter, in force on `day`. (A named edition may be older
    than the report: imports.) Raises Invalid with every wrong field, Forbidden."""
    errors: list[FieldError] = []
    process = matter = None
    for name, longest in (("text", 5000), ("address", 200), ("outer_number", 60), ("reporter_name", 60), ("reporter_phone", 30)):
        try:
            text(getattr(new, name), longest)
        except ValueError as error:
            errors.append(FieldError(name, error.args[0]))
    if is_blank(new.text):
        errors.append(FieldError("text", T("请写明情况", "say what is the matter")))
    if new.source not in SOURCES:
        errors.append(FieldError("source", T("没有这个来源", "unknown source")))
    try:
        process = book.process(new.process, day)
    except NotFound as unknown:
        errors.append(FieldError("process", unknown.message))
    try:
        matter = book.matter(new.matter, new.edition, None if new.edition else day)
    except NotFound as unknown:
        errors.append(FieldError("matter", unknown.message))
    if new.place and not is_place(new.place):
        errors.append(FieldError("place", T("区划或网格代码无效", "not the code of a place")))
    if len(new.files) > MOST_FILES:
        errors.append(FieldError("files", T(f"最多 {MOST_FILES} 个附件", f"at most {MOST_FILES} files")))
    if errors or process is None or matter is None:
        raise Invalid(errors=errors)
    if actor is not SYSTEM and actor.opening_area() is None:
        raise Forbidden(T("您的角色不能上报案件", "your roles open no cases"))
    return process, matter


def _place(actor: Actor, new: NewCase, grid: str | None, division: str | None, place_known: bool) -> str:
    if not place_known:
        raise Invalid(errors=[FieldError("place", T("没有这个区划或网格", "there is no such place"))])
    known = [p for p in (grid, new.place, division) if p]
    place = known[0] if known else actor.opening_area()
    if not place:
        raise Invalid(errors=[FieldError("place", T("请指明地点", "say where it is"))])
    # Whoever serves a grid may report anywhere in its community; the others within their areas.
    if actor is not SYSTEM and not any(place.startswith(h.area[:12]) or h.area.startswith(place) for h in actor.held if h.role != "analyst"):
        raise Forbidden(T("地点不在您的管辖范围内", "that place lies outside your area"))
    return place


def _rows(
    actor: Actor,
    at: datetime,
    new: NewCase,
    process: Process,
    matter: Matter,
    clock: clocks.Clock,
    serial: int,
    place: str,
    grid: str | None,
    point: tuple[float | None, float | None],
) -> tuple[dict[str, Any], dict[str, Any]]:
    district, lon = district_of_place(place), point[0]
    grid = grid or (new.place if len(new.place) == GRID_DIGITS else None)
    id = new_id(district, at)
    case = {
        "district": district,
        "id": id,
        "number": f"{localtime(at):%y%m%d}-{serial:07d}",
        "process_id": process.id,
        "state": process.start.code,
        "version": 1,
        "matter_id": matter.id,
        "source": new.source,
        "outer_number": new.outer_number,
        "text": new.text.strip(),
        "urgent": new.urgent,
        "place": place,
        "grid_id": grid,
        "address": new.address.strip(),
        "point": None if lon is None else f"SRID=4326;POINT({lon!r} {point[1]!r})",
        "crs": new.crs if lon is not None else "",
        "x": new.x,
        "y": new.y,
        "opened_at": at,
        "opened_by_id": actor.id,
        "entered_at": at,
        **clock_columns(clock, at),
        "overdue_at": None,
        "warned_at": None,
    }
    for absent in ("paused_at", "left_seconds"):
        case.pop(absent)
    data = {"number": case["number"], "matter": matter.code, "source": new.source, "to": process.start.code, **({"facts": new.facts} if new.facts else {})}
    event = {
        "district": district,
        "id": new_id(district, at),
        "type": "case.opened",
        "at": at,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "unit_id": actor.unit_for(place),
        "subject_type": "case",
        "subject_id": id,
        "place": place,
        "data": data,
        "command": new.command and f"{actor.id or 0}:{new.command}",
    }
    return case, event


@cache
def _blank() -> dict[str, Any]:
    """The columns of a case with their defaults."""
    return {f.attname: f.get_default() for f in Case._meta.concrete_fields}


def _instance(record: dict[str, Any], names: dict[str, str]) -> Case:
    """The row just written, as the object that the doors answer with; nothing is read again, nothing set through a descriptor."""
    case = Case.__new__(Case)
    vars(case).update(_blank(), **record, _state=ModelState(), place_name=names.get(record["place"]))
    return case


def _before(district: str, command: str) -> Case | None:
    """The case that this very command opened; None where the key was used for something else."""
    found = db.row("select subject_id from events_event where district = %s and command = %s and type = 'case.opened'", [district, command])
    return Case.objects.filter(district=district, id=found[0]).first() if found else None
