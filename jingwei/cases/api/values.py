"""The router of all doors to cases (a path with two methods needs one), and what several of them take."""

from typing import Annotated

from ninja import Router
from pydantic import Field

router = Router(tags=["cases"])

Code = Annotated[str, Field(max_length=40)]
