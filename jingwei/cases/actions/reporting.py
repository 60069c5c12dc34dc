"""What is reported, and what comes with a report besides the case itself: who reported, files, and the things that it names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.cases.actions.files import take_files
from jingwei.cases.actions.tying import Named, Thing, write_ties
from jingwei.cases.models import Case, Reporter
from jingwei.kit import bulk, crypto
from jingwei.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is reported. `x`, `y` in the system `crs`; `place` where it is known without a point. `due_at` only for cases
    whose end another system fixed. `things` of the register that it is about. `command` is the key under which the same report sent twice stays one case."""

    matter: str
    text: str
    source: str
    process: str = "standard"
    edition: str | None = None
    address: str = ""
    crs: str = ""
    x: float | None = None
    y: float | None = None
    place: str = ""
    urgent: bool = False
    reporter_name: str = ""
    reporter_phone: str = ""
    files: tuple[UUID, ...] = ()
    things: tuple[Named, ...] = ()
    outer_number: str = ""
    due_at: datetime | None = None
    command: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def attach(actor: Actor, things: Mapping[Named, Thing], opened: Sequence[tuple[Case | None, datetime, NewCase, UUID]]) -> None:
    """Reporters, files and ties of the cases just opened, in a statement each where there are any."""
    reporters = [
        {
            "district": case.district,
            "id": new_id(case.district, at),
            "case_id": case.id,
            "reported_at": at,
            "name_sealed": _bytea(new.reporter_name and crypto.seal(new.reporter_name, about="reporter.name")),
            "phone_sealed": _bytea(new.reporter_phone and crypto.seal(new.reporter_phone, about="reporter.phone")),
            "phone_index": _bytea(new.reporter_phone and crypto.index(new.reporter_phone)),
        }
        for case, at, new, _ in opened
        if case and (new.reporter_name or new.reporter_phone)
    ]
    bulk.insert(Reporter, reporters)
    for case, at, new, event in opened:
        if case and new.files:
            take_files(actor=actor, case=case, files=list(new.files), event=event, move="open", at=at)
    write_ties(actor, [(case, at, things[name], "report") for case, at, new, _ in opened if case for name in new.things])


def _bytea(value: bytes | str) -> str | None:
    return "\\x" + value.hex() if isinstance(value, bytes) else None
