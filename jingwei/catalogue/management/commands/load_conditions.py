from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "一个城市的立案标准（CSV） a city's filing standard"
    columns = (
        "number",
        "kind",
        "code",
        "condition",
        "close_condition",
        "limit_value",
        "limit_unit",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_conditions(actor=ACTOR, at=at, sheet=sheet)
