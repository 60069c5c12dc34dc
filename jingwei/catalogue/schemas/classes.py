"""Classes and filing conditions as they are edited one by one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from jingwei.catalogue.actions import ConditionDraft, MatterDraft
from jingwei.catalogue.actions.editing import Revised, mark
from jingwei.catalogue.models import FilingCondition, Matter
from jingwei.catalogue.rules.clock import Limit
from jingwei.catalogue.rules.values import is_national
from jingwei.kit.schemas import Coded, CodedName, In, Name
from jingwei.kit.text import T

Kind = Literal["event", "component"]
Code = Annotated[str, Field(max_length=20)]
Tag = Annotated[str, Field(max_length=40)]


class FieldChange(BaseModel):
    """One field that an edit makes another; an empty text where there was, or will be, nothing."""

    field: str
    was: str
    becomes: str


class MatterRow(BaseModel):
    """A class as it is edited. `fixed`: a national standard's, read-only. `tag` is what an edit names as seen."""

    edition: str
    kind: str
    code: str
    name: str
    major: Coded
    module: CodedName
    valid_from: date
    valid_to: date | None
    fixed: bool
    tag: str


class MatterRevised(BaseModel):
    """What an edit does, or with `dry_run` would do, from a day on; no changes: nothing is different."""

    dry_run: bool
    from_date: date
    changes: list[FieldChange]
    matter: MatterRow


class OpenIn(In):
    """An edition or a filing standard of the city's own, from a day on (today when left out)."""

    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[str, Field(min_length=1, max_length=500)]
    valid_from: date | None = None


class Edit(In):
    """With `dry_run` nothing is kept; the edit holds from `valid_from` on (today when left out)."""

    valid_from: date | None = None
    dry_run: bool = False


class MatterWritten(Edit):
    edition: Annotated[str, Field(max_length=60)]
    kind: Kind = "event"
    name: Annotated[str, Field(max_length=100)]
    module: Annotated[str, Field(max_length=30)]

    def draft(self) -> MatterDraft:
        return MatterDraft(self.name, self.module)


class MatterIn(MatterWritten):
    """A class below the major class `major`. Without a code it gets the next free one; `major_name` where no edition has that major class."""

    major: Annotated[str, Field(max_length=10, pattern=r"^[0-9A-Z]*$")]
    major_name: Annotated[str, Field(max_length=60)] = ""
    code: Code = ""


class MatterChange(MatterWritten):
    """`seen`: the tag of the class that was looked at."""

    seen: Tag


class StandardOut(BaseModel):
    """A city's filing standard."""

    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None


class ConditionRow(BaseModel):
    """When a case is filed and closed. `written_for`: the class in which the city wrote it. `tag` is what an edit names as seen."""

    id: int
    standard: str
    number: str
    written_for: Coded
    text: str
    close_text: str
    limit_value: int
    limit_unit: str
    limit: Name
    local: bool
    valid_from: date
    valid_to: date | None
    tag: str


class ConditionRevised(BaseModel):
    """What an edit does, or with `dry_run` would do, from a day on; no changes: nothing is different."""

    dry_run: bool
    from_date: date
    changes: list[FieldChange]
    condition: ConditionRow


class ConditionWritten(Edit):
    text: Annotated[str, Field(max_length=500)]
    close_text: Annotated[str, Field(max_length=500)] = ""
    limit_value: Annotated[int, Field(ge=-32768, le=32767)] | None = None
    limit_unit: Literal["", "urgent_hour", "work_hour", "work_day", "natural_day"] = ""

    def draft(self) -> ConditionDraft:
        return ConditionDraft(self.text, self.limit_value, self.limit_unit, self.close_text)


class ConditionIn(ConditionWritten):
    """A condition for a class, under `number` or the next free one."""

    standard: Annotated[str, Field(max_length=60)]
    edition: Annotated[str, Field(max_length=60)]
    kind: Kind = "event"
    code: Code
    number: Annotated[str, Field(max_length=30)] = ""


class ConditionChange(ConditionWritten):
    """`seen`: the tag of the condition that was looked at."""

    seen: Tag


def matter_row(row: Matter) -> MatterRow:
    return MatterRow(
        edition=row.edition.code,
        kind=row.kind,
        code=row.code,
        name=row.name,
        major=Coded(code=row.major_code, name=row.major_name),
        module=CodedName.of(row.module.code, T(row.module.name, row.module.name_en)),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        fixed=is_national(row.edition.code),
        tag=mark(row),
    )


def condition_row(row: FilingCondition) -> ConditionRow:
    return ConditionRow(
        id=row.pk,
        standard=row.standard.code,
        number=row.number,
        written_for=Coded(code=row.matter.code, name=row.matter.name),
        text=row.text,
        close_text=row.close_text,
        limit_value=row.limit_value,
        limit_unit=row.limit_unit,
        limit=Name.of(Limit(row.limit_value, row.limit_unit).text),  # type: ignore[arg-type]
        local=row.local,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        tag=mark(row),
    )


def _changes(what: Revised[Matter] | Revised[FilingCondition]) -> list[FieldChange]:
    return [FieldChange(field=field, was=was, becomes=becomes) for field, was, becomes in what.changes]


def matter_revised(what: Revised[Matter], dry_run: bool) -> MatterRevised:
    return MatterRevised(dry_run=dry_run, from_date=what.day, changes=_changes(what), matter=matter_row(what.row))


def condition_revised(what: Revised[FilingCondition], dry_run: bool) -> ConditionRevised:
    return ConditionRevised(dry_run=dry_run, from_date=what.day, changes=_changes(what), condition=condition_row(what.row))
