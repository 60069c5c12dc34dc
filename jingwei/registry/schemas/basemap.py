"""What the doors of the registry answer."""

from typing import Literal

from ninja import Schema

from jingwei.registry.queries import FoundAddress


class AddressOut(Schema):
    """A place that a search found, in WGS-84 degrees; `metres` from the given position."""

    label: str
    label_en: str
    kind: Literal["address", "building", "road", "landmark"]
    place: str
    lon: float
    lat: float
    metres: float | None

    @classmethod
    def of(cls, found: FoundAddress) -> "AddressOut":
        metres = None if found.metres is None else round(found.metres)
        return cls(
            label=found.label,
            label_en=found.label_en,
            kind=found.kind,
            place=found.place,
            lon=round(found.lon, 6),
            lat=round(found.lat, 6),
            metres=metres,
        )
