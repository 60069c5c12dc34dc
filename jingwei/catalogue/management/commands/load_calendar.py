from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "工作日历的若干年（CSV），整年替换 years of a work calendar, replaced whole"
    columns = (
        "first_date",
        "kind",
        "name",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_calendar(actor=ACTOR, at=at, sheet=sheet)
