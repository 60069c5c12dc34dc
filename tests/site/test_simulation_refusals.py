"""Where nothing is loaded: the simulator says all that is missing, and writes nothing."""

from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from jingwei.site.simulation.fit import read_fit
from jingwei.site.simulation.running import Unready, look

FIT = read_fit()
SHANGHAI = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 11, 19, 12, 0, tzinfo=SHANGHAI)
SINCE = UNTIL - timedelta(days=2)


@pytest.mark.django_db
def test_what_is_missing_is_said_all_at_once(db):
    with pytest.raises(Unready, match="没有目录"):
        look(FIT, SINCE, UNTIL)
    call_command("load_catalogue", stdout=StringIO())
    with pytest.raises(Unready, match="没有网格"):
        look(FIT, SINCE, UNTIL)
    with pytest.raises(Unready) as why:
        look(FIT, datetime(2024, 3, 1, tzinfo=SHANGHAI), datetime(2024, 3, 5, tzinfo=SHANGHAI))
    assert len(why.value.missing) == 3 and "2024" in why.value.missing[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--days", "0"], "至少"),
        (["--until", "2100-01-01"], "将来"),
        (["--leave", "dispatcher"], "--live"),
        (["--fit", "/nowhere.toml"], "nowhere"),
        (["--until", "2026-11-19"], "没有目录"),
    ],
)
def test_the_command_refuses_in_a_sentence(db, words, why):
    with pytest.raises(CommandError, match=why):
        call_command("simulate", *words, stdout=StringIO())
