"""Values that several doors of the registry take."""

from typing import Annotated

from pydantic import BaseModel, Field

from jingwei.kit.coords import Crs
from jingwei.kit.schemas import In
from jingwei.registry.actions import Spot

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
SeenVersion = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Code = Annotated[str, Field(max_length=20)]
CreditCode = Annotated[str, Field(max_length=40)]
Title = Annotated[str, Field(max_length=100)]


class Paged(BaseModel):
    """Which page of a list."""

    after: Annotated[str | None, Field(max_length=300)] = None
    size: Annotated[int, Field(ge=1, le=200)] = 50


class SpotIn(In):
    """A point and the coordinate system in which it is declared; degrees."""

    crs: Crs
    x: Number
    y: Number

    def spot(self) -> Spot:
        return Spot(self.crs, self.x, self.y)
