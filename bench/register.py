"""An invented city comes into the register by the real import, beside COPY of the same rows; then it is asked.

`python -m bench register --people 5000000`: buildings and rooms, then the people, by two processes. `--keep FOLDER` keeps city and cluster there: what is
in already is not brought in again, so that the questions alone can be measured anew.
"""

import io
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SOURCE = "city"
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FILES = (  # in this order: what others refer to first; one community's people come in an old encoding
    ("buildings", "buildings.geojsonl", "registry_building"),
    ("rooms", "rooms.csv", "registry_room"),
    ("organisations", "organisations.csv", "registry_organisation"),
    ("components", "components.csv", "registry_component"),
    ("residents", "residents.csv", "registry_resident"),
    ("residents", "residents_gb18030.csv", "registry_resident"),
    ("pledges", "pledges.csv", "registry_pledge"),
)
PROCESSES = 2
MINUTES, GIGABYTES = 15.0, 2.0  # wanted of five million people


def run(url: str, people: int, keep: Path | None) -> None:
    """Prints what each import took, its memory, the floor of the people's, and the questions."""
    from bench import asking

    with tempfile.TemporaryDirectory() as other:
        folder = _city(people, (keep or Path(other)) / f"city-{people}")
        _ground(folder)
        _catalogues()
        wanted = [(kind, name) for kind, name, table in FILES if not _is_in(table)]
        took = {name: _import(kind, folder / name) for kind, name in wanted}
        if ours := took.get("residents.csv"):
            _floor(url, ours, people)
        asking.run(url, folder)


def _city(people: int, folder: Path) -> Path:
    from jingwei.site.generation.plan import Plan
    from jingwei.site.generation.write import write_city

    if not (folder / "city.json").exists():
        started = time.perf_counter()
        write_city(Plan(people), folder, dirty=True)
        print(f"generate city     {people:,} people in {time.perf_counter() - started:.0f} s", flush=True)
    return folder


def _ground(folder: Path) -> None:
    from django.core.management import call_command

    from jingwei.kit import db

    if db.row("select 1 from areas_division where code = '990100000000'"):
        return
    quiet = io.StringIO()
    started = time.perf_counter()
    call_command("load_divisions", str(folder / "divisions.csv"), rejects=folder / "divisions.rejects.csv", stdout=quiet)
    call_command("load_boundaries", str(folder / "boundaries.geojson"), stdout=quiet)
    call_command("load_grids", str(folder / "grids.geojson"), valid_from=date(2026, 1, 1), stdout=quiet)
    db.run("analyze")
    print(f"divisions, grids  {time.perf_counter() - started:.0f} s", flush=True)


def _catalogues() -> None:
    """The classes of components; the field dictionary, all on, owned by a command centre: what is off is not imported."""
    from jingwei.accounts.actions import open_unit
    from jingwei.accounts.models import Unit
    from jingwei.accounts.rules import SYSTEM
    from jingwei.registry.actions import load_shipped_classes
    from jingwei.site.demonstration.dictionary import fill_dictionary

    if not Unit.objects.filter(code="centre").exists():
        open_unit(actor=SYSTEM, at=NOW, code="centre", name="指挥中心", kind="command_centre", area="9901")
    fill_dictionary(NOW, "centre")
    load_shipped_classes(at=NOW)


def _is_in(table: str) -> bool:
    from jingwei.kit import db

    where = "place" if table == "registry_building" else "district"
    return db.row(f"select 1 from {table} where {where} like '9901%%' limit 1", {}) is not None


def _import(kind: str, path: Path) -> float:
    """Seconds of one import, from the file to its end. Prints lines a second, what was refused, the peak of each process's memory."""
    from django.utils.timezone import now

    from jingwei.accounts.rules import SYSTEM
    from jingwei.registry.actions import imports
    from jingwei.registry.models import Import

    started = time.perf_counter()
    with watched_memory() as memory:
        with path.open("rb") as stream:
            looked = imports.begin_import(actor=SYSTEM, at=now(), kind=kind, name=path.name, stream=stream, options={"source": SOURCE})
        imports.start_import(actor=SYSTEM, at=now(), import_id=looked.job.id, defer=False)
        status = imports.work_import(import_id=looked.job.id, at=now(), processes=PROCESSES)
    seconds = time.perf_counter() - started
    row = Import.objects.get(pk=looked.job.id)
    if status != "done":
        raise SystemExit(f"the import of {path.name} is {status}: {row.trouble}")
    counts = row.counts["run"]["counts"]
    print(
        f"import {kind:14} {row.lines:>9,} lines in {seconds / 60:5.1f} min {row.lines / seconds:8,.0f}/s   "
        + ", ".join(f"{counts[what]:,} {what}" for what in ("added", "changed", "unchanged", "refused"))
        + f"   memory: {memory}",
        flush=True,
    )
    wanted = _refusals(path)
    if counts["refused"] != wanted:
        print(f"  ! {wanted:,} rows of {path.name} are wrong, {counts['refused']:,} were refused")
        for reason in row.counts["run"]["reasons"][:10]:
            print(f"    {reason['count']:,} × {reason['en']} (from line {reason['line']})")
    return seconds


