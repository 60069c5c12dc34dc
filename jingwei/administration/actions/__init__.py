"""What touches several packages at once: closing a unit, the configuration as one file."""

from jingwei.administration.actions.closing import close_unit
from jingwei.administration.actions.configuring import export_configuration, import_configuration

__all__ = ["close_unit", "export_configuration", "import_configuration"]
