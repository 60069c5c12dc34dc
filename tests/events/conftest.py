"""The doors, as in tests/api."""

from tests.api.conftest import caller

__all__ = ["caller"]
