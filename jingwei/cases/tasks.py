"""Jobs: the clocks are looked at each minute; what cases are found by is kept up with the log; advice is learnt each night."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from jingwei.accounts.rules import SYSTEM
from jingwei.cases import actions

BATCH = 1000
READ = 20_000


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.clocks", pass_context=False)
def ring_clocks(timestamp: int) -> int:
    """Mark what has come near its limit, past it, or far past it, and who was summoned and is late, in batches until nothing is left. A missed minute is
    made up for by the next: the rows themselves say what is due."""
    marked = 0
    while done := actions.run_clocks(at=now(), most=BATCH):
        marked += done
    while done := actions.run_summons(at=now(), most=BATCH):
        marked += done
    return marked


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.words", pass_context=False)
def keep_words(timestamp: int) -> int:
    """Read the log to its end, in batches."""
    read = 0
    while done := actions.index_words(at=now(), most=READ):
        read += done
        if done < READ:
            break
    return read


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="cases.advice", pass_context=False)
def learn_advice(timestamp: int) -> int:
    """Learn from the closed cases anew; answers how many there were."""
    learnt = actions.learn_advice(actor=SYSTEM, at=now())
    return learnt.cases if learnt else 0
