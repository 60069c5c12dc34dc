"""Every read of the registry."""

from jingwei.registry.queries.basemap import TILE_LIMIT, BuildingAt, FoundAddress, address_search, base_tile, building_at

__all__ = ["TILE_LIMIT", "BuildingAt", "FoundAddress", "address_search", "base_tile", "building_at"]
