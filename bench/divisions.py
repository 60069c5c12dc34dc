"""Loading the division tree of 2021 (663,128 rows), beside COPY of the same rows into a table of the same shape."""

import csv
import gzip
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.ground import NOW

# Real data lies beside a developer's checkout; a user's machine has none.
FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "divisions" / "divisions_2021_full.csv.gz"


def run(_url: str) -> None:
    """Prints the floor, the first load and the second, which changes nothing."""
    if not FILE.exists():
        print("load divisions    skipped: the file of 2021 is not here")
        return
    from jingwei.accounts.rules import SYSTEM
    from jingwei.areas.actions import load_divisions
    from jingwei.kit import db

    db.run("create temp table copied (like areas_division including defaults including constraints including indexes)")
    start = time.perf_counter()
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as stream:
        digits = {"1": 2, "2": 4, "3": 6, "4": 9, "5": 12}
        rows = ((r["code"], r["code"][: digits[r["level"]]], r["name"], r["level"], r["parent_code"] or None) for r in csv.DictReader(stream))
        db.copy_in("copy copied (code, place, name, level, parent_id, valid_from) from stdin", ((*r, date(2021, 1, 1)) for r in rows))
    floor = time.perf_counter() - start
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            start = time.perf_counter()
            report = load_divisions(actor=SYSTEM, at=NOW, path=FILE, reject_path=Path(folder) / "rejects.csv", valid_from=date(2021, 1, 1))
            seconds.append(time.perf_counter() - start)
    assert report.added == report.changed == 0, report
    print(
        f"load divisions    floor {floor:7.1f} s    {report.read:,} rows {seconds[0]:7.1f} s (again, without change: {seconds[1]:.1f} s)"
        f"   refused {report.refused}   ratio {seconds[0] / floor:.2f}   (wanted < 60 s)"
    )
