"""Every write to the registry."""

from jingwei.registry.actions.addresses import (
    NewAddress,
    Written,
    add_alias,
    drop_alias,
    end_address,
    enter_address,
    enter_addresses,
    judge_address,
    move_address,
    rename_address,
)
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
from jingwei.registry.actions.retention import Applied, apply_retention, erase_field

__all__ = [
    "TABLES",
    "Applied",
    "Description",
    "FieldsLoaded",
    "NewAddress",
    "Written",
    "add_alias",
    "apply_retention",
    "define_field",
    "describe_field",
    "drop_alias",
    "end_address",
    "enter_address",
    "enter_addresses",
    "erase_field",
    "judge_address",
    "load_base_map",
    "load_fields",
    "may_describe",
    "may_switch_on",
    "move_address",
    "place_things",
    "rename_address",
    "switch_off",
    "switch_on",
]
