"""Reading cases: queues, counts, one case whole, what is nearby, tiles."""

from jingwei.cases.queries.advice import Advised, advice
from jingwei.cases.queries.around import AtThisPlace, Near, cases_here
from jingwei.cases.queries.filters import QueueFilter
from jingwei.cases.queries.likely import Likely, near_cases, similar_cases
from jingwei.cases.queries.queue import StateCount, queue_counts, queue_page
from jingwei.cases.queries.supervision import units_watched, watched_page
from jingwei.cases.queries.texts import Offered, case_texts
from jingwei.cases.queries.tiles import MOST_CELLS, case_tile
from jingwei.cases.queries.trial import Elsewhere, Trial, try_dispatch_rules
from jingwei.cases.queries.views import COUNTED, Proposed, dispatch_proposals, moves_of_many, saved_views, view_counts
from jingwei.cases.queries.wall import Wall, wall
from jingwei.cases.queries.whole import WholeCase, dispatch_advice, file_of, whole_case

__all__ = [
    "COUNTED",
    "MOST_CELLS",
    "Advised",
    "AtThisPlace",
    "Elsewhere",
    "Likely",
    "Near",
    "Offered",
    "Proposed",
    "QueueFilter",
    "StateCount",
    "Trial",
    "Wall",
    "WholeCase",
    "advice",
    "case_texts",
    "case_tile",
    "cases_here",
    "dispatch_advice",
    "dispatch_proposals",
    "file_of",
    "moves_of_many",
    "near_cases",
    "queue_counts",
    "queue_page",
    "saved_views",
    "similar_cases",
    "try_dispatch_rules",
    "units_watched",
    "view_counts",
    "wall",
    "watched_page",
    "whole_case",
]
