"""The router of all doors to cases (a path with two methods needs one), and what several of them take."""

from typing import Annotated

from ninja import Router
from pydantic import Field

router = Router(tags=["cases"])

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, Field(max_length=40)]
