"""What the tests of the catalogue share."""

from datetime import date, time
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import settings

from jingwei.catalogue.rules.clock import WorkCalendar

# A busy machine is no fault of a law.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")


@pytest.fixture
def loaded(db: None) -> None:
    """The shipped catalogue."""
    call_command("load_catalogue", stdout=StringIO())


@pytest.fixture(scope="session")
def china() -> WorkCalendar:
    """2025 and 2026 as the State Council's notices have them, written out a second time."""
    off = {
        2025: "0101 0128-0131 0201-0204 0404-0406 0501-0505 0531-0531 0601-0602 1001-1008",
        2026: "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
    }
    worked = {2025: "0126 0208 0427 0928 1011", 2026: "0104 0214 0228 0509 0920 1010"}

    def days(year: int, text: str) -> set[date]:
        found = set()
        for span in text.split():
            first, _, last = span.partition("-")
            for day in range(int(first[2:]), int((last or first)[2:]) + 1):
                found.add(date(year, int(first[:2]), day))
        return found

    return WorkCalendar(
        "default",
        "中国大陆工作日历",
        ((time(8), time(12)), (time(14), time(18))),
        frozenset(off),
        frozenset().union(*(days(y, t) for y, t in off.items())),
        frozenset().union(*(days(y, t) for y, t in worked.items())),
    )
