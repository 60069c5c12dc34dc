"""What the door of likely pairs answers."""

from datetime import date

from pydantic import BaseModel

from jingwei.kit.schemas import CodedName
from jingwei.registry.queries import LikelyPairs
from jingwei.registry.rules.likely import REASONS
from jingwei.registry.schemas.residents.outgoing import ListedOut, Making, sure


class LikelyPairOut(BaseModel):
    """Two records that are probably one person: of a hundred such pairs, about how many are, and the signs for it, the strongest first."""

    one: ListedOut
    other: ListedOut
    score: int
    reasons: list[CodedName]


class LikelyPairsOut(BaseModel):
    """`more`: not all could be looked at; a smaller place shows more."""

    items: list[LikelyPairOut]
    more: bool


def likely_pairs_out(found: LikelyPairs, on: date) -> LikelyPairsOut:
    making = Making(on, [line.who for pair in found.items for line in (pair.one, pair.other)])
    return LikelyPairsOut(
        items=[
            LikelyPairOut(
                one=making.listed(pair.one),
                other=making.listed(pair.other),
                score=pair.likeness.score,
                reasons=[sure(REASONS, sign) for sign in pair.likeness.reasons],
            )
            for pair in found.items
        ],
        more=found.more,
    )
