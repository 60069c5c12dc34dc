"""Personal values at rest: SM4-GCM (GB/T 32907) with the key's version beside each, found again by HMAC-SM3.

A sealed value is `version (1 byte) | nonce (12) | ciphertext | tag (16)`. Keys come from `settings.JINGWEI_KEYS`,
{version: 32 bytes}: the first 16 encrypt, the last 16 make the index; the highest version seals, all open.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE, TAG = 12, 16


class Unreadable(Exception):
    """The value was sealed with a key that is not here, or was changed."""


@lru_cache(maxsize=1)
def _keys() -> dict[int, bytes]:
    keys: dict[int, bytes] = settings.JINGWEI_KEYS
    return keys


def seal(plain: str, *, about: str) -> bytes:
    """Encrypt `plain`; `about` (table.column) is bound to it, so that a value can't be moved to another column."""
    version = max(_keys())
    nonce = os.urandom(NONCE)
    cipher = Cipher(_sm4(_keys()[version]), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about.encode())
    body = cipher.update(plain.encode()) + cipher.finalize()
    return bytes([version]) + nonce + body + cipher.tag


def unseal(sealed: bytes, *, about: str) -> str:
    """The plain text. Raises Unreadable."""
    sealed = bytes(sealed)
    key = _keys().get(sealed[0]) if len(sealed) > NONCE + TAG else None
    if key is None:
        raise Unreadable("no key of that version")
    nonce, body, tag = sealed[1 : 1 + NONCE], sealed[1 + NONCE : -TAG], sealed[-TAG:]
    cipher = Cipher(_sm4(key), modes.GCM(nonce, tag)).decryptor()
    cipher.authenticate_additional_data(about.encode())
    try:
        return (cipher.update(body) + cipher.finalize()).decode()
    except InvalidTag:
        raise Unreadable("the value or its key is wrong") from None


def index(plain: str) -> bytes:
    """The keyed hash under which an encrypted value is found again; always of the first key."""
    mac = _begun(_keys()[min(_keys())]).copy()
    mac.update(plain.encode())
    return mac.finalize()


@lru_cache(maxsize=16)
def _sm4(key: bytes) -> algorithms.SM4:
    return algorithms.SM4(key[:16])


@lru_cache(maxsize=16)
def _begun(key: bytes) -> HMAC:
    """The keyed hash before the first letter: a copy of it takes half the time of a new one."""
    return HMAC(key[16:], SM3())


@lru_cache(maxsize=1)
def _pieces() -> HMAC:
    """The keyed hash of pieces of texts, begun: with a key of its own, so that a piece tells nothing about an index."""
    return HMAC(index("pieces of texts"), SM3())


def piece(plain: str) -> int:
    """The keyed hash of a piece of a sealed text, 31 bits: many stand in one array. Two pieces may have the same; who finds by it looks again."""
    mac = _pieces().copy()
    mac.update(plain.encode())
    return int.from_bytes(mac.finalize()[:4], "big") >> 1


def sign(text: str, *, purpose: str) -> bytes:
    """What only this program can have written beside `text`: HMAC-SM3 under a key of its own for each purpose, derived from the first key."""
    derived = HMAC(_keys()[min(_keys())][16:], SM3())
    derived.update(b"sign\0" + purpose.encode())
    mac = HMAC(derived.finalize(), SM3())
    mac.update(text.encode())
    return mac.finalize()


def mask_phone(phone: str) -> str:
    """138****1234; short numbers keep their last two digits only."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 9 else "*" * max(len(phone) - 2, 1) + phone[-2:]


def mask_name(name: str) -> str:
    """王**: the family name alone."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
