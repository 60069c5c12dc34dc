"""Plates as the doors take and answer them; and on paper, 24 a page, each with its QR code, the address and the plate's number."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Self
from uuid import UUID

import segno
from annotated_types import Len
from ninja import Schema

from jingwei.kit.crypto import sign
from jingwei.kit.schemas import In
from jingwei.kit.text import T
from jingwei.kit.typesetting import typeset
from jingwei.registry.queries import PlateOnPaper, PlateRow
from jingwei.registry.rules import rooms as rules
from jingwei.registry.rules.plates import SIGNED, link_part
from jingwei.registry.schemas.rooms import Reason

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "plates.typ"
PURPOSE = "plate"
_HINT = T("扫码：报修、诉求、查看所属网格", "Scan to report or to find your grid")


class PlateOut(Schema):
    """A plate; `room` is "" on the building's own wall."""

    id: UUID
    number: str
    room_id: UUID | None
    room: str
    issued_at: datetime
    voided_at: datetime | None

    @classmethod
    def of(cls, row: PlateRow) -> Self:
        return cls(**asdict(row))


class PlatesIn(In):
    """`rooms`: for these alone; else for all. `own`: one for the building's own wall too."""

    rooms: Annotated[list[UUID], Len(1, rules.MOST_ROOMS)] | None = None
    own: bool = True


class IssuedOut(Schema):
    issued: int
    plates: list[UUID]


class VoidIn(In):
    reason: Reason


class SheetIn(In):
    plates: Annotated[list[UUID], Len(1, 480)]


def plate_link(number: str) -> str:
    """What stands after /q/ for a plate."""
    return link_part(number, sign(number, purpose=PURPOSE)[:SIGNED])


def plate_sheet(plates: Sequence[PlateOnPaper], *, at: datetime, language: str, base: str) -> bytes:
    """The PDF. `base`: the address before the link, as the caller reached the program. Raises NoFont."""
    shown = [
        {"svg": _picture(base + plate_link(plate.number)), "called": plate.called, "room": plate.room, "number": plate.number, "code": plate.code}
        for plate in plates
    ]
    return typeset(TEMPLATE, {"lang": language, "plates": shown, "hint": _HINT.say(language)}, {}, at=at)


def _picture(link: str) -> str:
    """A QR code as SVG; a quarter of it may be scratched (error correction Q)."""
    out = BytesIO()
    segno.make_qr(link, error="q").save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()
