"""The catalogue at a glance."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from jingwei.catalogue.queries import Catalogue
from jingwei.kit.schemas import Name
from jingwei.kit.text import T


class WarningOut(BaseModel):
    """Something that somebody should see to, and where."""

    about: Literal["dispatch", "calendars"]
    text: Name


class CatalogueOut(BaseModel):
    """Whether whoever asks may edit, and what wants to be seen to. `revision` moves with every change."""

    revision: int
    may_edit: bool
    today: date
    warnings: list[WarningOut]


def catalogue_out(book: Catalogue, today: date, may_edit: bool) -> CatalogueOut:
    warnings: list[WarningOut] = []
    broken = book.broken_rules(today)
    if broken:
        said = T(f"{len(broken)} 条派遣规则失效", f"{len(broken)} broken dispatch rule{'s' * (len(broken) > 1)}")
        warnings.append(WarningOut(about="dispatch", text=Name.of(said)))
    for calendar in book.calendars.values():
        if year := calendar.year_wanted(today):
            said = T(f"工作日历“{calendar.name}”还没有 {year} 年", f'the work calendar "{calendar.name}" has no {year} yet')
            warnings.append(WarningOut(about="calendars", text=Name.of(said)))
    return CatalogueOut(revision=book.revision, may_edit=may_edit, today=today, warnings=warnings)
