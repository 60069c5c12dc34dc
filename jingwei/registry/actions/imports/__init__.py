"""Files come into the register: looked at, checked, run block by block, undone."""

from jingwei.registry.actions.imports.beginning import (
    Looked,
    begin_import,
    drop_import,
    look_at_import,
    map_import,
    start_check,
    start_import,
    start_undo,
)
from jingwei.registry.actions.imports.working import clear_imports, left_lying, work_blocks, work_import

__all__ = [
    "Looked",
    "begin_import",
    "clear_imports",
    "drop_import",
    "left_lying",
    "look_at_import",
    "map_import",
    "start_check",
    "start_import",
    "start_undo",
    "work_blocks",
    "work_import",
]  # fmt: skip
