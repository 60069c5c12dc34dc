"""Every read of the registry."""

from jingwei.registry.queries.address_match import Candidate, Matched, RoomFound, address_match, forget_gazetteer, gazetteer, place_search, shipped_divisions
from jingwei.registry.queries.addresses import AddressWhole, Below, Happened, Node, address_at, address_page, address_whole
from jingwei.registry.queries.basemap import TILE_LIMIT, BuildingAt, FoundAddress, address_search, base_tile, building_at
from jingwei.registry.queries.fields import Dictionary, dictionary, fields_on, own_fields, read_more, require_on, shown
from jingwei.registry.queries.retention import RETENTION, retention_runs

__all__ = [
    "RETENTION",
    "TILE_LIMIT",
    "AddressWhole",
    "Below",
    "BuildingAt",
    "Candidate",
    "Dictionary",
    "FoundAddress",
    "Happened",
    "Matched",
    "Node",
    "RoomFound",
    "address_at",
    "address_match",
    "address_page",
    "address_search",
    "address_whole",
    "base_tile",
    "building_at",
    "dictionary",
    "fields_on",
    "forget_gazetteer",
    "gazetteer",
    "own_fields",
    "place_search",
    "read_more",
    "require_on",
    "retention_runs",
    "shipped_divisions",
    "shown",
]
