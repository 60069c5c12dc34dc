"""One thing of the register, or a case or a grid, as the actor may see it: what an association is of."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.association.rules.words import KINDS
from jingwei.cases.models import Case
from jingwei.kit import crypto, db
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T
from jingwei.registry.queries import door_sql, label_sql

NAME = "resident.name"  # what a resident's name is sealed as


@dataclass
class Node:
    """A thing with the words for it. `name` where the catalogue has to be asked for the rest (a case: its matter)."""

    kind: str
    id: str
    label: str
    note: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None


HOUSE, DOOR = label_sql("b"), door_sql("o")
_KEY = "where t.district = %(district)s and t.id = %(id)s"
_IN, _PEOPLE = lies_in("t.place"), lies_in("t.place", "%(people)s")
_NO = "null::bytea, null::uuid"
# label, note, place, point, sealed name, merged into
_CENTRES = {
    "room": f"select {HOUSE} || ' ' || {DOOR}, o.code, o.place, b.point, {_NO} from registry_room o "
    f"join registry_building b on b.id = o.building_id where o.district = %(district)s and o.id = %(id)s and {lies_in('o.place')}",
    "building": f"select {HOUSE}, b.code, b.place, b.point, {_NO} from registry_building b where b.id = %(id)s",
    "resident": f"select '', '', t.place, null::geometry, t.name_sealed, t.merged_into from registry_resident t {_KEY} and {_PEOPLE}",
    "household": f"select t.number, t.kind, t.place, b.point, {_NO} from registry_household t left join registry_room r on r.district = t.district "
    f"and r.id = t.room_id left join registry_building b on b.id = r.building_id {_KEY} and {_PEOPLE}",
    "organisation": f"select t.name, t.uscc, t.place, (select p.point from registry_premises p where p.district = t.district and p.organisation_id = t.id "
    f"and p.point is not null order by upper_inf(p.period) desc, p.id limit 1), {_NO} from registry_organisation t {_KEY} and {_IN}",
    "component": f"select t.name, t.code || ' ' || k.name, t.place, ST_PointOnSurface(t.geometry), {_NO} from registry_component t "
    f"join registry_componentclass k on k.id = t.klass_id {_KEY} and {_IN}",
    "address": f"select t.standard, t.code, t.place, t.point, {_NO} from registry_address t where t.id = %(id)s",
    "grid": f"select t.name, t.code, t.code, ST_PointOnSurface(t.boundary), {_NO} from areas_grid t where t.code = %(id)s and {lies_in('t.code')}",
}


def key_of(kind: str, id: str) -> tuple[str | None, UUID | int | str]:
    """The district and the key of a thing by the id in an address. Raises NotFound for one that can't be."""
    missing = NotFound(T(f"没有这个{KINDS[kind].zh}", f"no such {KINDS[kind].en.lower()}"))
    if kind in ("building", "address"):
        if not (id.isascii() and id.isdigit() and len(id) < 19):
            raise missing
        return None, int(id)
    if kind == "grid":
        return None, id
    try:
        key = UUID(id)
    except ValueError:
        raise missing from None
    district = district_of(key)
    if district is None:
        raise missing
    return district, key


def centre(actor: Actor, kind: str, id: str, scope: dict[str, Any]) -> tuple[Node, str | None, UUID | int | str]:
    """The thing with its district and key. Of a resident who was merged into another, the other. Raises NotFound, also for what the actor may not see."""
    district, key = key_of(kind, id)
    missing = NotFound(T(f"您的范围内没有这个{KINDS[kind].zh}", f"no such {KINDS[kind].en.lower()} within your areas"))
    if kind == "case":
        case = Case.objects.visible_to(actor).filter(district=district, id=str(key)).first()
        if case is None:
            raise missing
        lon, lat = (case.point.x, case.point.y) if case.point else (None, None)
        return Node("case", str(case.id), case.number, case.address, case.place, lon, lat), district, key
    for _ in range(10):  # a record merged into one that was merged in turn
        found = db.row(
            f"select label, note, place, ST_X(point), ST_Y(point), sealed, into_id from ({_CENTRES[kind]}) c(label, note, place, point, sealed, into_id)",
            scope | {"district": district, "id": key},
        )
        if found is None:
            raise missing
        label, note, place, lon, lat, sealed, into = found
        if into is None:
            break
        district, key = district_of(into), into
    if sealed:
        label = crypto.unseal(bytes(sealed), about=NAME)
    return Node(kind, str(key), label, note, place, lon, lat), district, key
