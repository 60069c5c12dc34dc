"""Every write to the registry."""

from jingwei.registry.actions.basemap import TABLES, load_base_map, place_things

__all__ = ["TABLES", "load_base_map", "place_things"]
