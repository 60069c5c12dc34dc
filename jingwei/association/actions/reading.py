"""Whoever looks at what is tied to a resident has read of the resident: that is on the record, and the resident can see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.association.queries import Association, association
from jingwei.kit.times import localdate
from jingwei.registry.actions import record_reading


def read_association(*, actor: Actor, kind: str, id: str, at: datetime, **page: Any) -> Association:
    """`association`; of a resident it is recorded as a reading. Lists of short lines about others are none."""
    if kind != "resident":
        return association(actor=actor, kind=kind, id=id, on=localdate(at), **page)
    with transaction.atomic():
        found = association(actor=actor, kind=kind, id=id, on=localdate(at), **page)
        record_reading(actor=actor, at=at, resident_id=UUID(found.centre.id))
        return found
