"""Reading cases: queues, counts, one case whole, what is nearby, tiles."""

from jingwei.cases.queries.around import AtThisPlace, Near, case_tile, cases_here
from jingwei.cases.queries.likely import Likely, near_cases, similar_cases
from jingwei.cases.queries.queue import QueueFilter, StateCount, queue_counts, queue_page
from jingwei.cases.queries.texts import Offered, case_texts
from jingwei.cases.queries.trial import Elsewhere, Trial, try_dispatch_rules
from jingwei.cases.queries.whole import WholeCase, dispatch_advice, file_of, whole_case

__all__ = [
    "AtThisPlace",
    "Elsewhere",
    "Likely",
    "Near",
    "Offered",
    "QueueFilter",
    "StateCount",
    "Trial",
    "WholeCase",
    "case_texts",
    "case_tile",
    "cases_here",
    "dispatch_advice",
    "file_of",
    "near_cases",
    "queue_counts",
    "queue_page",
    "similar_cases",
    "try_dispatch_rules",
    "whole_case",
]
