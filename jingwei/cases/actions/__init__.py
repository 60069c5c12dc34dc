"""Cases are opened, moved through their process, and watched by their clocks; files are kept."""

from jingwei.cases.actions.clocks import run_clocks
from jingwei.cases.actions.files import keep_file
from jingwei.cases.actions.history import Told, open_with_history
from jingwei.cases.actions.learning import learn_advice
from jingwei.cases.actions.locating import locate_case
from jingwei.cases.actions.moving import Outcome, perform, perform_each, perform_many, perform_together
from jingwei.cases.actions.opening import Opened, open_case, open_cases
from jingwei.cases.actions.printing import record_printing
from jingwei.cases.actions.reporters import unmask_reporters
from jingwei.cases.actions.reporting import NewCase
from jingwei.cases.actions.summoning import run_summons
from jingwei.cases.actions.tying import Named, tie_case, untie_case
from jingwei.cases.actions.views import drop_view, save_view
from jingwei.cases.actions.words import index_words
from jingwei.cases.actions.writing import Command

__all__ = [
    "Command",
    "Named",
    "NewCase",
    "Opened",
    "Outcome",
    "Told",
    "drop_view",
    "index_words",
    "keep_file",
    "learn_advice",
    "locate_case",
    "open_case",
    "open_cases",
    "open_with_history",
    "perform",
    "perform_each",
    "perform_many",
    "perform_together",
    "record_printing",
    "run_clocks",
    "run_summons",
    "save_view",
    "tie_case",
    "unmask_reporters",
    "untie_case",
]
