"""What the case doors answer."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from jingwei.kit.schemas import Coded, CodedName, Name, UnitRef


class StateOut(CodedName):
    kind: str


class CaseRow(BaseModel):
    """A case in a list."""

    id: UUID
    number: str
    version: int
    process: str
    state: StateOut
    light: Literal["green", "amber", "red", "paused", "none"]
    due_at: AwareDatetime | None
    paused_at: AwareDatetime | None
    matter: Coded
    text: str
    address: str
    place: Coded
    located: bool
    lon: float | None
    lat: float | None
    unit: UnitRef | None
    source: CodedName
    urgent: bool
    opened_at: AwareDatetime
    entered_at: AwareDatetime
    closed_at: AwareDatetime | None


class NearRow(CaseRow):
    """A case near another or near a report: metres, and what besides distance and age speaks for its being the same thing."""

    distance: float
    why: list[Name]


class CasePage(BaseModel):
    items: list[CaseRow]
    next: str | None


class NearPage(BaseModel):
    items: list[NearRow]


class CountOut(BaseModel):
    """How many cases of a state, by light."""

    process: str
    state: StateOut
    green: int = 0
    amber: int = 0
    red: int = 0
    paused: int = 0
    none: int = 0
    total: int = 0


class LimitOut(BaseModel):
    value: int
    unit: str
    text: Name


class RunningOut(BaseModel):
    """The running step and its clock."""

    entered_at: AwareDatetime
    due_at: AwareDatetime | None
    warn_at: AwareDatetime | None
    paused_at: AwareDatetime | None
    left_seconds: float | None
    warned_at: AwareDatetime | None
    overdue_at: AwareDatetime | None
    escalated_at: AwareDatetime | None
    limit: LimitOut | None


class StepOut(BaseModel):
    """A completed step, with the clock that it had; `paused_at`: it stood still."""

    state: StateOut
    entered_at: AwareDatetime
    left_at: AwareDatetime
    due_at: AwareDatetime | None
    paused_at: AwareDatetime | None
    warned_at: AwareDatetime | None
    overdue_at: AwareDatetime | None
    escalated_at: AwareDatetime | None
    limit: LimitOut | None
    unit: UnitRef | None
    late: bool
    move: str


class FileOut(BaseModel):
    """An upload. `shows`: the trouble as it was found, or what was done about it."""

    id: UUID
    name: str
    mime: str
    size: int
    width: int | None
    height: int | None
    move: str
    shows: Literal["before", "after"]
    url: str
    thumb_url: str | None


class Fact(BaseModel):
    """What a move said. A value that people wrote is text; one that the program says speaks both languages."""

    label: Name
    value: str | Name


class HappeningOut(BaseModel):
    """One line of the timeline. `kind`: a move carried the case on, a note did not, or the program said it by itself."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    type: str
    kind: Literal["move", "note", "program"]
    label: Name
    at: AwareDatetime
    recorded_at: AwareDatetime
    actor: str
    from_: Annotated[CodedName | None, Field(alias="from")]
    to: CodedName | None
    facts: list[Fact]
    files: list[FileOut]


class AssignmentOut(BaseModel):
    unit: UnitRef
    part: str
    at: AwareDatetime
    done_at: AwareDatetime | None
    ended_at: AwareDatetime | None


class SummonsOut(BaseModel):
    """A unit called to the spot: until when it is to arrive and to report back, and what it did."""

    unit: UnitRef
    at: AwareDatetime
    by: str
    reason: str
    meet_at: AwareDatetime | None
    meet_place: str
    arrive_by: AwareDatetime | None
    arrived_at: AwareDatetime | None
    arrived_by: str
    arrival_late: bool
    answer_by: AwareDatetime | None
    done_at: AwareDatetime | None
    answer_late: bool
    ended_at: AwareDatetime | None
    standing: Literal["called", "arrived", "done", "cancelled"]


class ReporterOut(BaseModel):
    """Masked, but where a door says otherwise."""

    name: str
    phone: str
    at: AwareDatetime


class FieldOut(BaseModel):
    name: str
    kind: str
    required: bool
    label: Name


class MoveOut(BaseModel):
    """A move that this person may make now, and the form that it wants."""

    move: str
    name: Name
    key: str
    style: str
    form: list[FieldOut]


class ConditionRef(BaseModel):
    id: int
    text: str
    close_text: str


class PositionOut(BaseModel):
    crs: str
    x: float
    y: float


class CaseBrief(BaseModel):
    """Another case, in a line."""

    id: UUID
    number: str
    state: StateOut
    light: Literal["green", "amber", "red", "paused", "none"]
    matter: Coded
    text: str
    opened_at: AwareDatetime


class NearBrief(CaseBrief):
    distance: float


class PlaceCasesOut(BaseModel):
    """Other cases of the last year at this place: within `metres`, or in the same building. The newest are listed."""

    metres: int
    total: int
    items: list[NearBrief]


class BuildingOut(BaseModel):
    """The base map's building at the point; `metres` to its wall, 0 inside."""

    name: str
    name_en: str
    address: str
    metres: float


class PostOut(BaseModel):
    """Who serves the grid, by posting."""

    role: CodedName
    name: str


class CaseOut(CaseRow):
    """A case whole."""

    condition: ConditionRef | None
    outer_number: str
    position: PositionOut | None
    grid: Coded | None
    divisions: list[Coded]
    step: RunningOut
    steps: list[StepOut]
    files: list[FileOut]
    timeline: list[HappeningOut]
    assignments: list[AssignmentOut]
    summons: list[SummonsOut]
    supervised_at: AwareDatetime | None
    reminded_at: AwareDatetime | None
    reporters: list[ReporterOut]
    merged_into: CaseBrief | None
    merged: list[CaseBrief]
    building: BuildingOut | None
    posts: list[PostOut]
    here: PlaceCasesOut
    why_unit: Name | None
    extension: dict[str, Any] | None
    rating: int | None
    available_actions: list[MoveOut]
    may_locate: bool
    may_unmask: bool


class AdviceOut(BaseModel):
    """The unit that the dispatch rules propose, why, and which rules are broken."""

    unit: UnitRef | None
    why: Name
    broken: list[Name]


class ProposedOut(AdviceOut):
    """The same for one of several cases."""

    id: UUID


class TextOffered(BaseModel):
    """A standard text with the case's facts in it; `gaps` are the placeholders for which there was nothing to say."""

    code: str
    title: str
    text: str
    gaps: list[str]