def _refusals(path: Path) -> int:
    """How many rows of the file the city says should be refused."""
    with (path.parent / "dirt.csv").open(encoding="utf-8") as stream:
        return sum(line.startswith(f"{path.name},") and line.endswith(",refused\n") for line in stream)


class Memory:
    """The largest resident memory of this process and of those that it started, and of PostgreSQL's backends together (their own, without what they share)."""

    def __init__(self) -> None:
        self.peaks: dict[str, int] = {}
        self.postgres = 0

    def look(self) -> None:
        me, backends = os.getpid(), 0
        for place in Path("/proc").iterdir():
            if place.name.isdigit():
                try:
                    said = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
                except OSError:
                    continue
                if said["Name"].strip() == "postgres":
                    backends += int(said.get("RssAnon", "0 kB").split()[0])
                elif int(place.name) == me or int(said["PPid"]) == me:
                    name = "main" if int(place.name) == me else place.name
                    self.peaks[name] = max(self.peaks.get(name, 0), int(said.get("VmRSS", "0 kB").split()[0]))
        self.postgres = max(self.postgres, backends)

    def __str__(self) -> str:
        return f"{' + '.join(f'{peak / 1024:.0f}' for peak in self.peaks.values())} MB, PostgreSQL's {self.postgres / 1024:.0f} MB"


@contextmanager
def watched_memory() -> Iterator[Memory]:
    memory, over = Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(1):
            memory.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()
        memory.look()


# -- the floor --------------------------------------------------------------------------------------------------------

TABLES = ("registry_resident", "registry_household", "registry_residency")


_COLUMNS = """
select string_agg(column_name, ', ' order by ordinal_position) from information_schema.columns
 where table_name = %s and table_schema = 'public' and is_generated = 'NEVER'"""


def _floor(url: str, ours: float, people: int) -> None:
    """COPY of the people's rows into tables that are the same, with the same indexes and keys, by as many connections as the import had processes,
    in transactions as large as its blocks."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as bare, tempfile.TemporaryDirectory() as folder:
        bare.execute("drop schema if exists floor cascade; create schema floor")
        columns, files = {}, {}
        for table in TABLES:
            bare.execute(f"create table floor.{table} (like {table} including all)")  # type: ignore[arg-type]
            columns[table] = bare.execute(_COLUMNS, [table]).fetchone()[0]  # type: ignore[index]
            files[table] = Path(folder) / table
            with files[table].open("wb") as out, bare.cursor().copy(f"copy {table} ({columns[table]}) to stdout") as copy:  # type: ignore[arg-type]
                for block in copy:
                    out.write(block)
        bare.execute("alter table floor.registry_residency add foreign key (district, resident_id) references floor.registry_resident (district, id)")
        started = time.perf_counter()
        # Who is referred to comes first: in each part the residents of its lines before their residencies.
        parts = [threading.Thread(target=_copy, args=(url, files, columns, n)) for n in range(PROCESSES)]
        for part in parts:
            part.start()
        for part in parts:
            part.join()
        floor = time.perf_counter() - started
        copied = bare.execute("select count(*) from floor.registry_resident").fetchone()[0]  # type: ignore[index]
        bare.execute("drop schema floor cascade")
    print(
        f"people            floor (COPY) {copied:,} in {floor / 60:.1f} min {copied / floor:,.0f}/s   import {ours / 60:.1f} min {people / ours:,.0f}/s   "
        f"ratio {floor / ours:.2f}   (wanted: 5 million in {MINUTES:.0f} min = {5e6 / MINUTES / 60:,.0f}/s)",
        flush=True,
    )


BLOCK = 4000


def _copy(url: str, files: dict[str, Path], columns: dict[str, str], part: int) -> None:
    import psycopg

    def blocks(path: Path) -> Iterator[list[bytes]]:
        found: list[bytes] = []
        with path.open("rb") as stream:
            for n, line in enumerate(stream):
                if n // BLOCK % PROCESSES == part:
                    found.append(line)
                    if len(found) == BLOCK:
                        yield found
                        found = []
        if found:
            yield found

    with psycopg.connect(url) as bare:
        for table, path in files.items():
            if table == "registry_residency":
                _wait.wait()
            for rows in blocks(path):
                with bare.cursor().copy(f"copy floor.{table} ({columns[table]}) from stdin") as copy:  # type: ignore[arg-type]
                    copy.write(b"".join(rows))
                bare.commit()


_wait: Any = threading.Barrier(PROCESSES)
