"""What may be recorded, on plain values."""

from typing import Any

from jingwei.kit.errors import Refused
from jingwei.kit.text import T


def key_reused(**extra: Any) -> Refused:
    """An idempotency key stands for one command: with another it is refused, never taken for done. `present`: what it did."""
    return Refused(T("此幂等键已用于另一件事", "this idempotency key was used for something else"), code="key_reused", extra=extra)
