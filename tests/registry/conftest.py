"""What the tests of the register share."""

import pytest

from jingwei.registry.models import Room
from tests.ground import house, room
from tests.world import FAR, IN_A1, IN_A2, IN_FAR, A, World


@pytest.fixture
def flats(world: World) -> list[Room]:
    """Two rooms of a house in grid A-001, one in A-002, one in another district."""
    near, next_door, far = house(IN_A1, A + "001", 18), house(IN_A2, A + "002", 20), house(IN_FAR, FAR + "001", 99)
    return [room(near, "101"), room(near, "102"), room(next_door, "301"), room(far, "201")]
