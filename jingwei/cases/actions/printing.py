"""A case file leaves the platform on paper: who took it and when stands in the case's record."""

from datetime import datetime

from django.db import transaction

from jingwei.accounts.rules import Actor
from jingwei.cases.models import Case
from jingwei.events.actions import record


@transaction.atomic
def record_printing(*, actor: Actor, case: Case, language: str, at: datetime) -> None:
    """The export of a case that the actor has been given to see."""
    record(
        "case.printed",
        actor=actor,
        at=at,
        subject_type="case",
        subject_id=case.id,
        place=case.place,
        district=case.district,
        unit_id=actor.unit_for(case.place),
        data={"language": language, "version": case.version},
    )
