"""Identifiers that tell their time and their district (architecture.md, "ready to be spread by district")."""

import secrets
from datetime import datetime
from uuid import UUID

_VARIANT = 0b10 << 62
_VERSION = 8 << 76


def new_id(district: str, at: datetime) -> UUID:
    """A UUID version 8 (RFC 9562): 48 bits of Unix milliseconds, 20 bits of the six-digit `district`, 54 random.

    Raises ValueError for a district that is not six digits or a time before 1970.
    """
    if len(district) != 6 or not (district.isascii() and district.isdigit()):
        raise ValueError(f"a district has six digits, not {district!r}")
    millis = int(at.timestamp() * 1000)
    if not 0 <= millis < 1 << 48:
        raise ValueError(f"{at} does not fit into an id")
    code = int(district)
    return UUID(int=millis << 80 | _VERSION | (code >> 8) << 64 | _VARIANT | (code & 0xFF) << 54 | secrets.randbits(54))


def district_of(id: UUID) -> str | None:
    """The six-digit district inside an id of `new_id`; None for any other UUID."""
    if id.int >> 76 & 0xF != 8:
        return None
    code = (id.int >> 64 & 0xFFF) << 8 | id.int >> 54 & 0xFF
    return f"{code:06d}" if code <= 999_999 else None


def district_sql(id: str) -> str:
    """The same in SQL, of an expression for an id of `new_id`: so that a join by id alone finds its row by the key (district, id)."""
    six, seven, eight, nine = (f"get_byte(uuid_send({id}), {n})" for n in (6, 7, 8, 9))
    return f"lpad(((({six} & 15) << 16) | ({seven} << 8) | (({eight} & 63) << 2) | ({nine} >> 6))::text, 6, '0')"
