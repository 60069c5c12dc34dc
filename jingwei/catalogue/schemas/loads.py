"""Files that a city loads in the browser, and the editions that are there."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from jingwei.catalogue.rules.values import Edition, is_national
from jingwei.kit.schemas import In

Table = Literal["matters", "conditions", "crosswalk", "limits", "dispatch_rules", "texts", "calendar"]


class LoadIn(In):
    """A table as `jingwei load …` reads it: CSV with its `# key: value` lines on top. With `dry_run` nothing is kept."""

    text: Annotated[str, Field(min_length=1, max_length=2_000_000)]
    dry_run: bool = True


class EditionOut(BaseModel):
    """Who listed matters. `valid_to` is the first day on which it is no longer used; what a `national` standard lists is read-only."""

    code: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None
    events: int
    components: int
    national: bool


def edition_out(edition: Edition, kinds: dict[str, int]) -> EditionOut:
    return EditionOut(
        code=edition.code,
        name=edition.name,
        source=edition.source,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        events=kinds.get("event", 0),
        components=kinds.get("component", 0),
        national=is_national(edition.code),
    )
