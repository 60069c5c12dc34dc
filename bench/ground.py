"""The ground on which all benches stand: a cluster of their own (durable, as in production), an invented city of 32,400 grids."""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROWS = COLUMNS = 180
WEST, SOUTH, STEP = 121.0, 31.0, 0.002
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@contextmanager
def city(keep: Path | None = None) -> Iterator[str]:
    """A cluster with the catalogue and 180 × 180 grids (36 communities of 30 × 30 grids); yields its address. With `keep` it lies there, and stays."""
    place = keep or Path(tempfile.mkdtemp(prefix="jingwei-bench-"))
    place.mkdir(exist_ok=True)
    place.chmod(0o755)
    os.environ["JINGWEI_VAR"] = str(place / "var")  # before anything of the program looks
    from jingwei.site.cluster import Cluster

    cluster = Cluster(place / "cluster")
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingwei.site.settings"
    try:
        import django

        django.setup()
        _build()
        yield cluster.url
    finally:
        from django.db import connection

        connection.close()
        if pool := getattr(connection, "pool", None):
            pool.close()
        if keep:
            cluster.stop()
        else:
            cluster.destroy()
            shutil.rmtree(place, ignore_errors=True)


def _build() -> None:
    from django.core.management import call_command

    from jingwei.kit import db

    call_command("migrate", verbosity=0)
    if db.row("select 1 from areas_grid limit 1"):
        return
    print("building the ground: 32,400 grids …", file=sys.stderr, flush=True)
    call_command("load_catalogue", stdout=io.StringIO())
    db.run(
        """insert into areas_division (code, place, name, level, parent_id, valid_from)
           select rpad(p, 12, '0'), p, 'd' || p, l, case when l > 1 then rpad(up, 12, '0') end, %s from (
             select '31' p, 1 l, '' up union all select '3101', 2, '31' union all select '310101', 3, '3101' union all select '310101001', 4, '310101'
             union all select '310101001' || lpad(n::text, 3, '0'), 5, '310101001' from generate_series(1, 36) n) x order by l""",
        [date(2026, 1, 1)],
    )
    # 36 communities of 30 × 30 grids: a grid's number has three digits.
    db.run(
        """update areas_division set boundary = ST_Multi(ST_MakeEnvelope(
               %(w)s + c %% 6 * 30 * %(s)s, %(t)s + c / 6 * 30 * %(s)s, %(w)s + (c %% 6 + 1) * 30 * %(s)s, %(t)s + (c / 6 + 1) * 30 * %(s)s, 4326))
           from (select n, n - 1 c from generate_series(1, 36) n) k where place = '310101001' || lpad(n::text, 3, '0')""",
        {"w": WEST, "t": SOUTH, "s": STEP},
    )
    db.run(
        """insert into areas_grid (code, community_id, kind, name, period, boundary)
           select d.place || lpad((i * 30 + j + 1)::text, 3, '0'), d.code, 'basic', 'g', daterange('2026-01-01', null),
                  ST_Multi(ST_MakeEnvelope(x + j * %(s)s, y + i * %(s)s, x + (j + 1) * %(s)s, y + (i + 1) * %(s)s, 4326))
             from (select place, code, ST_XMin(boundary) x, ST_YMin(boundary) y from areas_division where level = 5) d,
                  generate_series(0, 29) i, generate_series(0, 29) j""",
        {"s": STEP},
    )
    db.run("reindex table areas_grid")  # as `load grids` leaves it
    db.run("analyze")
