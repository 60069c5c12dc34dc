"""What touches several packages at once: closing a unit, the configuration as one file."""

from jingwei.administration.actions.closing import close_unit

__all__ = ["close_unit"]
