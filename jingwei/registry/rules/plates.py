"""The link on a QR plate: the plate's number, and a signature without which it can't be guessed."""

from __future__ import annotations

import base64
import re

SIGNED = 10  # bytes of the signature in the link: 80 bits
_LINK = re.compile(r"^([0-9]{8,16})\.([A-Z2-7]{16})$")


def plate_number(district: str, n: int) -> str:
    """31010100000012: the district, and the number in it."""
    return f"{district}{n:08d}"


def link_part(number: str, signature: bytes) -> str:
    """What stands after /q/: capitals and digits, so that the code stays coarse and a telephone reads it from afar."""
    return f"{number}.{base64.b32encode(signature[:SIGNED]).decode()}"


def read_link(part: str) -> tuple[str, bytes] | None:
    """(number, signature) of what stands after /q/, or None."""
    found = _LINK.match(part.upper())
    return (found[1], base64.b32decode(found[2])) if found else None
