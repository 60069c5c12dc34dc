"""The dispatch table at the doors."""

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, Field

from jingwei.catalogue.models import DispatchRule
from jingwei.catalogue.queries import catalogue, table_tag
from jingwei.catalogue.rules.dispatch import report
from jingwei.catalogue.rules.table import MOST_RULES, DraftRule
from jingwei.kit.schemas import In, Name, UnitRef
from jingwei.kit.text import T


class TableRule(BaseModel):
    """A line of the table with what a form needs to change it. `broken` says why it can't work."""

    id: int
    position: int
    matter: str
    matter_name: str
    area: str
    area_name: str
    source: str
    days: str
    from_time: time | None
    to_time: time | None
    unit: UnitRef
    note: str
    valid_from: date
    valid_to: date | None
    broken: Name | None


class DispatchTableOut(BaseModel):
    """The rules that hold today or will later, in order. An edit names the `tag` as seen."""

    tag: str
    may_edit: bool
    rules: list[TableRule]


class DispatchTableIn(In):
    """The whole table in its order, as it shall be from `valid_from` on (today when left out)."""

    seen: Annotated[str, Field(max_length=40)]
    rules: Annotated[list[DraftRule], Field(max_length=MOST_RULES)]
    valid_from: date | None = None


def table_out(rules: list[DispatchRule], places: dict[str, str], on: date, may_edit: bool) -> DispatchTableOut:
    book = catalogue()
    broken = {r.id: report(r, on) for r in book.dispatch_rules}
    return DispatchTableOut(
        tag=table_tag(rules), may_edit=may_edit, rules=[_rule(r, book.matter_title(r.matter), places.get(r.area, ""), broken.get(r.pk)) for r in rules]
    )


def _rule(r: DispatchRule, matter_name: str, area_name: str, broken: T | None) -> TableRule:
    return TableRule(
        id=r.pk,
        position=r.position,
        matter=r.matter,
        matter_name=matter_name,
        area=r.area,
        area_name=area_name,
        source=r.source,
        days=r.days,
        from_time=r.from_time,
        to_time=r.to_time,
        unit=UnitRef(id=r.unit_id, name=r.unit.name),
        note=r.note,
        valid_from=r.valid_from,
        valid_to=r.valid_to,
        broken=Name.of(broken) if broken else None,
    )
