"""The small city with some ground in it."""

from types import SimpleNamespace

import pytest

from tests.ground import build_ground
from tests.world import World


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    return build_ground()
