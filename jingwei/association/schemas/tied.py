"""What the door of associations answers."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from jingwei.association.queries import Association, Edge, List, Node
from jingwei.association.rules.counts import shown
from jingwei.association.rules.words import NAMES, PARTS, SOURCES, TIES
from jingwei.kit.schemas import Coded, CodedName, Name
from jingwei.kit.text import T


class ThingOut(BaseModel):
    """A thing. `label` is what it is called (a resident's name only for those who may read it); `note` its code or the like."""

    kind: CodedName
    id: str
    label: str
    note: str
    place: Coded
    lon: float | None
    lat: float | None


class TieOut(BaseModel):
    """How a thing is tied: since when, until when, and how that is known. `tie_id`: a case's tie that can be ended by hand."""

    tie: CodedName
    since: date | None
    until: date | None
    source: Name
    tie_id: UUID | None
    node: ThingOut


class TiedOut(BaseModel):
    """Things of one kind, tied in one way. `count` as the reader may know it ("12", "<10"); `next` leads to the rest."""

    part: CodedName
    kind: CodedName
    count: str
    hidden: bool
    items: list[TieOut]
    next: str | None


class AssociationOut(BaseModel):
    centre: ThingOut
    lists: list[TiedOut]


def association_out(found: Association) -> AssociationOut:
    return AssociationOut(centre=node_out(found.centre, found.places), lists=[_list(one, found.places) for one in found.lists])


def node_out(node: Node, places: dict[str, str]) -> ThingOut:
    kind = CodedName.of(node.kind, NAMES[node.kind])
    at = {"lon": node.lon, "lat": node.lat}
    return ThingOut(kind=kind, id=node.id, label=node.label, note=node.note, place=Coded.of(node.place, places.get(node.place, "")), **at)


def _list(one: List, places: dict[str, str]) -> TiedOut:
    return TiedOut(
        part=CodedName.of(one.name, PARTS[one.name]),
        kind=CodedName.of(one.kind, NAMES[one.kind]),
        count=shown(one.known, one.hidden),
        hidden=one.hidden > 0,
        items=[_edge(edge, places) for edge in one.edges],
        next=one.next,
    )


def _edge(edge: Edge, places: dict[str, str]) -> TieOut:
    return TieOut(
        tie=CodedName.of(edge.tie, TIES[edge.tie]),
        since=edge.since,
        until=edge.until,
        source=Name.of(SOURCES.get(edge.source, T(edge.source, edge.source))),
        tie_id=edge.tie_id,
        node=node_out(edge.node, places),
    )
