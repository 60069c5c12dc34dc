from datetime import datetime

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, LoadFile
from jingwei.catalogue.rules.files import Sheet


class Command(LoadFile):
    help = "两个版本之间的对照（CSV） what classes became in another edition"
    columns = (
        "old_kind",
        "old_code",
        "new_kind",
        "new_code",
        "relation",
    )

    def load(self, sheet: Sheet, at: datetime) -> actions.LoadReport:
        return actions.load_crosswalk(actor=ACTOR, at=at, sheet=sheet)
