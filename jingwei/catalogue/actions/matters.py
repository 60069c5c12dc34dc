"""Matters and what belongs to them: modules, editions, crosswalks, filing standards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.catalogue.actions.editing import refuse
from jingwei.catalogue.actions.loading import (
    Key,
    LoadReport,
    begin_edit,
    close_standard,
    open_standard,
    read_rows,
    record_load,
    refuse_overlaps,
    standing_rows,
    upsert,
    write_rows,
)
from jingwei.catalogue.models import LIMIT_RANGE, Crosswalk, Edition, FilingCondition, FilingStandard, Matter, Module
from jingwei.catalogue.rules.clock import UNITS
from jingwei.catalogue.rules.files import Fault, Sheet, choice, number, period, word, yes
from jingwei.catalogue.rules.values import MATTER_KINDS, is_national
from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T

Row = Mapping[str, str]
FIXED = T("国家标准的事项在这里只读", "what a national standard lists can't be changed here")


@transaction.atomic
def load_modules(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """Business modules: code, name, name_en."""
    begin_edit(actor)
    report = LoadReport()

    def read(row: Row) -> tuple[Key, dict[str, Any]]:
        code = word(row, "code", 30)
        return code, {"code": code, "name": word(row, "name", 60), "name_en": word(row, "name_en", 60)}

    taken = read_rows(sheet, report, read)
    write_rows(Module, taken, standing_rows(Module.objects.all(), lambda m: m.code), report)
    record_load("modules.loaded", report, actor=actor, at=at, subject_type="catalogue", subject_key="modules")
    return report


@transaction.atomic
def load_matters(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """An edition's matters: kind, code, major_code, major_name, name, module and, where they differ from the head's
    dates, valid_from and valid_to. Head: edition, name, source, valid_from and, once another edition took over, valid_to.

    A national standard comes in whole; from then on only the installation changes it. For anybody else a row that says otherwise is refused."""
    begin_edit(actor)
    report = LoadReport()
    start, end = sheet.said_date("valid_from"), sheet.said_date("valid_to") if "valid_to" in sheet.head else None
    values = {"name": sheet.said("name")[:200], "source": sheet.said("source")[:500], "valid_from": start, "valid_to": end}
    code = sheet.said("edition")[:60]
    fixed = is_national(code) and actor is not SYSTEM and Edition.objects.filter(code=code).exists()
    if is_national(code) and not fixed:
        open_standard()
    if fixed:
        _refuse_other_head(code, values)
    edition = upsert(Edition, report, values, code=code)
    modules = {m.code: m.pk for m in Module.objects.all()}
    standing = standing_rows(Matter.objects.ever().filter(edition=edition), lambda m: (m.kind, m.code, m.valid_from))

    def read(row: Row) -> tuple[Key, dict[str, Any]]:
        kind, code, major = choice(row, "kind", MATTER_KINDS), word(row, "code", 20), word(row, "major_code", 10)
        if not (code.isascii() and code.isalnum() and code == code.upper()):
            raise Fault(f"代码“{code}”只能有数字和大写字母", f"the code “{code}” may have only digits and capital letters")
        if not code.startswith(major):
            raise Fault(f"代码 {code} 不以大类代码 {major} 开头", f"the code {code} does not begin with its major code {major}")
        valid_from, valid_to = period(row, start, end)
        said = {
            "edition_id": edition.pk,
            "kind": kind,
            "code": code,
            "name": word(row, "name", 100),
            "major_code": major,
            "major_name": word(row, "major_name", 60),
            "module_id": modules[choice(row, "module", modules)],
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        key = (kind, code, valid_from)
        if fixed and (key not in standing or any(getattr(standing[key], name) != value for name, value in said.items())):
            raise Fault(*FIXED)
        return key, said

    taken = read_rows(sheet, report, read)
    refuse_overlaps(taken, standing, lambda key: key[:2], sheet, report)  # type: ignore[index]
    if is_national(code) and actor is not SYSTEM and not fixed and report.refused:
        raise Invalid(T("国家标准要整份载入", "a national standard comes in whole"), errors=[FieldError(f"line {r.line}", r.reason) for r in report.refused])
    write_rows(Matter, taken, standing, report)
    close_standard()
    record_load("matters.loaded", report, actor=actor, at=at, subject_type="edition", subject_key=edition.code)
    return report


def _refuse_other_head(code: str, values: Mapping[str, Any]) -> None:
    standing = Edition.objects.get(code=code)
    refuse([(name, FIXED) for name, value in values.items() if getattr(standing, name) != value])


def _edition(sheet: Sheet, key: str) -> Edition:
    found = Edition.objects.filter(code=sheet.said(key)).first()
    if found is None:
        raise Invalid(errors=[FieldError(key, T(f"版本“{sheet.said(key)}”尚未载入", f"the edition “{sheet.said(key)}” has not been loaded"))])
    return found


Known = Mapping[tuple[str, ...], int]


def _matter_ids(*editions: Edition) -> Known:
    """(kind, code) → id, of the newest row of each class, a later edition wins; and (kind, code, first day) → id of each row."""
    found: dict[tuple[str, ...], int] = {}
    for edition in editions:
        for kind, code, first, pk in Matter.objects.ever().filter(edition=edition).order_by("valid_from").values_list("kind", "code", "valid_from", "pk"):
            found[kind, code] = found[kind, code, str(first)] = pk
    return found


def _matter_id(known: Known, kind: str, code: str, first: str = "") -> int:
    """`first`: the day from which the class was listed so, where it was changed since; empty: as it is now."""
    try:
        return known[(kind, code, first) if first else (kind, code)]
    except KeyError:
        raise Fault(f"没有 {code} 这一类", f"there is no class {code}") from None


@transaction.atomic
def load_crosswalk(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """What classes became in another edition: old_kind, old_code, new_kind, new_code, relation (same, renamed, partial,
    none), note; old_from, new_from where an earlier listing of the class is meant. Head: old_edition, new_edition."""
    begin_edit(actor)
    report = LoadReport()
    old_edition, new_edition = _edition(sheet, "old_edition"), _edition(sheet, "new_edition")
    olds, news = _matter_ids(old_edition), _matter_ids(new_edition)

    def read(row: Row) -> tuple[Key, dict[str, Any]]:
        old = _matter_id(olds, choice(row, "old_kind", MATTER_KINDS), word(row, "old_code", 20), row.get("old_from", ""))
        relation = choice(row, "relation", ("same", "renamed", "partial", "none"))
        new = None
        if relation != "none":
            new = _matter_id(news, choice(row, "new_kind", MATTER_KINDS), word(row, "new_code", 20), row.get("new_from", ""))
        elif row.get("new_code"):
            raise Fault("没有对应时不能写新代码", "a class without counterpart can have no new code")
        return (old, new), {
            "old_id": old,
            "new_id": new,
            "new_edition_id": new_edition.pk,
            "relation": relation,
            "note": word(row, "note", 200, empty=True),
        }

    taken = read_rows(sheet, report, read)
    standing = standing_rows(Crosswalk.objects.filter(new_edition=new_edition, old__edition=old_edition), lambda c: (c.old_id, c.new_id))
    write_rows(Crosswalk, taken, standing, report)
    record_load("crosswalk.loaded", report, actor=actor, at=at, subject_type="edition", subject_key=old_edition.code)
    return report


@transaction.atomic
def load_conditions(*, actor: Actor, at: datetime, sheet: Sheet) -> LoadReport:
    """A filing standard's conditions: number, kind, code, condition, close_condition, limit_value, limit_unit, local; edition and listed_from
    where the class is not the head's edition's, or an earlier listing; valid_from and valid_to where they differ from the head's dates. Head:
    standard, name, source, valid_from, edition and, for classes of the city's own, local_edition; valid_to once another standard took over
    ("-": none did). To change a condition from a day on, end its row and add another: cases keep the row under which they were filed."""
    begin_edit(actor)
    report = LoadReport()
    editions = [_edition(sheet, key) for key in ("edition", "local_edition") if key == "edition" or key in sheet.head]
    matters = _matter_ids(*editions)
    of_edition = {e.code: _matter_ids(e) for e in Edition.objects.all()} if any("edition" in row for _, row in sheet.rows) else {}
    start, end = sheet.said_date("valid_from"), sheet.said_date("valid_to") if sheet.head.get("valid_to", "-") != "-" else None
    values: dict[str, Any] = {"name": sheet.said("name")[:200], "source": sheet.said("source")[:500], "valid_from": start}
    if "valid_to" in sheet.head:
        values["valid_to"] = end
    standard = upsert(FilingStandard, report, values, code=sheet.said("standard")[:60])

    def read(row: Row) -> tuple[Key, dict[str, Any]]:
        code = word(row, "number", 30)
        known = of_edition[choice(row, "edition", of_edition)] if row.get("edition") else matters
        valid_from, valid_to = period(row, start, end)
        return (code, valid_from), {
            "standard_id": standard.pk,
            "number": code,
            "matter_id": _matter_id(known, choice(row, "kind", MATTER_KINDS), word(row, "code", 20), row.get("listed_from", "")),
            "text": word(row, "condition", 500),
            "close_text": word(row, "close_condition", 500, empty=True),
            "limit_value": number(row, "limit_value", *LIMIT_RANGE),
            "limit_unit": choice(row, "limit_unit", UNITS),
            "local": yes(row, "local"),
            "valid_from": valid_from,
            "valid_to": valid_to,
        }

    taken = read_rows(sheet, report, read)
    standing = standing_rows(standard.conditions.ever(), lambda c: (c.number, c.valid_from))
    refuse_overlaps(taken, standing, lambda key: key[0], sheet, report)  # type: ignore[index]
    write_rows(FilingCondition, taken, standing, report)
    record_load("conditions.loaded", report, actor=actor, at=at, subject_type="filing_standard", subject_key=standard.code)
    return report
