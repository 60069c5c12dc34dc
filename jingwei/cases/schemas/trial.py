"""A proposed dispatch table tried on past cases, at the door."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from jingwei.cases.queries import Elsewhere, Trial
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.rules.table import MOST_RULES, DraftRule
from jingwei.kit.schemas import Coded, CodedName, In, Name
from jingwei.kit.text import T


class TrialIn(In):
    """The whole proposed table in its order; it is compared with the table in force on the day `on` (today when left out)."""

    rules: Annotated[list[DraftRule], Field(max_length=MOST_RULES)]
    days: Annotated[int, Field(ge=1, le=366)] = 30
    on: date | None = None


class ElsewhereOut(BaseModel):
    """A case that would go elsewhere. `went`: where people sent it. `id` and `number` only for who may see the case."""

    id: UUID | None
    number: str
    matter: Coded
    place: Coded
    source: CodedName
    at: AwareDatetime
    went: str
    now: str | None
    then: str | None
    why: Name


class UnitShift(BaseModel):
    """For how many cases a unit is named: by the table in force, and by the proposed one. `unit` null: no rule matched."""

    unit: str | None
    now: int
    then: int


class TrialOut(BaseModel):
    """`elsewhere` of the `looked_at` cases would go elsewhere; `shown` are the newest of them. `cut`: only the newest cases were looked at."""

    since: AwareDatetime
    looked_at: int
    cut: bool
    elsewhere: int
    shown: list[ElsewhereOut]
    units: list[UnitShift]
    agreed_now: int
    agreed_then: int
    broken: list[Name]


def trial_out(trial: Trial) -> TrialOut:
    return TrialOut(
        since=trial.since,
        looked_at=trial.looked_at,
        cut=trial.cut,
        elsewhere=trial.elsewhere,
        shown=[_elsewhere(e) for e in trial.shown],
        units=[UnitShift(unit=unit, now=now, then=then) for unit, now, then in trial.units],
        agreed_now=trial.agreed[0],
        agreed_then=trial.agreed[1],
        broken=[Name.of(b) for b in trial.broken],
    )


def _elsewhere(e: Elsewhere) -> ElsewhereOut:
    return ElsewhereOut(
        id=e.id,
        number=e.number,
        matter=Coded.of(*e.matter),
        place=Coded.of(*e.place),
        source=CodedName.of(e.source, SOURCES.get(e.source, T(e.source, e.source))),
        at=e.at,
        went=e.went,
        now=e.now,
        then=e.then,
        why=Name.of(e.why),
    )
