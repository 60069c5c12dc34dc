"""The field dictionary as it stands: one immutable snapshot a process, read again when its revision moved."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jingwei.kit import db
from jingwei.kit.errors import FieldError, Invalid, Refused
from jingwei.kit.text import T
from jingwei.registry.models import Field
from jingwei.registry.rules.fields import NEEDED, FieldValue, WrongValue, read_value

Row = TypeVar("Row")


@dataclass(frozen=True)
class Dictionary:
    """Every field by thing and name, in the order of the dictionary."""

    revision: int
    things: Mapping[str, Mapping[str, FieldValue]]

    def of(self, thing: str) -> Mapping[str, FieldValue]:
        return self.things.get(thing, {})

    def on(self, thing: str) -> frozenset[str]:
        return frozenset(name for name, field in self.of(thing).items() if field.is_on)

    def off(self, thing: str, *, own: bool = False) -> frozenset[str]:
        """Those with a column; with `own`, the city's too."""
        return frozenset(name for name, field in self.of(thing).items() if not field.is_on and (own or not field.own))


_held: Dictionary | None = None
_reading = threading.Lock()


def dictionary() -> Dictionary:
    """The snapshot of this process; one statement of one row where it is still good."""
    global _held
    revision = _revision()
    held = _held
    if held is not None and held.revision == revision:
        return held
    with _reading:
        while _held is None or _held.revision != revision:  # statements of one read may straddle somebody's commit: then it is read again
            things = _read()
            if revision == (now := _revision()):
                _held = Dictionary(revision, things)
            revision = now
        return _held


def _revision() -> int:
    found = db.row("select number from registry_fieldrevision")
    return int(found[0]) if found else 0


def _read() -> dict[str, dict[str, FieldValue]]:
    things: dict[str, dict[str, FieldValue]] = {}
    for row in Field.objects.select_related("owner").order_by("own", "pk"):
        things.setdefault(row.thing, {})[row.name] = value_of(row)
    return things


def value_of(row: Field) -> FieldValue:
    """A row of the dictionary as a plain value."""
    return FieldValue(
        row.thing,
        row.name,
        T(row.title, row.title_en),
        type=row.type,
        choices=tuple((c["code"], T(c["title"], c.get("title_en", ""))) for c in row.choices),
        personal=row.personal,
        own=row.own,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        purpose=row.purpose,
        legal_basis=row.legal_basis,
        retention_months=row.retention_months,
        sharing=row.sharing,
        standard=row.standard,
        is_on=row.is_on,
        version=row.version,
        described_by=row.described_by_id,
    )


def fields_on(thing: str) -> frozenset[str]:
    """The names of the fields of a thing that are on, the city's own among them. What is not in here is neither written nor shown."""
    return dictionary().on(thing)


def require_on(thing: str, names: Iterable[str], *, new: bool = False, prefix: str = "") -> None:
    """Refused with every field of `names` that is off, named (after `prefix`); with `new`, also with what nothing of its kind can be registered without.

    A name is the column's, without `_sealed`, `_id` or `_index` (resident.identity, residency.room); `names` are those that somebody wants to write.
    """
    held = dictionary()
    wanted = set(names) | (NEEDED.get(thing, frozenset()) if new else frozenset())
    off = sorted(wanted - held.on(thing))
    if off:
        fields = held.of(thing)
        raise Refused(
            T("有数据项未启用，不能登记", "fields that are off can't be recorded"),
            code="field_off",
            errors=[FieldError(prefix + name, _off(fields.get(name), name)) for name in off],
        )


def _off(field: FieldValue | None, name: str) -> T:
    if field is None:
        return T(f"数据项字典中没有“{name}”", f"the field dictionary has no “{name}”")
    return T(
        f"数据项“{field.title.zh}”未启用：须先在数据项字典中写明并启用", f"the field “{field.title.en or name}” is off: it has to be described and switched on"
    )


def shown(thing: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without the fields that are off. What is no field of the dictionary (id, version, place …) stays; of `more`, the own fields that are on."""
    held = dictionary()
    fields, on = held.of(thing), held.on(thing)
    kept = {name: value for name, value in record.items() if name not in fields or name in on}
    if isinstance(kept.get("more"), Mapping):
        kept["more"] = more_shown(held, thing, kept["more"])
    return kept


def more_shown(held: Dictionary, thing: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values of own fields, those that are on."""
    on = held.on(thing)
    return {name: value for name, value in more.items() if name in on}


def blanked(row: Row, off: Collection[str]) -> Row:
    """The same for a dataclass, once `off` is known (`Dictionary.off`): nothing in place of what is off, "" for a text, None for the rest."""
    gone = {name: "" if isinstance(getattr(row, name), str) else None for name in off if hasattr(row, name)}
    return replace(row, **gone) if gone else row  # type: ignore[type-var]


def own_fields(thing: str) -> list[FieldValue]:
    """The city's own fields of a thing that are on, for forms and mappings."""
    return [field for field in dictionary().of(thing).values() if field.own and field.is_on]


def more_changed(thing: str, present: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """`more` after `said` of some own fields: null empties one, what isn't named stays. Raises as read_more does."""
    return {name: value for name, value in present.items() if name not in said} | read_more(thing, said)


def read_more(thing: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of own fields as `more` keeps them, without empty ones. Refused for a field that is off or unknown, Invalid for a value that it can't hold."""
    if not values:
        return {}
    own = {field.name: field for field in own_fields(thing)}
    require_on(thing, [name for name in values if name not in own], prefix="more.")
    if foreign := [name for name in values if name not in own]:  # on, and not one's own: it has a column
        raise Invalid(errors=[FieldError(f"more.{name}", T("没有这个自定义数据项", "there is no such field of one's own")) for name in foreign])
    read, faults = {}, []
    for name, value in values.items():
        try:
            read[name] = read_value(own[name], value)
        except WrongValue as wrong:
            faults.append(FieldError(f"more.{name}", wrong.message))
    if faults:
        raise Invalid(errors=faults)
    return {name: value for name, value in read.items() if value is not None}
