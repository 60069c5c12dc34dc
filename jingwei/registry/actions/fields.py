"""The dictionary is filled, described, switched on and off. Who describes and who switches on are two persons: docs/decisions/0040."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import Happening, record, record_all
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, Refused, invalid
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_seen
from jingwei.registry.models import Field
from jingwei.registry.queries.fields import value_of
from jingwei.registry.rules.fields import LONGEST_RETENTION, SHARING, FieldValue, faults_of_own, missing, read_dictionary
from jingwei.registry.rules.forbidden import forbidden


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a field. `owner`: the unit by its code or its id; none when empty."""

    title: str
    title_en: str = ""
    owner: str | int | None = None
    purpose: str = ""
    legal_basis: str = ""
    retention_months: int | None = None
    sharing: str = ""
    standard: str = ""


@dataclass
class FieldsLoaded:
    """What a load of the dictionary did; `refused` lines with their reasons."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, T]] = field(default_factory=list)


def may_describe(actor: Actor) -> bool:
    """System administrators write the dictionary."""
    return actor is SYSTEM or "system_admin" in actor.roles


def may_switch_on(actor: Actor, personal: bool) -> bool:
    """A personal field is switched on by a security administrator, any other also by a system administrator."""
    return actor is SYSTEM or bool(actor.roles & ({"security_admin"} if personal else {"security_admin", "system_admin"}))


@transaction.atomic
def load_fields(*, actor: Actor, at: datetime, text: str, owner: str = "") -> FieldsLoaded:
    """The dictionary from a file (rules.fields.read_dictionary), owned by the unit `owner` where nobody owns a field yet.

    What a city has described itself stays: a line fills what is empty, and new fields are added, off.
    """
    _only(may_describe(actor))
    unit = _unit(owner, "owner") if owner else None
    try:
        rows = read_dictionary(text)
    except ValueError as error:
        raise invalid("file", f"不是数据项字典：{error}", f"this is no field dictionary: {error}") from None
    report = FieldsLoaded(refused=[(row.line, fault) for row in rows for fault in row.faults[:1]])
    standing = {(f.thing, f.name): f for f in Field.objects.select_for_update()}
    new: list[Field] = []
    for row in rows:
        if row.faults:
            continue
        said = row.field
        values = {
            "title": said.title.zh,
            "title_en": said.title.en,
            "purpose": said.purpose,
            "legal_basis": said.legal_basis,
            "retention_months": said.retention_months,
            "sharing": said.sharing,
            "standard": said.standard,
        }
        known = standing.get((said.thing, said.name))
        if known is None:
            new.append(Field(thing=said.thing, name=said.name, type=said.type, personal=said.personal, owner=unit, described_by_id=actor.id, **values))
            continue
        empty = {name: value for name, value in values.items() if getattr(known, name) in ("", None) and value not in ("", None)}
        if known.owner_id is None and unit is not None:
            empty["owner_id"] = unit.pk
        if empty:
            Field.objects.filter(pk=known.pk).update(**empty, version=known.version + 1)
        report.changed += bool(empty)
        report.unchanged += not empty
    report.added = len(Field.objects.bulk_create(new))
    if report.added or report.changed:
        record("fields.loaded", actor=actor, at=at, subject_type="field", data={"added": report.added, "changed": report.changed, "owner": owner})
    return report


@transaction.atomic
def define_field(
    *,
    actor: Actor,
    at: datetime,
    thing: str,
    name: str,
    type: str,
    said: Description,
    personal: bool = False,
    choices: Sequence[tuple[str, str, str]] = (),
) -> FieldValue:
    """A field of the city's own, off until switched on; its values stand in the thing's `more`. `choices`: (code, title, English title).
    Invalid names what is wrong; what the register never records can't be a field."""
    _only(may_describe(actor))
    faults = faults_of_own(thing, name, said.title, said.title_en, type, [(code, f"{zh} {en}") for code, zh, en in choices], personal)
    faults += _faults(said)
    if faults:
        raise Invalid(errors=faults)
    try:
        with transaction.atomic():
            row = Field.objects.create(
                thing=thing,
                name=name,
                type=type,
                own=True,
                personal=personal,
                choices=[{"code": code, "title": zh, "title_en": en} for code, zh, en in choices],
                described_by_id=actor.id,
                **_values(said),
            )
    except IntegrityError:
        raise invalid("name", "这类对象已有同名数据项", "this thing has a field of that name") from None
    _record("field.defined", row, actor, at, {"type": type, "personal": personal, **_told(row)})
    return value_of(row)


@transaction.atomic
def describe_field(*, actor: Actor, at: datetime, thing: str, name: str, seen_version: int, said: Description) -> FieldValue:
    """What a field is for, on what basis, how long, whose, shared with whom. A field that is on must stay fully said; a personal one goes off
    with any change of purpose, basis, retention or sharing, until it is switched on anew."""
    _only(may_describe(actor))
    row = _locked(thing, name, seen_version)
    if faults := _faults(said, thing):
        raise Invalid(errors=faults)
    before = _told(row)
    for attribute, value in _values(said).items():
        setattr(row, attribute, value)
    changed = {key: [before[key], now] for key, now in _told(row).items() if before[key] != now}
    if not changed:
        return value_of(row)
    row.described_by_id = actor.id
    row.version += 1
    if row.is_on and (wanted := missing(value_of(row))):
        raise Refused(
            T("启用中的数据项不能缺项", "a field that is on can't lack it"), code="field_incomplete", errors=[FieldError(k, v) for k, v in wanted.items()]
        )
    went_off = row.is_on and row.personal and bool(changed.keys() & {"purpose", "legal_basis", "retention_months", "sharing"}) and actor is not SYSTEM
    row.is_on = row.is_on and not went_off
    row.save()
    _record("field.described", row, actor, at, {"changes": changed, "went_off": went_off})
    return value_of(row)


