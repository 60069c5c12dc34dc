"""What the search takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from jingwei.areas.queries import place_names
from jingwei.association.queries import Hit
from jingwei.association.rules.asked import LONGEST, REASONS
from jingwei.association.schemas.tied import ThingOut, node_out
from jingwei.kit.schemas import CodedName, In

Kind = Literal["resident", "case", "room", "building", "address", "organisation", "component", "plate", "grid"]


class SearchIn(In):
    """A part of a name, an address, a code or a number. In a body: no name stands in a log of addresses."""

    q: Annotated[str, Field(max_length=LONGEST)]
    kinds: Annotated[list[Kind], Field(max_length=9)] = []
    limit: Annotated[int, Field(strict=True, ge=1, le=50)] = 20


class HitOut(ThingOut):
    """A thing that was found, and why."""

    why: CodedName


class FoundOut(BaseModel):
    """The best first."""

    items: list[HitOut]


def found_out(hits: list[Hit]) -> FoundOut:
    places = place_names({hit.node.place for hit in hits if hit.node.place})
    items = [HitOut(**node_out(hit.node, places).model_dump(), why=CodedName.of(hit.why, REASONS[hit.why])) for hit in hits]
    return FoundOut(items=items)
