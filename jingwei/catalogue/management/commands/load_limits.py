from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "流程各环节的时限（CSV） limits of the steps of processes"
    columns = (
        "process",
        "state",
        "value",
        "unit",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_limits(actor=ACTOR, at=at, sheet=sheet)
