"""What the doors of administration take and answer."""

from typing import Annotated

from pydantic import BaseModel, Field

from jingwei.kit.schemas import In


class HoldingsOut(BaseModel):
    """What a unit holds: open cases, dispatch rules and roles that run or are to begin, units below it."""

    cases: int
    rules: int
    grants: int
    below: int


class CloseIn(In):
    """`successor` takes over the dispatch rules and the roles."""

    seen_version: Annotated[int, Field(ge=1, lt=2**31)]
    successor: Annotated[int, Field(ge=1, lt=2**63)] | None = None
