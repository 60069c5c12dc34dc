"""Every read of the registry."""

from jingwei.registry.queries.basemap import TILE_LIMIT, BuildingAt, FoundAddress, address_search, base_tile, building_at
from jingwei.registry.queries.fields import Dictionary, dictionary, fields_on, own_fields, read_more, require_on, shown

__all__ = [
    "TILE_LIMIT",
    "BuildingAt",
    "Dictionary",
    "FoundAddress",
    "address_search",
    "base_tile",
    "building_at",
    "dictionary",
    "fields_on",
    "own_fields",
    "read_more",
    "require_on",
    "shown",
]
