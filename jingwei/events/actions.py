"""Recording what happened, inside the transaction of the change."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import transaction

from jingwei.events.models import Event
from jingwei.events.queries import audit_page
from jingwei.kit import db
from jingwei.kit.codes import district_of_place
from jingwei.kit.errors import Refused
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localtime


class Actor(Protocol):
    """Who acts: a person of this program, or the program itself (id None)."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Happening:
    """One event before it is written. `district` is the subject's home; `place` where it is now."""

    type: str
    at: datetime
    actor: Actor
    subject_type: str
    district: str
    subject_id: UUID | None = None
    subject_key: str = ""
    place: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    command: str | None = None


_INSERT = """
insert into events_event (district, id, type, at, actor_id, actor_name, unit_id, subject_type, subject_id, subject_key,
                          place, data, command)
select * from unnest(%s::varchar[], %s::uuid[], %s::varchar[], %s::timestamptz[], %s::bigint[], %s::varchar[], %s::bigint[],
                     %s::varchar[], %s::uuid[], %s::varchar[], %s::varchar[], %s::jsonb[], %s::varchar[])"""


def record_all(happenings: Iterable[Happening]) -> list[UUID]:
    """Write events in one statement; answers their ids. Must run inside the change's transaction."""
    written = list(happenings)
    if not written:
        return []
    ids = [new_id(h.district, h.at) for h in written]
    db.run(
        _INSERT,
        [
            [h.district for h in written],
            ids,
            [h.type for h in written],
            [h.at for h in written],
            [h.actor.id for h in written],
            [h.actor.name for h in written],
            [h.unit_id for h in written],
            [h.subject_type for h in written],
            [h.subject_id for h in written],
            [h.subject_key for h in written],
            [h.place for h in written],
            [orjson.dumps(h.data, default=str).decode() for h in written],
            [h.command for h in written],
        ],
    )
    return ids


def record(
    type: str,
    *,
    actor: Actor,
    at: datetime,
    subject_type: str,
    subject_id: UUID | None = None,
    subject_key: str | int = "",
    place: str = "",
    district: str | None = None,
    data: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    command: str | None = None,
) -> UUID:
    """Write one event. Without `district` it is kept where `place` lies ("000000" for what has no place)."""
    return record_all(
        [
            Happening(
                type=type,
                at=at,
                actor=actor,
                subject_type=subject_type,
                subject_id=subject_id,
                subject_key=str(subject_key),
                place=place,
                district=district or district_of_place(place),
                data=data or {},
                unit_id=unit_id,
                command=command,
            )
        ]
    )[0]


MOST_EXPORTED = 20_000
COLUMNS = ("recorded_at", "at", "type", "actor", "actor_name", "subject_type", "subject", "place", "data")


@transaction.atomic
def export_record(*, actor: Any, at: datetime, **wanted: Any) -> bytes:
    """The log as `audit_page` shows it with the same filters, as CSV that a spreadsheet opens; the export is on the record itself. Refused
    for more than 20,000 lines, Forbidden for all but audit administrators."""
    text, after, lines = io.StringIO(), None, 0
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    while True:
        page = audit_page(actor=actor, after=after, size=2000, **wanted)
        lines += len(page.items)
        if lines > MOST_EXPORTED:
            raise Refused(T(f"超过 {MOST_EXPORTED} 条，请缩小期间", f"more than {MOST_EXPORTED} lines: choose a shorter period"), code="too_much")
        writer.writerows(map(_line, page.items))
        if page.next is None:
            break
        after = page.next
    data = {key: value for key, value in wanted.items() if value} | {"lines": lines}
    record("record.exported", actor=actor, at=at, subject_type="record", data=data)
    return text.getvalue().encode("utf-8-sig")


def _line(event: Event) -> list[str]:
    said = (
        f"{localtime(event.recorded_at):%Y-%m-%d %H:%M:%S}",
        f"{localtime(event.at):%Y-%m-%d %H:%M:%S}",
        event.type,
        str(event.actor_id or ""),
        event.actor_name,
        event.subject_type,
        str(event.subject_id or event.subject_key),
        event.place,
        orjson.dumps(event.data).decode(),
    )
    return [f"'{cell}" if cell[:1] in "=+-@" else cell for cell in said]  # no cell is a formula
