"""Importing another system's cases (opened, dispatched, closed, each with its own times), beside COPY of the same rows."""

import csv
import random
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.ground import COLUMNS, NOW, ROWS, SOUTH, STEP, WEST

CASES = 10_000
HEAD = ["no", "opened", "closed", "due", "class", "unit", "x", "y", "say"]
MAP = """name = "bench_{n}"
[time]
zone = "Asia/Shanghai"
format = "%Y-%m-%d %H:%M:%S"
[case]
number = "{{no}}"
opened_at = "{{opened}}"
due_at = "{{due}}"
text = "{{say}}"
[matter]
edition = "{edition}"
key = "{{class}}"
table = "matters.csv"
[unit]
key = "{{unit}}"
table = "units.csv"
[place]
area = "310101"
[point]
crs = "EPSG:4326"
x = "{{x}}"
y = "{{y}}"
[source]
default = "hotline"
[[move]]
move = "dispatch"
unit = true
at = "{{opened}}"
[[move]]
move = "close"
at = "{{closed}}"
"""


def run(url: str) -> None:
    """Prints the floor, the import and their ratio (medians of 5 runs, in turn)."""
    from jingwei.accounts.actions import open_unit
    from jingwei.accounts.models import Unit
    from jingwei.accounts.rules import SYSTEM
    from jingwei.kit import db

    if not Unit.objects.filter(code="bench_unit").exists():
        open_unit(actor=SYSTEM, at=NOW, code="bench_unit", name="bench", kind="department", area="310101")
    edition = (db.row("select code from catalogue_edition order by valid_from desc limit 1") or ("",))[0]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "matters.csv").write_text("source,code\nA,06001\n")
        (here / "units.csv").write_text("source,code\n1,bench_unit\n")
        _write_rows(here / "cases.csv")
        imports, floors = [], []
        for n in range(5):
            (here / f"map{n}.toml").write_text(MAP.format(n=n, edition=edition))
            imports.append(CASES / _import(here / "cases.csv", here / f"map{n}.toml"))
            floors.append(CASES / _copy(n))
    floor, cases = (statistics.median(x) for x in (floors, imports))
    runs = " ".join(f"{i:.0f}" for i in imports)
    print(f"import cases      floor {floor:8.0f}/s   import     {cases:8.0f}/s   ratio {cases / floor:.2f}   (wanted ≥ 3000/s; the runs: {runs})")


def _write_rows(path: Path) -> None:
    dice = random.Random(1)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for n in range(CASES):
            opened = NOW - timedelta(seconds=dice.randrange(30 * 86400))
            x, y = WEST + dice.random() * COLUMNS * STEP, SOUTH + dice.random() * ROWS * STEP
            closed, due = opened + timedelta(hours=dice.randrange(1, 200)), opened + timedelta(days=3)
            writer.writerow([n, *(f"{t:%Y-%m-%d %H:%M:%S}" for t in (opened, closed, due)), "A", "1", f"{x:.6f}", f"{y:.6f}", "路边堆放杂物，请派人清理"])


def _import(path: Path, mapping: Path) -> float:
    from jingwei.sharing.actions import import_cases
    from jingwei.sharing.management.reading import mapping_at

    start = time.perf_counter()
    report = import_cases(mapping=mapping_at(mapping), path=path, reject=lambda refusal: None)
    seconds = time.perf_counter() - start
    if not (report.opened == CASES and report.moved == 2 * CASES and report.adds_up):
        raise SystemExit(f"the import is not what it should be: {report.opened} opened, {report.moved} moves, {report.refused} refused")
    return seconds


# What must differ when the same rows are written once more: keys, numbers, commands.
_AGAIN = "(left({c}::text, 32) || lpad(to_hex(('x' || right({c}::text, 4))::bit(16)::int # 21845), 4, '0'))::uuid"
_OTHER: dict[str, dict[str, str]] = {
    "cases_case": {"id": _AGAIN, "number": "number || 'c{n}'"},
    "cases_step": {"id": _AGAIN, "case_id": _AGAIN},
    "cases_assignment": {"id": _AGAIN, "case_id": _AGAIN},
    "events_event": {"id": _AGAIN, "subject_id": _AGAIN, "command": "command || ':c{n}'"},
}


def _copy(n: int) -> float:
    """Seconds to COPY the rows of import `n` into the same tables once more, in one transaction."""
    from django.db import connection, transaction

    from jingwei.kit import db

    chosen = f"select subject_id from events_event where command like '0:import:bench_{n}:%' and type = 'case.opened'"
    data: list[tuple[str, list[Any]]] = []
    with connection.cursor() as cursor:
        for table, other in _OTHER.items():
            named = "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER' order by ordinal_position"
            columns = [c for (c,) in db.rows(named, [table])]
            taken = ", ".join(other[c].format(c=c, n=n) if c in other else c for c in columns)
            key = {"cases_case": "id", "events_event": "subject_id"}.get(table, "case_id")
            with cursor.copy(f"copy (select {taken} from {table} where {key} in ({chosen})) to stdout") as copy:
                data.append((f"copy {table} ({', '.join(columns)}) from stdin", list(copy)))
        start = time.perf_counter()
        with transaction.atomic():
            for sql, blocks in data:
                with cursor.copy(sql) as copy:
                    copy.write(b"".join(blocks))
        return time.perf_counter() - start
