"""Who edits the catalogue, and how an editor says what they have looked at."""

import hashlib
import json
from collections.abc import Collection, Iterable


def tag(values: Iterable[object]) -> str:
    """A short mark of a thing's content: equal content, equal tag. Whoever edits names the tag seen; another one now is a conflict."""
    return hashlib.blake2s(json.dumps(list(values), sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def may_edit(roles: Collection[str]) -> bool:
    """Whether somebody with these roles edits the catalogue."""
    return "system_admin" in roles
