"""What the doors of supervision answer."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from jingwei.cases.queries.listed import Listed
from jingwei.cases.queries.supervision import UnitWatch, standings
from jingwei.cases.schemas.making import page_out
from jingwei.cases.schemas.outgoing import CaseRow
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page
from jingwei.kit.schemas import UnitRef


class UnitWatchOut(BaseModel):
    """What one unit has near and past its limit; `unit` null: cases that nobody holds. `summoned` counts where it was called to the spot."""

    unit: UnitRef | None
    near: int
    past: int
    worst_due_at: AwareDatetime | None
    supervised: int
    reminded: int
    summoned: int
    summons_late: int


class WatchedRow(CaseRow):
    """A case under supervision: since when supervised and reminded without an answer, in which words, who is called and who is late."""

    supervised_at: AwareDatetime | None
    reminded_at: AwareDatetime | None
    words: str
    called: list[str]
    late: list[str]


class WatchedPage(BaseModel):
    items: list[WatchedRow]
    next: str | None


def unit_watch_out(watch: UnitWatch) -> UnitWatchOut:
    unit = UnitRef(id=watch.unit_id, name=watch.unit) if watch.unit_id else None
    return UnitWatchOut(**{k: getattr(watch, k) for k in UnitWatchOut.model_fields if k != "unit"}, unit=unit)


def watched_page_out(page: Page[Listed], at: datetime) -> WatchedPage:
    """The lines with what stands against each, in one statement more."""
    ids = [UUID(str(line.id)) for line in page.items]
    found = standings(ids, [district_of(i) or "" for i in ids], at)
    rows = [WatchedRow.model_construct(**dict(row), **vars(found[id])) for row, id in zip(page_out(page).items, ids, strict=True) if id in found]
    return WatchedPage.model_construct(items=rows, next=page.next)
