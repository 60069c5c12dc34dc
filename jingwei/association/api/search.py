"""The door to the search over everything."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from ninja import Router

from jingwei.association import queries
from jingwei.association.schemas import FoundOut, SearchIn, found_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()


@router.post("/search", response={200: FoundOut, **PROBLEMS}, summary="People, addresses, codes, organisations, components, cases: the best first, and why")
def search(request: HttpRequest, body: SearchIn) -> HttpResponse:
    hits = queries.search(actor=actor_of(request), text=body.q, on=localdate(now()), kinds=body.kinds, limit=body.limit)
    return answer(found_out(hits))
