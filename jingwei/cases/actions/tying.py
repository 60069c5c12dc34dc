"""A case is tied to what it is about: a room, a building, a component, an organisation, a resident. None of this moves the case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.queries import districts_in
from jingwei.cases.models import Case, CaseTie
from jingwei.cases.queries.whole import one_case
from jingwei.cases.rules.ties import THINGS, may_tie
from jingwei.events.actions import Happening, record, record_all
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, invalid
from jingwei.kit.ids import district_of, new_id
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T
from jingwei.registry.models import Building, Component, Organisation, Resident, Room
from jingwei.registry.queries import door_sql, label_sql


class Named(NamedTuple):
    """A thing as a reporter names it: a `component` by its code, a `plate` by the number on it (which stands for its room or building)."""

    kind: str
    code: str


class Thing(NamedTuple):
    """A thing of the register: its id (a building's is a number), and what the record calls it ("" for a resident)."""

    kind: str
    id: UUID | int
    label: str


_NAMED = f"""
select 'component', code, 'component', id, null::bigint, name || ' ' || code from registry_component
 where code = any(%(components)s) and {lies_in("place")}
union all
select 'plate', p.number, case when p.room_id is null then 'building' else 'room' end, p.room_id, p.building_id,
       {label_sql()} || coalesce(' ' || {door_sql("r")}, '')
  from registry_plate p join registry_building b on b.id = p.building_id
  left join registry_room r on r.district = p.district and r.id = p.room_id
 where p.number = any(%(plates)s) and p.voided_at is null and {lies_in("p.place")}
   and p.district = any(%(districts)s)"""


def named_things(actor: Actor, names: Sequence[Named]) -> dict[Named, Thing]:
    """The things among `names` that the actor may read; one or two statements, none for no name."""
    if not names:
        return {}
    areas = [""] if actor is SYSTEM else list(actor.areas())
    asked = {
        "components": [n.code for n in names if n.kind == "component"],
        "plates": [n.code for n in names if n.kind == "plate"],
        "areas": areas,
        "districts": districts_in(areas),
    }
    return {Named(kind, code): Thing(thing, building if id is None else id, label) for kind, code, thing, id, building, label in db.rows(_NAMED, asked)}


def unknown_thing(names: Sequence[Named], known: Mapping[Named, Thing]) -> None:
    """Raises Invalid with each of `names` that is not known."""
    message = T("您的范围内没有这个部件或门牌", "there is no such component or plate within your areas")
    if errors := [FieldError(f"things.{i}.code", message) for i, name in enumerate(names) if name not in known]:
        raise Invalid(errors=errors)


_WRITE = """
insert into cases_casetie (district, id, case_id, thing, thing_id, building_id, source, since, tied_by_id)
select * from unnest(%s::varchar[], %s::uuid[], %s::uuid[], %s::varchar[], %s::uuid[], %s::bigint[], %s::varchar[], %s::timestamptz[], %s::bigint[])
    on conflict do nothing returning id"""


def write_ties(actor: Actor, ties: Sequence[tuple[Case, datetime, Thing, str]]) -> None:
    """Ties in one statement. The source is how it is known: "report", which the opening itself has recorded, or "hand", with an event of its own."""
    if not ties:
        return
    ids = [new_id(case.district, at) for case, at, _, _ in ties]
    found = db.rows(
        _WRITE,
        [
            [case.district for case, *_ in ties],
            ids,
            [case.id for case, *_ in ties],
            [thing.kind for _, _, thing, _ in ties],
            [None if thing.kind == "building" else thing.id for _, _, thing, _ in ties],
            [thing.id if thing.kind == "building" else None for _, _, thing, _ in ties],
            [source for *_, source in ties],
            [at for _, at, *_ in ties],
            [actor.id for _ in ties],
        ],
    )
    written = {id for (id,) in found}
    record_all(
        Happening(
            type="case.tied",
            at=at,
            actor=actor,
            subject_type="case",
            subject_id=case.id,
            place=case.place,
            district=case.district,
            data={"tie": thing.kind, "id": str(thing.id), "thing": thing.label},
        )
        for id, (case, at, thing, source) in zip(ids, ties, strict=True)
        if id in written and source == "hand"
    )


# The models, and the column by which the record calls a thing.
_TABLES: dict[str, tuple[Any, str]] = {
    "room": (Room, "number"),
    "component": (Component, "code"),
    "organisation": (Organisation, "name"),
    "resident": (Resident, ""),
}


def _thing(actor: Actor, kind: str, id: str) -> Thing:
    """The thing, if the actor may read it. Raises Invalid (no such kind), NotFound."""
    if kind not in THINGS:
        raise invalid("thing", "只能关联房屋、楼栋、部件、单位、居民", "a case is tied to a room, building, component, organisation or resident")
    missing = NotFound(T(f"您的范围内没有这个{THINGS[kind].zh}", f"no such {THINGS[kind].en.lower()} within your areas"))
    if kind == "building":
        building = Building.objects.filter(pk=int(id)).first() if id.isascii() and id.isdigit() and len(id) < 19 else None
        if building is None:
            raise missing
        return Thing(kind, building.pk, building.street + building.number or building.name or building.code)
    try:
        key = UUID(id)
    except ValueError:
        raise missing from None
    (model, label), district = _TABLES[kind], district_of(key)
    row = district and model.objects.visible_to(actor).filter(district=district, id=key).first()
    if not row:
        raise missing
    return Thing(kind, key, getattr(row, label) if label else "")


@transaction.atomic
def tie_case(*, actor: Actor, case_id: UUID, thing: str, thing_id: str, at: datetime) -> Case:
    """Tie a case to a thing; what is tied already stays as it is. The case's version does not move.

    Raises NotFound (the case, or the thing, is not within the actor's sight), Forbidden (who only reads), Invalid.
    """
    case = one_case(actor=actor, case_id=case_id)
    if not may_tie(actor):
        raise Forbidden()
    write_ties(actor, [(case, at, _thing(actor, thing, thing_id), "hand")])
    return case


@transaction.atomic
def untie_case(*, actor: Actor, case_id: UUID, tie_id: UUID, at: datetime) -> Case:
    """End a tie: it was a mistake, or holds no longer. It stays on the record. Raises NotFound, Forbidden."""
    case = one_case(actor=actor, case_id=case_id)
    if not may_tie(actor):
        raise Forbidden()
    tie = CaseTie.objects.select_for_update().filter(district=case.district, id=tie_id, case_id=case.id, ended_at__isnull=True).first()
    if tie is None:
        raise NotFound(T("没有这个关联", "no such tie"))
    id = str(tie.building_id or tie.thing_id)
    known = _thing(actor, tie.thing, id)
    CaseTie.objects.filter(district=tie.district, id=tie.id).update(ended_at=max(at, tie.since))
    record(
        "case.untied",
        actor=actor,
        at=at,
        subject_type="case",
        subject_id=case.id,
        place=case.place,
        district=case.district,
        data={"tie": tie.thing, "id": id, "thing": known.label},
    )
    return case