@transaction.atomic
def switch_on(*, actor: Actor, at: datetime, fields: Iterable[tuple[str, str]]) -> list[FieldValue]:
    """The fields (thing, name) are recorded and shown from now on. All or none: Refused names each that is not fully said, Forbidden for a personal
    field unless a security administrator asks who has not described it."""
    rows = _rows(fields)
    faults: list[FieldError] = []
    for row in rows:
        _only(may_switch_on(actor, row.personal))
        if row.personal and actor is not SYSTEM and row.described_by_id == actor.id:
            raise Forbidden(T(f"“{row.title}”由您写明，须由他人启用", f"you have described “{row.name}”: somebody else switches it on"), code="four_eyes")
        faults += [FieldError(f"{row.thing}.{row.name}.{what}", wanted) for what, wanted in missing(value_of(row)).items()]
    if faults:
        raise Refused(T("数据项未写全，不能启用", "a field is on only when everything is said of it"), code="field_incomplete", errors=faults)
    return _switch(rows, True, actor, at)


@transaction.atomic
def switch_off(*, actor: Actor, at: datetime, fields: Iterable[tuple[str, str]]) -> list[FieldValue]:
    """The fields are neither recorded nor shown from now on. What was recorded stays, unseen, until its retention ends or it is erased."""
    _only(actor is SYSTEM or bool(actor.roles & {"system_admin", "security_admin"}))
    return _switch(_rows(fields), False, actor, at)


def _switch(rows: list[Field], on: bool, actor: Actor, at: datetime) -> list[FieldValue]:
    moved = [row for row in rows if row.is_on != on]
    for row in moved:
        row.is_on, row.version = on, row.version + 1
    Field.objects.bulk_update(moved, ["is_on", "version"])
    type = "field.switched_on" if on else "field.switched_off"
    record_all(
        Happening(type=type, at=at, actor=actor, subject_type="field", district="000000", subject_key=f"{row.thing}.{row.name}", data=_told(row))
        for row in moved
    )
    return [value_of(row) for row in rows]


def _only(allowed: bool) -> None:
    if not allowed:
        raise Forbidden()


def _rows(fields: Iterable[tuple[str, str]]) -> list[Field]:
    wanted = list(dict.fromkeys(fields))
    things = {thing for thing, _ in wanted}
    rows = {(row.thing, row.name): row for row in Field.objects.select_for_update(of=("self",)).select_related("owner").filter(thing__in=things).order_by("pk")}
    if unknown := [f"{thing}.{name}" for thing, name in wanted if (thing, name) not in rows]:
        raise NotFound(T(f"字典中没有 {'、'.join(unknown)}", f"the dictionary has no {', '.join(unknown)}"))
    return [rows[key] for key in wanted]


def _locked(thing: str, name: str, seen_version: int) -> Field:
    (row,) = _rows([(thing, name)])
    check_seen(row, seen_version, thing=row.thing, name=row.name, is_on=row.is_on, **_told(row))
    return row


def _unit(wanted: str | int, part: str) -> Unit:
    unit = Unit.objects.current().filter(**({"pk": wanted} if isinstance(wanted, int) else {"code": wanted})).first()
    if unit is None:
        raise invalid(part, f"没有单位 {wanted}，或已撤销", f"there is no unit {wanted}, or it is closed")
    return unit


def _faults(said: Description, thing: str = "") -> list[FieldError]:
    faults = []
    if not said.title.strip():
        faults.append(FieldError("title", T("请写名称", "give it a title")))
    if said.sharing not in ("", *SHARING):
        faults.append(FieldError("sharing", T("没有这种共享属性", "there is no such sharing class")))
    if said.retention_months is not None and not 0 <= said.retention_months <= LONGEST_RETENTION:
        faults.append(FieldError("retention_months", T(f"应为 0 至 {LONGEST_RETENTION} 个月", f"0 to {LONGEST_RETENTION} months")))
    if thing and (matter := forbidden(said.title, said.title_en, thing=thing)):
        faults.append(FieldError("title", T(f"平台不记录{matter.zh}", f"the register does not record {matter.en}")))
    return faults


def _values(said: Description) -> dict[str, Any]:
    return {
        "title": said.title.strip(),
        "title_en": said.title_en.strip(),
        "owner": _unit(said.owner, "owner") if said.owner else None,
        "purpose": said.purpose.strip(),
        "legal_basis": said.legal_basis.strip(),
        "retention_months": said.retention_months,
        "sharing": said.sharing,
        "standard": said.standard.strip(),
    }


def _told(row: Field) -> dict[str, Any]:
    """The description as an event and a conflict tell it."""
    return {
        "title": row.title,
        "title_en": row.title_en,
        "owner": row.owner.code if row.owner else "",
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "retention_months": row.retention_months,
        "sharing": row.sharing,
        "standard": row.standard,
    }


def _record(type: str, row: Field, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    record(type, actor=actor, at=at, subject_type="field", subject_key=f"{row.thing}.{row.name}", data=data)
