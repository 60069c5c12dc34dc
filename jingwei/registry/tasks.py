"""Jobs: what is past its time is erased each night; imports are worked on."""

from uuid import UUID

from django.utils.timezone import now
from procrastinate.contrib.django import app

from jingwei.accounts.rules import SYSTEM
from jingwei.registry import actions
from jingwei.registry.actions import imports

PROCESSES = 2  # of an import


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="registry.retention", pass_context=False)
def apply_retention(timestamp: int) -> int:
    """Erase what the field dictionary keeps no longer; answers how many values. A missed night is made up for by the next."""
    return actions.apply_retention(actor=SYSTEM, at=now()).total


@app.task(pass_context=False)
def work_import(import_id: str) -> str:
    """Check, run or undo an import. It is done by one at a time, however often it is asked for."""
    return imports.work_import(import_id=UUID(import_id), at=now(), processes=PROCESSES)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="registry.imports", pass_context=False)
def take_up_imports(timestamp: int) -> int:
    """What was being worked on when the program was killed goes on. Answers how many."""
    left = imports.left_lying(at=now())
    for import_id in left:
        imports.work_import(import_id=import_id, at=now(), processes=PROCESSES)
    return len(left)


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="registry.import_files", pass_context=False)
def clear_imports(timestamp: int) -> int:
    """Take away files whose term is over. Answers of how many imports."""
    return imports.clear_imports(at=now())
