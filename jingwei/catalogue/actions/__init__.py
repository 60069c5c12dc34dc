"""Every change of the catalogue. One file for each kind of thing; each action is one transaction and records one event."""

from jingwei.catalogue.actions.calendars import load_calendar, set_day
from jingwei.catalogue.actions.classes import MatterDraft, add_matter, change_matter, end_matter, open_edition
from jingwei.catalogue.actions.conditions import ConditionDraft, add_condition, change_condition, end_condition, open_filing_standard
from jingwei.catalogue.actions.dispatch import load_dispatch_rules, revise_dispatch_rules
from jingwei.catalogue.actions.limits import LimitDraft, add_limit, change_limit, end_limit, load_limits
from jingwei.catalogue.actions.loading import LoadReport, Refusal
from jingwei.catalogue.actions.matters import load_conditions, load_crosswalk, load_matters, load_modules
from jingwei.catalogue.actions.processes import draft_process, drop_process, publish_process
from jingwei.catalogue.actions.restoring import restore_process
from jingwei.catalogue.actions.texts import TextDraft, add_text, change_text, end_text, load_texts

__all__ = [
    "ConditionDraft",
    "LimitDraft",
    "LoadReport",
    "MatterDraft",
    "Refusal",
    "TextDraft",
    "add_condition",
    "add_limit",
    "add_matter",
    "add_text",
    "change_condition",
    "change_limit",
    "change_matter",
    "change_text",
    "draft_process",
    "drop_process",
    "end_condition",
    "end_limit",
    "end_matter",
    "end_text",
    "load_calendar",
    "load_conditions",
    "load_crosswalk",
    "load_dispatch_rules",
    "load_limits",
    "load_matters",
    "load_modules",
    "load_texts",
    "open_edition",
    "open_filing_standard",
    "publish_process",
    "restore_process",
    "revise_dispatch_rules",
    "set_day",
]
