"""Two clerks at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from jingwei.accounts.rules import SYSTEM
from jingwei.catalogue import actions
from jingwei.catalogue.models import Matter
from jingwei.catalogue.rules.files import read_sheet

AT = datetime(2026, 5, 6, 2, tzinfo=UTC)
MODULES = read_sheet(b"code,name,name_en\neconomy,x,x\n", columns=())
MATTERS = read_sheet(
    (
        "# edition: e\n# name: n\n# source: s\n# valid_from: 2026-01-01\nkind,code,major_code,major_name,name,module\n"
        + "".join(f"event,20{n:03},20,x,x,economy\n" for n in range(200))
    ).encode(),
    columns=(),
)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_by_two_clerks_comes_in_once() -> None:
    actions.load_modules(actor=SYSTEM, at=AT, sheet=MODULES)

    def load(_: int) -> actions.LoadReport:
        try:
            return actions.load_matters(actor=SYSTEM, at=AT, sheet=MATTERS)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clerks:
        reports = list(clerks.map(load, range(4)))
    assert sorted((r.added, r.unchanged) for r in reports) == [(0, 200)] * 3 + [(200, 0)]
    assert Matter.objects.count() == 200
