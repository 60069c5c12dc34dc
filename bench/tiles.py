"""A vector tile of 5,000 cases through the program, beside the same statement sent by the bare driver, in turn in the same run."""

import statistics
import time
from collections.abc import Callable

from bench.ground import NOW, SOUTH, STEP, WEST

CASES = 5_000
ROUNDS = 60
TILE = {"z": 12, "x": 3425, "y": 1676}  # holds all of the seeded corner of the city


def run(url: str) -> None:
    """Prints medians, 95th percentiles and ratios for single cases, and for cells of a map's clusters and of its heat."""
    import psycopg

    from jingwei.accounts.rules import Actor, Held
    from jingwei.cases.queries import QueueFilter, case_tile

    _seed()
    actor = Actor(id=1, name="bench", held=(Held("dispatcher", "310101"),))
    with psycopg.connect(url, autocommit=True) as bare:
        for name, cells in (("single", 0), ("8 × 8", 8), ("64 × 64", 64)):

            def ours(cells: int = cells) -> bytes:
                return case_tile(actor=actor, wanted=QueueFilter(view="open"), at=NOW, cells=cells, **TILE)

            sql, params = _statement(ours)

            def floor(sql: str = sql, params: object = params) -> bytes:
                return bytes(bare.execute(sql, params, prepare=True).fetchone()[0])  # type: ignore[arg-type, index]

            assert min(len(ours()), len(floor())) > 100  # the same features; their order is the database's
            floors, tiles = [], []
            for _ in range(ROUNDS):
                floors.append(_took(floor))
                tiles.append(_took(ours))
            print(
                f"tile {name:8} {CASES:,} cases   bare {_say(floors)}   case_tile {_say(tiles)}   "
                f"ratio {statistics.median(tiles) / statistics.median(floors):.2f} (wanted < 2)   {len(ours()) / 1024:.0f} KB"
            )


def _took(ask: Callable[[], bytes]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def _say(took: list[float]) -> str:
    return f"{statistics.median(took):6.1f} ms (p95 {statistics.quantiles(took, n=20)[-1]:6.1f})"


def _statement(ask: Callable[[], bytes]) -> tuple[str, object]:
    """What `ask` sends."""
    from django.db import connection

    sent: list[tuple[str, object]] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        ask()
    return sent[-1]


def _seed() -> None:
    """Open cases at random in 5,000 grids of one corner, with every light."""
    from jingwei.kit import db

    db.run("select setseed(0.5)")
    db.run(
        """insert into cases_case (district, id, number, process_id, state, is_open, version, matter_id, source, text, urgent, place, point, crs, x, y,
                                   opened_at, entered_at, limit_value, limit_unit, due_at, warn_at)
           select '310101', (lpad(to_hex((extract(epoch from %(now)s::timestamptz) * 1000)::bigint + i), 12, '0') || '84bb95'
                             || to_hex(4 + i %% 4) || substr(md5(i::text), 1, 13))::uuid,
                  't' || lpad(i::text, 7, '0'), (select max(id) from catalogue_process where code = 'standard'), 'dispatched', true, 1,
                  (select min(id) from catalogue_matter where kind = 'event'), 'hotline', '路边堆放杂物', false, '310101001001',
                  ST_SetSRID(ST_MakePoint(x, y), 4326),
                  'EPSG:4326', x, y, %(now)s, %(now)s, 5, 'work_day', %(now)s::timestamptz + late, %(now)s::timestamptz + late - interval '1 day'
             from (select i, %(w)s + 0.03 + random() * 0.05 x, %(s)s + random() * 0.05 y, (random() - 0.2) * interval '5 days' late
                     from generate_series(1, %(n)s) i) k""",
        {"now": NOW, "w": WEST, "s": SOUTH, "n": CASES, "step": STEP},
    )
    db.run("vacuum (analyze) cases_case")
