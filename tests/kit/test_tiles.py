"""A tile's address must be of a tile that exists (slippy map numbering, zoom 0 to 22)."""

import pytest

from jingwei.kit.errors import Invalid
from jingwei.kit.http import check_tile


@pytest.mark.parametrize(("z", "x", "y"), [(0, 0, 0), (3, 7, 7), (22, 2**22 - 1, 0)])
def test_tiles_that_exist(z: int, x: int, y: int) -> None:
    check_tile(z, x, y)


@pytest.mark.parametrize(("z", "x", "y"), [(0, 1, 0), (3, 8, 0), (-1, 0, 0), (23, 0, 0), (5, -1, 2)])
def test_tiles_that_do_not(z: int, x: int, y: int) -> None:
    with pytest.raises(Invalid):
        check_tile(z, x, y)
