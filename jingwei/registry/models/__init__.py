"""What the registry keeps. The base map is common and public; rooms, people, organisations and components are by district."""

from jingwei.registry.models.basemap import Building, Landmark, LandUse, Road, Thing, ThingQuerySet

__all__ = ["Building", "LandUse", "Landmark", "Road", "Thing", "ThingQuerySet"]
