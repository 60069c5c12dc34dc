from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "标准用语（CSV） standard texts for moves and matters"
    columns = ("code", "title", "text")

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_texts(actor=ACTOR, at=at, sheet=sheet)
