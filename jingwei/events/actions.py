"""Recording what happened, inside the transaction of the change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from jingwei.kit import db
from jingwei.kit.codes import district_of_place
from jingwei.kit.ids import new_id


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
