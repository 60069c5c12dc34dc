"""Every write to the registry."""

from jingwei.registry.actions.basemap import TABLES, load_base_map, place_things
from jingwei.registry.actions.fields import (
    Description,
    FieldsLoaded,
    define_field,
    describe_field,
    load_fields,
    may_describe,
    may_switch_on,
    switch_off,
    switch_on,
)

__all__ = [
    "TABLES",
    "Description",
    "FieldsLoaded",
    "define_field",
    "describe_field",
    "load_base_map",
    "load_fields",
    "may_describe",
    "may_switch_on",
    "place_things",
    "switch_off",
    "switch_on",
]
