"""The tree of standard addresses, read node by node."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import KEEPS_REGISTER, Actor
from jingwei.events.models import Event
from jingwei.kit import db
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import NotFound
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.registry.models import Address, AddressAlias, Building


def subject(address_id: int) -> UUID:
    """Under which id the log keeps what happened to an address: addresses are numbered, and the log looks up by UUID."""
    return UUID(int=address_id)


@dataclass(frozen=True)
class Node:
    """A node as a list shows it. `children`: how many stand directly below it today."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    standard: str
    place: str
    status: str
    children: int


_NODES = """
select a.id, a.parent_id, a.kind, a.name, a.standard, a.place, a.status,
       (select count(*) from registry_address c where c.parent_id = a.id and c.valid_to is null), {order}
  from registry_address a
 where a.valid_to is null and {where} and ({order}, a.id) > (%(after)s::text, %(id)s::bigint)
 order by {order}, a.id limit %(size)s"""
# 2号 before 10号: figures are compared as figures of ten digits.
_ORDER = """regexp_replace(regexp_replace(a.name, '([0-9]+)', '0000000000\\1', 'g'), '0*([0-9]{10})', '\\1', 'g')"""


def address_page(*, actor: Actor, parent_id: int | None, within: str = "", after: str | None = None, size: int = 100) -> Page[Node]:
    """The nodes directly below `parent_id`, or the tops (streets, estates, villages) of a place; by name, figures as figures."""
    if not actor.held:
        return Page([], None)
    name, last = decode_row(after, str, int) if after else ("", 0)
    where = "a.parent_id = %(parent)s" if parent_id is not None else "a.parent_id is null and (a.place ^@ %(within)s or %(within)s ^@ a.place)"
    found = db.rows_anew(_NODES.format(order=_ORDER, where=where), {"parent": parent_id, "within": within, "after": name, "id": last, "size": size + 1})
    items = [Node(*row[:8]) for row in found[:size]]
    return Page(items, encode_cursor([found[size - 1][8], items[-1].id]) if len(found) > size else None)


@dataclass(frozen=True)
class Happened:
    """A line of a node's history."""

    type: str
    at: datetime
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Below:
    """A building at the address, with how many rooms are registered in it."""

    id: int
    name: str
    code: str
    floors_above: int | None
    rooms: int


@dataclass(frozen=True)
class AddressWhole:
    """One node with all that hangs on it: those above (from the top), other names, buildings, history (latest first). `keeps`: the reader may change
    it; `extends`: may enter what stands below it, somewhere in their area."""

    row: Address
    above: list[Address]
    aliases: list[AddressAlias]
    buildings: list[Below]
    history: list[Happened]
    children: int
    lon: float | None
    lat: float | None
    keeps: bool
    extends: bool


_ABOVE = """
with recursive up as (
  select id, parent_id, 0 depth from registry_address where id = %s
  union all select a.id, a.parent_id, depth + 1 from registry_address a join up on a.id = up.parent_id where depth < 20)
select id from up where depth > 0 order by depth desc"""


def address_whole(*, actor: Actor, address_id: int) -> AddressWhole:
    """NotFound for an address that is not there, and for somebody who has no work here."""
    row = Address.objects.filter(pk=address_id).first() if actor.held and 0 < address_id < 2**63 else None
    if row is None:
        raise NotFound()
    ids = [found[0] for found in db.rows(_ABOVE, [address_id])]
    above = {a.pk: a for a in Address.objects.filter(pk__in=ids)}
    rooms = dict(
        db.rows(
            "select building_id, count(*) from registry_room where building_id in (select id from registry_building where address_id = %s) "
            "and ended_date is null group by 1",
            [address_id],
        )
    )
    buildings = Building.objects.filter(address_id=address_id, period__endswith__isnull=True).order_by("code", "id")[:200]
    areas = actor.areas_of_any(KEEPS_REGISTER)
    events = Event.objects.of(subject(address_id), district_of_place(row.place)).filter(subject_type="address").reverse()[:100]
    return AddressWhole(
        row=row,
        above=[above[i] for i in ids],
        aliases=list(AddressAlias.objects.filter(address_id=address_id).order_by("-valid_to", "name")),
        buildings=[Below(b.pk, b.name or b.street + b.number, b.code, b.floors_above, rooms.get(b.pk, 0)) for b in buildings],
        history=[Happened(e.type, e.at, e.actor_name, e.data) for e in events],
        children=Address.objects.filter(parent_id=address_id, valid_to__isnull=True).count(),
        lon=row.point.x if row.point else None,
        lat=row.point.y if row.point else None,
        keeps=row.valid_to is None and any(row.place.startswith(area) for area in areas),
        extends=row.valid_to is None and any(row.place.startswith(area) or area.startswith(row.place) for area in areas),
    )


def address_at(address_id: int, on: date) -> str:
    """What an address was called on a day: the former name that held then, else the name of today. "" for none."""
    found = db.row(
        """select coalesce((select name from registry_addressalias l where l.address_id = a.id and l.kind = 'former'
                              and coalesce(l.valid_from, '-infinity') <= %(on)s::date and l.valid_to > %(on)s::date order by valid_to limit 1), a.standard)
             from registry_address a where a.id = %(id)s""",
        {"id": address_id, "on": on},
    )
    return found[0] if found else ""
