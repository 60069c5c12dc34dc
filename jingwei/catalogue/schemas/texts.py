"""Standard texts at the doors."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from jingwei.catalogue.actions import TextDraft
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import StandardText
from jingwei.kit.schemas import In


class TextOut(BaseModel):
    """A standard text; empty process, move, matter mean any. `tag` is what an edit names as seen."""

    code: str
    title: str
    process: str
    move: str
    matter: str
    text: str
    position: int
    valid_from: date
    valid_to: date | None
    tag: str


class TextIn(In):
    """A standard text as written; it holds from `valid_from` on (today when left out)."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    process: Annotated[str, Field(max_length=40)] = ""
    move: Annotated[str, Field(max_length=40)] = ""
    matter: Annotated[str, Field(max_length=20)] = ""
    position: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    valid_from: date | None = None

    def draft(self) -> TextDraft:
        return TextDraft(self.title, self.text, self.process, self.move, self.matter, self.position)


class TextChange(TextIn):
    """`seen`: the tag of the text that was looked at."""

    seen: Annotated[str, Field(max_length=40)]


def text_out(row: StandardText) -> TextOut:
    return TextOut(
        code=row.code,
        title=row.title,
        process=row.process,
        move=row.move,
        matter=row.matter,
        text=row.text,
        position=row.position,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        tag=mark(row),
    )
