"""Other systems' cases come in; what they need beforehand is made."""

from jingwei.sharing.actions.importing import ImportReport, Refusal, import_cases
from jingwei.sharing.actions.preparing import Prepared, prepare_units

__all__ = ["ImportReport", "Prepared", "Refusal", "import_cases", "prepare_units"]
