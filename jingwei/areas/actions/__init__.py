"""Divisions are loaded, grids adopted, workers posted."""

from jingwei.areas.actions.divisions import LoadReport, draw_boundaries, load_divisions
from jingwei.areas.actions.grids import Adopted, GridPlan, Losing, adopt_grids, try_grids
from jingwei.areas.actions.postings import end_posting, post_worker

__all__ = ["Adopted", "GridPlan", "LoadReport", "Losing", "adopt_grids", "draw_boundaries", "end_posting", "load_divisions", "post_worker", "try_grids"]
