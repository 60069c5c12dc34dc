"""Filing conditions one by one: added, changed and ended from a day on. A case keeps the one under which it was filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.classes import standing_matter
from jingwei.catalogue.actions.editing import Revised, cease, check_seen, compared, empty, finish, first_day, refuse, succeed
from jingwei.catalogue.actions.loading import begin_edit
from jingwei.catalogue.models import LIMIT_RANGE, FilingCondition, FilingStandard
from jingwei.catalogue.rules.clock import UNITS
from jingwei.catalogue.rules.codes import next_number
from jingwei.catalogue.rules.values import is_national
from jingwei.events.actions import record
from jingwei.kit.errors import NotFound, invalid
from jingwei.kit.text import T
from jingwei.kit.times import localdate


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """A filing condition as somebody writes it: when a case is filed and closed, and how long handling may take."""

    text: str
    limit_value: int | None
    limit_unit: str
    close_text: str = ""


@transaction.atomic
def open_filing_standard(*, actor: Actor, at: datetime, code: str, name: str, source: str, valid_from: date | None = None) -> FilingStandard:
    """A filing standard to which conditions are added one by one. Invalid for a code that is taken."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    faults = empty(code=code, name=name, source=source)
    if FilingStandard.objects.filter(code=code.strip()).exists():
        faults.append(("code", T(f"已有立案标准 {code}", f"there is a filing standard {code}")))
    refuse(faults)
    standard = FilingStandard.objects.create(code=code.strip(), name=name.strip(), source=source.strip(), valid_from=day)
    data = {"code": standard.code, "name": standard.name, "source": standard.source, "from": day}
    record("filing_standard.opened", actor=actor, at=at, subject_type="filing_standard", subject_key=standard.code, data=data)
    return standard


@transaction.atomic
def add_condition(
    *,
    actor: Actor,
    at: datetime,
    standard: str,
    edition: str,
    kind: str,
    code: str,
    draft: ConditionDraft,
    number: str = "",
    valid_from: date | None = None,
    dry_run: bool = False,
) -> Revised[FilingCondition]:
    """A condition for a class in use, from a day on (by default today), under `number` or the next free one. Invalid names what is wrong at its
    field."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    faults = _faults(draft)
    home = FilingStandard.objects.filter(code=standard).first()
    if home is None or (home.valid_to and home.valid_to <= day):
        faults.append(("standard", T(f"没有在用的立案标准 {standard}", f"there is no filing standard {standard} in use")))
    matter = None
    try:
        matter = standing_matter(edition, kind, code, localdate(at))
    except NotFound as unknown:
        faults.append(("code", unknown.message))
    taken = set(FilingCondition.objects.filter(standard=home).values_list("number", flat=True))
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    if number.strip() and FilingCondition.objects.ever().filter(lasting, standard=home, number=number.strip()).exists():
        faults.append(("number", T(f"编号 {number.strip()} 已被使用", f"the number {number.strip()} is taken")))
    refuse(faults)
    assert home and matter
    row = FilingCondition.objects.create(
        standard=home,
        number=number.strip() or next_number(code, taken),
        matter=matter,
        local=not is_national(edition),
        valid_from=day,
        valid_to=home.valid_to,
        **_written(draft),
    )
    return _done("condition.added", Revised(row, day, compared(None, shown_condition(row))), actor, at, dry_run)


@transaction.atomic
def change_condition(
    *, actor: Actor, at: datetime, condition_id: int, seen: str, draft: ConditionDraft, valid_from: date | None = None, dry_run: bool = False
) -> Revised[FilingCondition]:
    """The condition as drafted, from a day on; what was filed under it keeps it as it was. Conflict when it was changed since it was `seen`."""
    begin_edit(actor)
    row, day = _standing(condition_id, seen, at), first_day(at, valid_from)
    refuse(_faults(draft))
    was = shown_condition(row)
    held = succeed(row, _written(draft), day, localdate(at))
    return _done("condition.changed", Revised(held, day, compared(was, shown_condition(held))), actor, at, dry_run)


@transaction.atomic
def end_condition(*, actor: Actor, at: datetime, condition_id: int, seen: str, valid_to: date | None = None, dry_run: bool = False) -> Revised[FilingCondition]:
    """Nothing is filed under the condition from a day on (by default today)."""
    begin_edit(actor)
    row, day = _standing(condition_id, seen, at), first_day(at, valid_to, "valid_to")
    was = shown_condition(row)
    cease(row, day)
    row.refresh_from_db()
    return _done("condition.ended", Revised(row, day, compared(was, shown_condition(row))), actor, at, dry_run)


def shown_condition(row: FilingCondition) -> dict[str, Any]:
    """The condition as an event, a conflict and a comparison tell it."""
    names = ("number", "text", "close_text", "limit_value", "limit_unit", "valid_from", "valid_to")
    return {"standard": row.standard.code, **{name: getattr(row, name) for name in names}}


def _standing(condition_id: int, seen: str, at: datetime) -> FilingCondition:
    row = FilingCondition.objects.ever().select_related("standard").filter(pk=condition_id).first()
    if row is None or (row.valid_to and row.valid_to <= localdate(at)):
        raise NotFound(T("没有这个立案条件，或刚被替换", "there is no such filing condition, or it has just been replaced"))
    check_seen(row, seen, shown_condition(row))
    later = FilingCondition.objects.ever().filter(standard=row.standard, number=row.number, valid_from__gt=row.valid_from)
    if later.exists():
        raise invalid("valid_from", "这个条件以后还有一版，请改那一版", "a later version of this condition is there already: change that one")
    return row


def _faults(draft: ConditionDraft) -> list[tuple[str, T]]:
    faults = []
    if not draft.text.strip():
        faults.append(("text", T("请写立案条件", "write when a case is filed")))
    if draft.limit_value is None or not LIMIT_RANGE[0] <= draft.limit_value <= LIMIT_RANGE[1]:
        faults.append(("limit_value", T("时限应为 1 至 3650", "the limit is 1 to 3650")))
    if draft.limit_unit not in UNITS:
        faults.append(("limit_unit", T("请选择时限的单位", "choose the unit of the limit")))
    return faults


def _written(draft: ConditionDraft) -> Mapping[str, Any]:
    return {"text": draft.text.strip(), "close_text": draft.close_text.strip(), "limit_value": draft.limit_value, "limit_unit": draft.limit_unit}


def _done(type: str, what: Revised[FilingCondition], actor: Actor, at: datetime, dry_run: bool) -> Revised[FilingCondition]:
    return finish(type, what, actor, at, dry_run, subject=("filing_standard", what.row.standard.code), shown=shown_condition(what.row))
