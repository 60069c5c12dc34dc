from collections.abc import Callable

import pytest

from tests.e2e.desk import Desk


@pytest.fixture
def hotline(sitting: Callable[[str], Desk]) -> Desk:
    return sitting("hotline_operator")
