"""From rows and rules to what the doors answer."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import ROLES
from jingwei.areas.queries import place_names
from jingwei.cases.models import Assignment, Case, File, Reporter, Step
from jingwei.cases.queries import Likely, WholeCase
from jingwei.cases.queries.around import HERE_METRES
from jingwei.cases.queries.listed import Listed, line_of
from jingwei.cases.queries.rows import clock_of
from jingwei.cases.queries.whole import Shows
from jingwei.cases.rules.clock import light
from jingwei.cases.rules.ties import THINGS as TIED
from jingwei.cases.schemas.outgoing import (
    AdviceOut,
    AssignmentOut,
    BuildingOut,
    CaseBrief,
    CaseOut,
    CasePage,
    CaseRow,
    ConditionRef,
    Fact,
    FieldOut,
    FileOut,
    HappeningOut,
    LimitOut,
    MoveOut,
    NearBrief,
    NearPage,
    NearRow,
    PlaceCasesOut,
    PositionOut,
    PostOut,
    ReporterOut,
    RunningOut,
    StateOut,
    StepOut,
    SummonsOut,
)
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.clock import Limit
from jingwei.catalogue.rules.dispatch import DispatchAnswer
from jingwei.catalogue.rules.process import FIELDS, Process, Transition
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.events.models import Event
from jingwei.kit import crypto
from jingwei.kit.codes import GRID_DIGITS
from jingwei.kit.paging import Page
from jingwei.kit.schemas import Coded, CodedName, Name, UnitRef
from jingwei.kit.text import T
from jingwei.kit.times import localtime


def state_out(process: Process, code: str) -> StateOut:
    return _state_out(code, process.states[code].name, process.states[code].kind)


@lru_cache(1024)
def _state_out(code: str, name: T, kind: str) -> StateOut:
    return StateOut(code=code, name=Name.of(name), kind=kind)


def _labelled(line: Listed, book: Catalogue, places: dict[str, str]) -> dict[str, Any]:
    process, matter = book.process_version(line.process_id), book.matter_by_id(line.matter_id)
    return {
        "id": line.id,
        "number": line.number,
        "version": line.version,
        "process": process.code,
        "state": state_out(process, line.state),
        "light": line.light,
        "due_at": line.due_at,
        "paused_at": line.paused_at,
        "matter": Coded.of(matter.code, matter.name),
        "text": line.text,
        "address": line.address,
        "place": Coded.of(line.place, places.get(line.place, "")),
        "located": line.located,
        "lon": line.lon,
        "lat": line.lat,
        "unit": UnitRef(id=line.unit_id, name=line.unit_name or "") if line.unit_id else None,
        "source": CodedName.of(line.source, SOURCES.get(line.source, T(line.source, line.source))),
        "urgent": line.urgent,
        "opened_at": line.opened_at,
        "entered_at": line.entered_at,
        "closed_at": line.closed_at,
    }


def _row(case: Case, book: Catalogue, places: dict[str, str], at: datetime) -> dict[str, Any]:
    return _labelled(line_of(case, at), book, places)


def row_out(case: Case, at: datetime, book: Catalogue | None = None) -> CaseRow:
    """One case as a row, with the name of its place; nothing is read where whoever placed it left the name."""
    places = {case.place: case.place_name} if case.place_name else place_names({case.place})
    return CaseRow(**_row(case, book or catalogue(), places, at))


def rows_out(cases: list[Case], at: datetime) -> list[CaseRow]:
    """Many rows; the names of their places in one statement."""
    book, places = catalogue(), place_names({c.place for c in cases})
    return [CaseRow(**_row(c, book, places, at)) for c in cases]


def near_out(near: list[Likely], at: datetime) -> NearPage:
    """Cases near a place, as they were ranked."""
    rows = rows_out([n.case for n in near], at)
    return NearPage(items=[NearRow(**dict(r), distance=round(n.metres, 1), why=[Name.of(t) for t in n.why]) for r, n in zip(rows, near, strict=True)])


def page_out(page: Page[Listed]) -> CasePage:
    """A page of lines; the names of their places in one statement. The database wrote the values: they are not validated again."""
    book, places = catalogue(), place_names({line.place for line in page.items})
    rows = [CaseRow.model_construct(**_labelled(line, book, places)) for line in page.items]
    return CasePage.model_construct(items=rows, next=page.next)


def advice_out(answer: DispatchAnswer, unit: Unit | None) -> AdviceOut:
    """What the dispatch rules propose, and why."""
    return AdviceOut(unit=UnitRef(id=unit.pk, name=unit.name) if unit else None, why=Name.of(answer.why), broken=[Name.of(b) for b in answer.broken])


def whole_out(whole: WholeCase, at: datetime) -> CaseOut:
    """Everything about a case."""
    case, book = whole.case, whole.book
    process = book.process_version(case.process_id)
    ladder = [case.place[:d] for d in (2, 4, 6, 9, 12) if d <= len(case.place)]
    places = place_names({case.place, *ladder})
    condition = book.condition(case.condition_id) if case.condition_id else None
    by_event: dict[UUID | None, list[FileOut]] = {}
    for f, shows in whole.shown():
        by_event.setdefault(f.event_id, []).append(file_out(f, shows))
    return CaseOut(
        **_row(case, book, places, at),
        condition=ConditionRef(id=condition.id, text=condition.text, close_text=condition.close_text) if condition else None,
        outer_number=case.outer_number,
        position=PositionOut(crs=case.crs, x=case.x, y=case.y) if case.crs and case.x is not None and case.y is not None else None,
        grid=Coded(code=case.grid_id, name=places.get(case.grid_id, "")) if case.grid_id and len(case.grid_id) == GRID_DIGITS else None,
        divisions=[Coded(code=p, name=places[p]) for p in ladder if p in places],
        step=RunningOut(
            entered_at=case.entered_at,
            due_at=case.due_at,
            warn_at=case.warn_at,
            paused_at=case.paused_at,
            left_seconds=case.left_seconds,
            warned_at=case.warned_at,
            overdue_at=case.overdue_at,
            escalated_at=case.escalated_at,
            limit=_limit(case),
        ),
        steps=[_step(s, process) for s in whole.steps],
        files=[f for fs in by_event.values() for f in fs],
        timeline=[_happening(e, process, book, by_event.get(e.id, [])) for e in whole.events],
        assignments=[_assignment(a) for a in whole.assignments if a.part != "summon"],
        summons=[_summons(a, whole.events, at) for a in whole.assignments if a.part == "summon"],
        supervised_at=case.supervised_at,
        reminded_at=case.reminded_at,
        reporters=[reporter_out(r) for r in whole.reporters],
        merged_into=CaseBrief(**_brief(whole.into, book, at)) if whole.into else None,
        merged=[CaseBrief(**_brief(m, book, at)) for m in whole.merged],
        building=_building(whole),
        posts=[PostOut(role=CodedName.of(p.role, ROLES[p.role].name), name=p.name) for p in whole.posts],
        here=PlaceCasesOut(
            metres=HERE_METRES, total=whole.here.total, items=[NearBrief(**_brief(n.case, book, at), distance=round(n.metres, 1)) for n in whole.here.newest]
        ),
        why_unit=whole.why_unit and Name.of(whole.why_unit),
        extension=case.extension,
        rating=case.rating,
        available_actions=[move_out(m) for m in whole.moves],
        may_locate=whole.may_locate,
        may_unmask=whole.may_unmask,
    )


def _brief(case: Case, book: Catalogue, at: datetime) -> dict[str, Any]:
    process, matter = book.process_version(case.process_id), book.matter_by_id(case.matter_id)
    return {
        "id": case.id,
        "number": case.number,
        "state": state_out(process, case.state),
        "light": light(clock_of(case), at),
        "matter": Coded.of(matter.code, matter.name),
        "text": case.text,
        "opened_at": case.opened_at,
    }


def _building(whole: WholeCase) -> BuildingOut | None:
    found = whole.building
    return BuildingOut(name=found.name, name_en=found.name_en, address=found.address, metres=found.metres) if found else None


def _limit(row: Case | Step) -> LimitOut | None:
    if not row.limit_value:
        return None
    limit = Limit(row.limit_value, row.limit_unit)  # type: ignore[arg-type]
    return LimitOut(value=limit.value, unit=limit.unit, text=Name.of(limit.text))


def move_out(move: Transition) -> MoveOut:
    return MoveOut(
        move=move.action,
        name=Name.of(move.name),
        key=move.key,
        style=move.style,
        form=[FieldOut(name=f.name, kind=f.kind, required=f.required, label=Name.of(f.label)) for f in move.form],
    )


def file_out(file: File, shows: Shows = "before") -> FileOut:
    url = f"/api/v1/files/{file.id}"
    return FileOut(
        id=file.id,
        name=file.name,
        mime=file.mime,
        size=file.size,
        width=file.width,
        height=file.height,
        move=file.move,
        shows=shows,
        url=url,
        thumb_url=f"{url}/thumb" if file.width else None,
    )


def _step(step: Step, process: Process) -> StepOut:
    return StepOut(
        state=state_out(process, step.state),
        entered_at=step.entered_at,
        left_at=step.left_at,
        due_at=step.due_at,
        paused_at=step.paused_at,
        warned_at=step.warned_at,
        overdue_at=step.overdue_at,
        escalated_at=step.escalated_at,
        limit=_limit(step),
        unit=UnitRef(id=step.unit.pk, name=step.unit.name) if step.unit else None,
        late=step.overdue_at is not None,
        move=step.move,
    )


def _assignment(a: Assignment) -> AssignmentOut:
    return AssignmentOut(unit=UnitRef(id=a.unit.pk, name=a.unit.name), part=a.part, at=a.assigned_at, done_at=a.done_at, ended_at=a.ended_at)


def _summons(a: Assignment, events: list[Event], at: datetime) -> SummonsOut:
    call = next((e for e in events if e.type == "case.summoned" and e.at == a.assigned_at), None)
    return SummonsOut(
        unit=UnitRef(id=a.unit.pk, name=a.unit.name),
        at=a.assigned_at,
        by=call.actor_name if call else "",
        reason=call.data.get("form", {}).get("reason", "") if call else "",
        meet_at=a.meet_at,
        meet_place=a.meet_place,
        arrive_by=a.arrive_by,
        arrived_at=a.arrived_at,
        arrived_by=a.arrived_by.name if a.arrived_by else "",
        arrival_late=bool(a.arrive_by and (a.arrived_at or a.ended_at or at) >= a.arrive_by),
        answer_by=a.answer_by,
        done_at=a.done_at,
        answer_late=bool(a.answer_by and (a.done_at or a.ended_at or at) >= a.answer_by),
        ended_at=a.ended_at,
        standing="done" if a.done_at else "cancelled" if a.ended_at else "arrived" if a.arrived_at else "called",
    )


def reporter_out(r: Reporter, *, masked: bool = True) -> ReporterOut:
    name = crypto.unseal(bytes(r.name_sealed), about="reporter.name") if r.name_sealed else ""
    phone = crypto.unseal(bytes(r.phone_sealed), about="reporter.phone") if r.phone_sealed else ""
    if masked:
        name, phone = crypto.mask_name(name), phone and crypto.mask_phone(phone)
    return ReporterOut(name=name, phone=phone, at=r.reported_at)


_WORDS: dict[str, T] = {
    "case.opened": T("上报", "Reported"),
    "case.located": T("定位", "Located"),
    "case.printed": T("打印案卷", "Case file printed"),
    "case.tied": T("关联", "Tied"),
    "case.untied": T("解除关联", "Tie ended"),
    "reporter.unmasked": T("查看上报人联系方式", "Reporter's number seen"),
    "case.warned": T("临近时限", "Limit near"),
    "case.overdue": T("超过时限", "Overdue"),
    "case.escalated_late": T("超期上报", "Overdue, escalated"),
    "case.arrival_late": T("吹哨未按时到场", "Called unit late on the spot"),
    "case.feedback_late": T("吹哨未按时反馈", "Called unit late with its feedback"),
    "case.answered": T("主案件已结案，答复报告人", "Lead case closed: the reporter is answered"),
}
_BY_ITSELF = ("case.warned", "case.overdue", "case.escalated_late", "case.answered", "case.arrival_late", "case.feedback_late")
_IN_FACTS = ("unit", "units", "called", "case")  # these are told by name
_FACTS = {"units": T("单位", "Units"), "unit": T("单位", "Unit"), "other": T("主案件", "Lead case"), "number": T("编号", "Number")}


def _happening(event: Event, process: Process, book: Catalogue, files: list[FileOut]) -> HappeningOut:
    data = event.data
    move = process.move(data["from"], data["move"]) if "move" in data else None
    label = move.name if move else _WORDS.get(event.type, T(event.type, event.type))
    facts = [Fact(label=Name.of(t), value=_plain(data[k])) for k, t in _FACTS.items() if k in data]
    said = {k: v for k, v in data.get("form", {}).items() if k in FIELDS and k not in _IN_FACTS}
    facts += [Fact(label=Name.of(FIELDS[k].label), value=_said(k, v, book)) for k, v in said.items()]
    facts += [Fact(label=Name(zh=k, en=k), value=str(v)) for k, v in data.get("facts", {}).items()]
    if event.type in ("case.tied", "case.untied"):  # a resident's name stands in no record
        facts.append(Fact(label=Name.of(TIED[data["tie"]]), value=data["thing"] or Name(zh="见“关联”", en="see “Association”")))
    facts += [Fact(label=Name.of(TIED[kind]), value=thing) for kind, thing in data.get("things", ())]
    if why := data.get("why"):
        facts.append(Fact(label=Name(zh="派遣依据", en="Why this unit"), value=Name(**why)))
    return HappeningOut(
        id=event.id,
        type=event.type,
        kind="program" if event.type in _BY_ITSELF else "move" if event.type == "case.opened" or (move and data.get("from") != data.get("to")) else "note",
        label=Name.of(label),
        at=event.at,
        recorded_at=event.recorded_at,
        actor=event.actor_name,
        from_=_state(process, data.get("from")),
        to=_state(process, data.get("to")),
        facts=facts,
        files=files,
    )


def _plain(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _said(field: str, value: Any, book: Catalogue) -> str:
    """A form's value in words: the catalogue's things by their names."""
    if field == "condition":
        return book.condition(int(value)).text
    if field == "matter":
        return f"{book.matter(str(value)).name} {value}"
    if field == "position":
        return f"{value['lon']:.5f}, {value['lat']:.5f}"
    if field in FIELDS and FIELDS[field].kind == "datetime":
        return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return str(value)


def _state(process: Process, code: str | None) -> CodedName | None:
    return CodedName.of(code, process.states[code].name) if code and code in process.states else None
