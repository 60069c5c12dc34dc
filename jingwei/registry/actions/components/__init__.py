"""Writes to city components, frontages and signs."""

from jingwei.registry.actions.components.classes import ClassesLoaded, load_component_classes, load_shipped_classes
from jingwei.registry.actions.components.keeping import (
    EDITION,
    REPORTS_STATE,
    ComponentFacts,
    change_component,
    move_component,
    register_component,
    set_state,
)

__all__ = [
    "EDITION",
    "REPORTS_STATE",
    "ClassesLoaded",
    "ComponentFacts",
    "change_component",
    "load_component_classes",
    "load_shipped_classes",
    "move_component",
    "register_component",
    "set_state",
]
