"""Statistics of areas at the doors."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from jingwei.registry.queries import AreaRow, AreaStatistics


class AreaRowOut(BaseModel):
    """One area; null is what is withheld because it is few, or would give away few elsewhere. `came` and `went`: by month, the latest first.
    `stability`: the share of residents who have lived in the same room for twelve months or more."""

    place: str
    name: str
    residents: int | None
    households: int | None
    average_household: float | None
    kind: dict[str, int] | None
    sex: dict[str, int] | None
    age: dict[str, int] | None
    stay: dict[str, int] | None
    stability: float | None
    median_months: float | None
    moved_in: int | None
    moved_out: int | None
    came: list[int] | None
    went: list[int] | None
    rooms: dict[str, int]


class AreaStatisticsOut(BaseModel):
    """The area that was asked for, and the areas right below it. No statistic is of a person: counts below 10 are withheld."""

    on: date
    whole: AreaRowOut
    parts: list[AreaRowOut]


def area_row_out(row: AreaRow) -> AreaRowOut:
    counted: dict[str, Any] = {**row.totals, **{name: None if group is None else dict(group) for name, group in row.groups.items()}}
    came, went = row.months["in"], row.months["out"]
    return AreaRowOut(
        place=row.place,
        name=row.name,
        **counted,
        average_household=row.average_household,
        stability=row.stability,
        median_months=row.median_months,
        came=None if came is None else list(came),
        went=None if went is None else list(went),
        rooms=dict(row.rooms),
    )


def statistics_out(found: AreaStatistics) -> AreaStatisticsOut:
    return AreaStatisticsOut(on=found.on, whole=area_row_out(found.whole), parts=[area_row_out(row) for row in found.parts])
