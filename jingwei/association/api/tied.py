"""The door to what is tied to one thing."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import Field

from jingwei.association import actions
from jingwei.association.schemas import AssociationOut, association_out
from jingwei.kit.http import actor_of, answer
from jingwei.kit.schemas import PROBLEMS

router = Router()

Kind = Literal["room", "building", "resident", "household", "organisation", "component", "address", "case", "grid"]


@router.get("/association/{kind}/{id}", response={200: AssociationOut, **PROBLEMS}, summary="Everything that is tied to one thing")
def get_association(
    request: HttpRequest,
    kind: Kind,
    id: Annotated[str, Field(max_length=40)],
    part: Annotated[str, Field(max_length=20)] = "",
    after: Annotated[str, Field(max_length=600)] = "",
    size: Annotated[int, Field(ge=1, le=200)] = 20,
) -> HttpResponse:
    return answer(association_out(actions.read_association(actor=actor_of(request), kind=kind, id=id, at=now(), part=part, after=after, size=size)))
