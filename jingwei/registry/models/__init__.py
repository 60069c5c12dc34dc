"""What the registry keeps. The base map, addresses and dictionaries are common; rooms, people, organisations and components are by district."""

from jingwei.registry.models.addresses import Address, AddressAlias
from jingwei.registry.models.basemap import Building, Landmark, LandUse, Road, Thing, ThingQuerySet
from jingwei.registry.models.common import PersonalQuerySet, PlacedQuerySet
from jingwei.registry.models.components import Component, ComponentClass, ComponentCondition
from jingwei.registry.models.fields import Field, FieldRevision
from jingwei.registry.models.imports import Import, ImportBlock, ImportedRow, KeptMapping
from jingwei.registry.models.organisations import Organisation, Premises
from jingwei.registry.models.pledges import Pledge
from jingwei.registry.models.residents import Household, Residency, Resident, ToldApart
from jingwei.registry.models.rooms import CodingRule, GivenNumber, Plate, Room, RoomState

__all__ = [
    "Address",
    "AddressAlias",
    "Building",
    "CodingRule",
    "Component",
    "ComponentClass",
    "ComponentCondition",
    "Field",
    "FieldRevision",
    "GivenNumber",
    "Household",
    "Import",
    "ImportBlock",
    "ImportedRow",
    "KeptMapping",
    "LandUse",
    "Landmark",
    "Organisation",
    "PersonalQuerySet",
    "PlacedQuerySet",
    "Plate",
    "Pledge",
    "Premises",
    "Residency",
    "Resident",
    "Road",
    "Room",
    "RoomState",
    "Thing",
    "ThingQuerySet",
    "ToldApart",
]
