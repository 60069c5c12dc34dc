"""What the door of the wall answers: no text, no address, nobody's name."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from jingwei.areas.queries import place_names
from jingwei.cases.queries.listed import Listed
from jingwei.cases.queries.queue import StateCount
from jingwei.cases.queries.wall import Wall
from jingwei.cases.schemas.making import state_out
from jingwei.cases.schemas.outgoing import CountOut, StateOut
from jingwei.cases.schemas.supervision import UnitWatchOut, unit_watch_out
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.kit.schemas import Coded, UnitRef


class WallRow(BaseModel):
    """A case as it is read from five metres: what, where, in which state and light."""

    id: UUID
    number: str
    state: StateOut
    light: Literal["green", "amber", "red", "paused", "none"]
    due_at: AwareDatetime | None
    matter: Coded
    place: Coded
    lon: float | None
    lat: float | None
    unit: UnitRef | None
    urgent: bool
    opened_at: AwareDatetime


class WallOut(BaseModel):
    """Open cases by state and light; units with something near or past its limit, the worst first; the cases that burn longest; the newest;
    how many came in today."""

    at: AwareDatetime
    counts: list[CountOut]
    units: list[UnitWatchOut]
    worst: list[WallRow]
    newest: list[WallRow]
    today: int


def counts_out(counts: list[StateCount]) -> list[CountOut]:
    """Counts with the names of their states, process by process in the order of its states."""
    book = catalogue()
    known = [(process, c) for c in counts if (process := book.process_version(c.process_id))]
    known.sort(key=lambda pc: (pc[0].code, pc[0].states[pc[1].state].order))
    return [CountOut(process=p.code, state=state_out(p, c.state), **c.lights, total=sum(c.lights.values())) for p, c in known]


def wall_out(wall: Wall, at: datetime) -> WallOut:
    """The names of all places in one statement."""
    book, places = catalogue(), place_names({line.place for line in (*wall.worst, *wall.newest)})
    return WallOut(
        at=at,
        counts=counts_out(wall.counts),
        units=[unit_watch_out(u) for u in wall.units],
        worst=[_row(line, book, places) for line in wall.worst],
        newest=[_row(line, book, places) for line in wall.newest],
        today=wall.today,
    )


def _row(line: Listed, book: Catalogue, places: dict[str, str]) -> WallRow:
    matter = book.matter_by_id(line.matter_id)
    return WallRow(
        **{k: getattr(line, k) for k in ("id", "number", "light", "due_at", "lon", "lat", "urgent", "opened_at")},
        state=state_out(book.process_version(line.process_id), line.state),
        matter=Coded.of(matter.code, matter.name),
        place=Coded.of(line.place, places.get(line.place, "")),
        unit=UnitRef(id=line.unit_id, name=line.unit_name or "") if line.unit_id else None,
    )
