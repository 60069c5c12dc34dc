from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "一个版本的事项（CSV）进入目录 an edition's matters"
    columns = (
        "kind",
        "code",
        "major_code",
        "major_name",
        "name",
        "module",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_matters(actor=ACTOR, at=at, sheet=sheet)
