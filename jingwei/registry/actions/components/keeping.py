"""Components are registered, changed and moved, one by one."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from jingwei.accounts.rules import KEEPS_REGISTER, ROLES, Actor
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, Refused, invalid
from jingwei.kit.ids import district_of, new_id
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import Spot, change, check_keeps, done_before, lock_one, note, placed, refuse, write
from jingwei.registry.models import Component, ComponentClass, ComponentCondition, Organisation
from jingwei.registry.queries import require_on
from jingwei.registry.rules import components as rules
from jingwei.registry.rules.numbers import NumberFault, uscc

EDITION = "GB/T 47678.5-2026"
# Who may say that something is broken or gone: whoever may report a case there.
REPORTS_STATE = ("registrar", *(code for code, role in ROLES.items() if role.opens_cases))
_NEXT = """
insert into registry_givennumber as g (kind, within, last)
select 'component', %(within)s, case when %(taken)s > 0 then greatest(%(taken)s, last) else last + 1 end
  from (select coalesce(max(right(code, 6)::int), 0) last from registry_component
         where district = %(district)s and code ^@ %(within)s and length(code) = length(%(within)s) + 6) c
on conflict (kind, within) do update set last = case when %(taken)s > 0 then greatest(g.last, %(taken)s) else g.last + 1 end
returning last"""


@dataclass(frozen=True)
class ComponentFacts:
    """What somebody writes down of a component (the standard's table 2 but for its code, place and state)."""

    name: str = ""
    department: str = ""
    department_code: str = ""
    owner: str = ""
    owner_code: str = ""
    keeper: str = ""
    keeper_code: str = ""
    accuracy: str = ""
    placed_date: date | None = None
    changed_date: date | None = None
    note: str = ""
    address: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    organisation_id: UUID | None = None


def said(component: Component) -> dict[str, Any]:
    """How it stands, for somebody who saw an older version."""
    return {"code": component.code, "name": component.name, "state": component.state}


@transaction.atomic
def register_component(
    *, actor: Actor, at: datetime, klass: str, spot: Spot, facts: ComponentFacts, edition: str = EDITION, code: str = "", state: str = "intact",
    source: str = "", command: str | None = None,
) -> Component:  # fmt: skip
    """A thing of a class stands at a point from today on. Without `code` it is given the next number of its class in the district.

    Raises Invalid (naming the field), Forbidden, Refused (`component_code_taken`).
    """
    where = placed(spot, at)
    check_keeps(actor, where.place, KEEPS_REGISTER)
    if done := done_before(command, actor, where.district, "component.registered"):
        return Component.objects.select_related("klass").get(district=where.district, id=done)
    found = ComponentClass.objects.filter(edition=edition, code=klass).first()
    if found is None:
        raise invalid("klass", f"{edition} 中没有 {klass} 这一类", f"{edition} has no class {klass}")
    values = _values(facts, found, actor, at)
    if state not in rules.STATES:
        raise invalid("state", f"没有“{state}”这个状态", f"there is no state {state!r}")
    require_on("component", _written(values) | {"state", "geometry"}, new=True)
    component = Component(
        district=where.district,
        id=new_id(where.district, at),
        place=where.place,
        code=give_code(where.district, found.code, code),
        klass=found,
        state=state,
        source=source,
        geometry=where.point,
        crs=where.crs,
        **(values | {"name": values["name"] or found.name}),
    )
    try:
        with transaction.atomic():
            component.save(force_insert=True)
    except IntegrityError as error:
        if "component_code" not in str(error):
            raise
        raise Refused(T(f"标识码 {component.code} 已有部件", f"the code {component.code} is another component's"), code="component_code_taken") from None
    open_condition(component, at=at, source=source)
    data = {"code": component.code, "class": found.code, "name": component.name, "state": state}
    note("component.registered", actor=actor, at=at, row=component, subject="component", data=data, command=command)
    return component


@transaction.atomic
def change_component(*, actor: Actor, at: datetime, component_id: UUID, seen_version: int, facts: ComponentFacts) -> Component:
    """What is written of a component becomes `facts`. Raises NotFound, Conflict, Forbidden, Invalid."""
    component = lock_one(Component, actor, component_id, seen_version, said)
    check_keeps(actor, component.place, KEEPS_REGISTER)
    values = _values(facts, component.klass, actor, at, kept=component.organisation_id)
    values["name"] = values["name"] or component.klass.name
    require_on("component", _written({k: v for k, v in values.items() if getattr(component, k) != v}))
    if before := change(component, values):
        data = {"before": _plain(before), "version": component.version}
        note("component.changed", actor=actor, at=at, row=component, subject="component", data=data)
    return component


@transaction.atomic
def move_component(*, actor: Actor, at: datetime, component_id: UUID, seen_version: int, spot: Spot) -> Component:
    """The component stands elsewhere, or was drawn at the wrong point. Its code and its home district stay.

    Raises NotFound, Conflict, Forbidden (also where the new place is not the actor's), Invalid, Refused for what was removed.
    """
    component = lock_one(Component, actor, component_id, seen_version, said)
    check_keeps(actor, component.place, KEEPS_REGISTER)
    where = placed(spot, at)
    check_keeps(actor, where.place, KEEPS_REGISTER)
    if component.state == "removed":
        raise Refused(T("已移除的部件不再移位", "what was removed is not moved"), code="component_removed")
    before, was = component.place, component.geometry.centroid
    component.geometry, component.crs, component.place = where.point, where.crs, where.place
    component.changed_date = localdate(at)
    component.version += 1
    write(component, "geometry", "crs", "place", "changed_date")
    data = {"place_before": before, "from": [was.x, was.y], "to": [where.point.x, where.point.y], "version": component.version}
    note("component.moved", actor=actor, at=at, row=component, subject="component", data=data)
    return component


@transaction.atomic
def set_state(
    *, actor: Actor, at: datetime, component_id: UUID, state: str, remark: str = "", case_id: UUID | None = None, seen_version: int | None = None
) -> Component:
    """The component is in another state from now on; the former one ends. `case_id`: the case in which this was seen.

    Whoever may report a case there may say it; only those who keep the register may say that it was removed, for nothing follows.
    Raises NotFound, Conflict, Forbidden, Invalid.
    """
    component = lock_one(Component, actor, component_id, seen_version, said)
    if not actor.holds(KEEPS_REGISTER if state == "removed" else REPORTS_STATE, component.place):
        raise Forbidden(T("您不能变更这个部件的状态", "you may not say the state of this component"))
    if fault := rules.state_fault(component.state, state):
        raise invalid("state", *fault)
    if case_id is not None and district_of(case_id) is None:
        raise invalid("case_id", "没有这个案件", "there is no such case")
    before = component.state
    component.state, component.changed_date = state, localdate(at)
    component.version += 1
    write(component, "state", "changed_date")
    conditions = ComponentCondition.objects.filter(district=component.district, component_id=component.id, to_at__isnull=True)
    last = conditions.first()
    since = max(at, last.from_at) if last else at  # of two states the later is not before the earlier, whatever the clocks said
    conditions.update(to_at=since)
    open_condition(component, at=since, remark=remark, case_id=case_id)
    data = {"before": before, "state": state, "note": remark, "case": case_id, "version": component.version}
    note("component.state_set", actor=actor, at=at, row=component, subject="component", data=data)
    return component


def open_condition(component: Component, *, at: datetime, remark: str = "", case_id: UUID | None = None, source: str = "") -> None:
    """The state holds from `at` on."""
    ComponentCondition.objects.create(
        district=component.district, id=new_id(component.district, at), component_id=component.id, state=component.state, from_at=at,
        note=remark, case_id=case_id, source=source,
    )  # fmt: skip


def give_code(district: str, klass: str, wanted: str = "") -> str:
    """The next code of a class in a district, or `wanted` where it is one of theirs; none is given twice, also by two at once (the counter's
    row is locked until the transaction ends). Raises Invalid."""
    taken = 0
    if wanted:
        try:
            read = rules.read_code(wanted)
        except rules.CodeFault as fault:
            raise invalid("code", *fault.why) from None
        if read.district != district or read.klass != klass:
            raise invalid("code", f"标识码应以 {district}{klass} 开头", f"the code of this class here begins with {district}{klass}")
        taken = read.number
    given = db.row(_NEXT, {"within": district + klass, "district": district, "taken": taken})
    assert given
    try:
        return rules.given_code(district, klass, taken or given[0])
    except rules.CodeFault as fault:
        raise invalid("klass", *fault.why) from None


def credit_code(text: str, field: str) -> str:
    """A credit code in its one form, or nothing. Raises Invalid naming `field`."""
    try:
        return uscc(text) if text.strip() else ""
    except NumberFault as fault:
        raise invalid(field, *fault.why) from None


def _values(facts: ComponentFacts, klass: ComponentClass, actor: Actor, at: datetime, kept: UUID | None = None) -> dict[str, Any]:
    """The facts, checked, as they are written."""
    values = {key: value.strip() if isinstance(value, str) else value for key, value in asdict(facts).items()}
    for part in ("department_code", "owner_code", "keeper_code"):
        values[part] = credit_code(values[part], part)
    known = {name for name, *_ in klass.attributes}
    unknown = sorted(set(facts.attributes) - known)
    theirs = facts.organisation_id
    refuse(
        [
            ("accuracy", None if facts.accuracy in rules.ACCURACIES else T("精度为 A、B 或 C", "the accuracy is A, B or C")),
            ("changed_date", rules.dates_fault(facts.placed_date, facts.changed_date, localdate(at))),
            ("attributes", T(f"该类没有属性 {'、'.join(unknown)}", f"this class has no attribute {', '.join(unknown)}") if unknown else None),
            ("organisation_id", _stranger(actor, theirs) if theirs and theirs != kept else None),
            ("organisation_id", T("请选择所属单位", "name the organisation") if klass.kind != "component" and theirs is None else None),
        ]
    )
    return values


def _written(values: dict[str, Any]) -> set[str]:
    """What the field dictionary calls the columns that get a value."""
    return {key.removesuffix("_id") for key, value in values.items() if value}


def _stranger(actor: Actor, organisation: UUID) -> T | None:
    seen = Organisation.objects.visible_to(actor).filter(district=district_of(organisation) or "", id=organisation).exists()
    return None if seen else T("没有这个单位", "there is no such organisation")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: [value.x, value.y] if isinstance(value, Point) else value for key, value in values.items()}
