"""What the doors of the registry take and answer."""

from jingwei.registry.schemas.basemap import AddressOut

__all__ = ["AddressOut"]
