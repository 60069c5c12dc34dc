"""What a resident's sealed row says, opened: names whole, numbers masked. What the field dictionary has switched off is not opened."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from jingwei.kit.crypto import Unreadable, index, mask_phone, piece, seal, unseal
from jingwei.registry.models import Resident
from jingwei.registry.queries.fields import fields_on
from jingwei.registry.rules.numbers import mask_identity
from jingwei.registry.rules.residents import Facts, grams

ABOUT = {"name": "resident.name", "identity": "resident.identity", "phone": "resident.phone"}
UNREADABLE = "\ufffd"  # sealed with a key that is not here


def sealed(facts: Facts) -> dict[str, Any]:
    """The columns of a resident in which its facts stand."""
    known, phone = facts.identity, facts.phone
    return {
        "name_sealed": seal(facts.name, about=ABOUT["name"]),
        "grams": grams(facts.name, piece),
        "identity_kind": known.kind if known else "",
        "identity_sealed": seal(known.number, about=ABOUT["identity"]) if known else None,
        "identity_index": index(known.number) if known else None,
        "phone_sealed": seal(phone, about=ABOUT["phone"]) if phone else None,
        "phone_index": index(phone) if phone else None,
        "sex": facts.sex,
        "born": facts.born,
        "home_place": facts.home_place,
    }


def opened(value: Any, field: str) -> str:
    """The plain text of a sealed column; "" where there is none, U+FFFD where its key is not here."""
    if value is None:
        return ""
    try:
        return unseal(value, about=ABOUT[field])
    except Unreadable:
        return UNREADABLE


@dataclass(frozen=True, slots=True)
class Known:
    """A resident as a list shows one: the name whole, the numbers masked."""

    id: UUID
    version: int
    place: str
    name: str
    sex: str
    born: date | None
    identity_kind: str
    identity_masked: str
    phone_masked: str
    home_place: str
    ended_date: date | None
    end_reason: str
    merged_into: UUID | None


class Record(NamedTuple):
    """The columns of a resident that lists and pages open."""

    id: UUID
    version: int
    place: str
    name_sealed: Any
    sex: str
    born: date | None
    identity_kind: str
    identity_sealed: Any
    phone_sealed: Any
    home_place: str
    ended_date: date | None
    end_reason: str
    merged_into: UUID | None


RECORD = ", ".join(f"r.{column}" for column in Record._fields)


def known(resident: Resident | Record) -> Known:
    return known_all([resident])[0]


def known_all(residents: Iterable[Resident | Record]) -> list[Known]:
    """Rows, opened; the dictionary is asked once."""
    on = fields_on("resident")
    return [_known(resident, on) for resident in residents]


def _known(resident: Resident | Record, on: Collection[str]) -> Known:
    number = opened(resident.identity_sealed, "identity") if "identity" in on else ""
    phone = opened(resident.phone_sealed, "phone") if "phone" in on else ""
    return Known(
        id=resident.id,
        version=resident.version,
        place=resident.place,
        name=opened(resident.name_sealed, "name"),
        sex=resident.sex if "sex" in on else "0",
        born=resident.born if "born" in on else None,
        identity_kind=resident.identity_kind if "identity" in on else "",
        identity_masked=mask_identity(number) if number and number != UNREADABLE else number,
        phone_masked=mask_phone(phone) if phone and phone != UNREADABLE else phone,
        home_place=resident.home_place if "home_place" in on else "",
        ended_date=resident.ended_date,
        end_reason=resident.end_reason,
        merged_into=resident.merged_into,
    )
