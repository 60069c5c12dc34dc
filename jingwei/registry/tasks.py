"""Jobs: what is past its time is erased each night."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from jingwei.accounts.rules import SYSTEM
from jingwei.registry import actions


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="registry.retention", pass_context=False)
def apply_retention(timestamp: int) -> int:
    """Erase what the field dictionary keeps no longer; answers how many values. A missed night is made up for by the next."""
    return actions.apply_retention(actor=SYSTEM, at=now()).total
