"""Every read of association."""

from jingwei.association.queries.centres import Node
from jingwei.association.queries.panorama import ClassCount, GridInside, Inside, Panorama, contacts_inside, panorama, people_inside, units_over
from jingwei.association.queries.search import Hit, search
from jingwei.association.queries.tied import Association, Edge, List, association

__all__ = [
    "Association",
    "ClassCount",
    "Edge",
    "GridInside",
    "Hit",
    "Inside",
    "List",
    "Node",
    "Panorama",
    "association",
    "contacts_inside",
    "panorama",
    "people_inside",
    "search",
    "units_over",
]
