"""Jobs: the clocks are looked at each minute."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from jingwei.cases import actions

BATCH = 1000


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.clocks", pass_context=False)
def ring_clocks(timestamp: int) -> int:
    """Mark what has come near its limit, past it, or far past it, in batches until nothing is left. A missed minute is
    made up for by the next: the rows themselves say what is due."""
    marked = 0
    while done := actions.run_clocks(at=now(), most=BATCH):
        marked += done
    return marked
