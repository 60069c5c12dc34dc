from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "派遣规则表（CSV） the dispatch table"
    columns = (
        "position",
        "unit",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_dispatch_rules(actor=ACTOR, at=at, sheet=sheet)
