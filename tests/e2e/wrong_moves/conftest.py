from collections.abc import Callable

import pytest

from tests.e2e.desk import Desk


@pytest.fixture
def hotline(sitting: Callable[[str], Desk]) -> Desk:
    """At the telephone. The base map under the form stays white: nothing here looks at it, and drawing it takes most of the time."""
    desk = sitting("hotline_operator")
    desk.page.context.route("**/api/v1/tiles/**", lambda route: route.fulfill(status=204))
    return desk
