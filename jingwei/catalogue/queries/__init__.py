"""Reading the catalogue: one immutable snapshot a process, and what screens list besides."""

from jingwei.catalogue.queries.dispatching import proposed_table, standing_rules, table_in_force, table_tag
from jingwei.catalogue.queries.listing import (
    calendar_year,
    crosswalk_of,
    filing_standards,
    modules,
    standard_texts,
    standing_conditions,
    standing_limits,
    year_tag,
)
from jingwei.catalogue.queries.processes import findings_of, process_row, process_versions
from jingwei.catalogue.queries.reading import catalogue, current_revision
from jingwei.catalogue.queries.snapshot import Catalogue

__all__ = [
    "Catalogue",
    "calendar_year",
    "catalogue",
    "crosswalk_of",
    "current_revision",
    "filing_standards",
    "findings_of",
    "modules",
    "process_row",
    "process_versions",
    "proposed_table",
    "standard_texts",
    "standing_conditions",
    "standing_limits",
    "standing_rules",
    "table_in_force",
    "table_tag",
    "year_tag",
]
