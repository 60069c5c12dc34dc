"""What people ask the register: each question through the program's own query, beside the same statements sent by the bare driver, in turn.

The questions are about people drawn from the city's own file, each time somebody else, so that nothing is answered from what the one before has warmed up.
"""

import csv
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

TIMES = 200
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CITY = "9901"
HEAD = ["name", "identity_kind", "identity", "phone", "sex", "birth_date", "address", "residency_kind", "relation", "household", "from_date"]
Asked = tuple[str, Any, bool]  # SQL, parameters, planned anew


@dataclass
class Somebody:
    """One of the city: as the file says, and as the register keeps them."""

    name: str
    identity: str
    address: str
    id: UUID
    room: UUID
    place: str
    building: int
    lon: float
    lat: float


def run(url: str, folder: Path) -> None:
    import psycopg

    from jingwei.kit import db

    _components()
    db.run("vacuum (analyze)")
    people = _drawn(folder, TIMES)
    total = (db.row("select count(*) from registry_resident") or (0,))[0]
    points = (db.row("select count(*) from registry_component") or (0,))[0]
    print(
        f"asked {TIMES} times each, {total:,} residents, {points:,} components; wanted: p95 under 3 × the bare SQL and 30 ms (panorama and tiles: 300 ms)",
        flush=True,
    )
    with psycopg.connect(url, autocommit=True) as bare:
        for name, ask, limit in _questions():
            _measure(name, ask, limit, people, bare)


def _components() -> None:
    """The 118,000 components of five million people, whatever the size of the city: a tile of the whole city holds them all. They go in by COPY."""
    import numpy as np
    from django.utils.timezone import now

    from jingwei.kit import db
    from jingwei.kit.ids import new_id
    from jingwei.registry.actions import load_shipped_classes
    from jingwei.site.generation.plan import Plan
    from jingwei.site.generation.things import components

    if (db.row("select count(*) from registry_component") or (0,))[0] > 100_000:
        return
    load_shipped_classes(at=NOW)
    db.run("delete from registry_componentcondition")
    db.run("delete from registry_component")
    klass = dict(db.rows("select code, id from registry_componentclass where edition = 'GB/T 47678.5-2026'"))
    at, given = now(), dict[tuple[str, str], int]()

    def rows() -> Iterator[tuple[Any, ...]]:
        for community in Plan(5_000_000).communities:
            for code, kind, name, lon, lat, crs, state, *_ in components(np.random.default_rng(community.number), community, given):
                point = f"SRID=4326;POINT({lon} {lat})"
                yield code[:6], new_id(code[:6], at), f"{community.code}", code, klass[kind], name, state, point, crs, "bench"  # type: ignore[index]

    db.copy_in("copy registry_component (district, id, place, code, klass_id, name, state, geometry, crs, source) from stdin", rows())


def _drawn(folder: Path, count: int) -> list[Somebody]:
    """People from places all over the file, who are in the register where the file says."""
    from jingwei.kit import crypto, db

    lot, path = random.Random(7), folder / "residents.csv"
    found: list[Somebody] = []
    sql = """select r.id, s.room_id, s.place, o.building_id, ST_X(b.point), ST_Y(b.point) from registry_resident r
               join registry_residency s on s.district = r.district and s.resident_id = r.id and upper_inf(s.period)
               join registry_room o on o.id = s.room_id join registry_building b on b.id = o.building_id where r.identity_index = %s"""
    with path.open("rb") as stream:
        size = path.stat().st_size
        while len(found) < count:
            stream.seek(lot.randrange(size))
            stream.readline()
            line = stream.readline().decode()
            row = dict(zip(HEAD, next(csv.reader([line]), []), strict=False))
            rows = db.rows(sql, [crypto.index(row["identity"])]) if len(row) == len(HEAD) else []
            if len(rows) == 1:
                found.append(Somebody(row["name"], row["identity"], row["address"], *rows[0]))
    return found


def _questions() -> Iterator[tuple[str, Callable[[Somebody], object], float]]:
    """(name, the program's own call, milliseconds wanted)."""
    from jingwei.accounts.rules import Actor, Held
    from jingwei.association.queries import association, panorama, search
    from jingwei.association.rules.shapes import circle
    from jingwei.registry.queries import address_match, base_tile, component_tile, residents_page, residents_search, room_matrix, room_page, whole_resident
    from jingwei.registry.queries.components import ComponentFilter
    from jingwei.registry.queries.residents import ResidentFilter, people_of_room, rooms_of_resident
    from jingwei.registry.queries.rooms import RoomFilter

    def clerk(area: str) -> Actor:
        return Actor(id=1, name="bench", held=(Held("registrar", area),))

    whole, on = clerk(CITY), NOW.date()
    yield "card number", lambda one: residents_search(actor=whole, text=one.identity), 30
    for letters in (1, 2, 3):
        for word, digits in (("grid", 15), ("street", 9), ("city", 4)):
            yield (
                f"name, {letters} of it, {word}",
                lambda one, n=letters, d=digits: residents_search(actor=whole, text=one.name[:n], place=one.place[:d]),  # type: ignore[misc]
                30,
            )
    yield "address", lambda one: address_match(actor=whole, text=one.address), 30
    yield "address, in part", lambda one: address_match(actor=whole, text=one.address.split("社区")[1]), 30
    yield "people of a room", lambda one: people_of_room(actor=whole, room_id=one.room, on=on), 30
    yield "rooms of a person", lambda one: rooms_of_resident(actor=whole, resident_id=one.id), 30
    yield "a person's page", lambda one: whole_resident(actor=whole, resident_id=one.id), 30
    yield "rooms of a building, matrix", lambda one: room_matrix(actor=whole, building_id=one.building, on=on), 30
    for word, digits in (("grid", 15), ("street", 9), ("city", 4)):
        yield f"rooms of a {word}, page", lambda one, d=digits: room_page(actor=clerk(one.place[:d]), wanted=RoomFilter(), on=on), 30  # type: ignore[misc]
    yield "people of a grid, page", lambda one: residents_page(actor=whole, wanted=ResidentFilter(place=one.place), on=on), 30
    yield "people of a street, page", lambda one: residents_page(actor=clerk(one.place[:9]), wanted=ResidentFilter(), on=on), 30
    yield "association, person", lambda one: association(actor=whole, kind="resident", id=str(one.id), on=on), 30
    yield "association, room", lambda one: association(actor=whole, kind="room", id=str(one.room), on=on), 30
    yield "association, building", lambda one: association(actor=whole, kind="building", id=str(one.building), on=on), 30
    yield "the search box, a name", lambda one: search(actor=whole, text=one.name, on=on), 30
    yield "panorama, 1 km", lambda one: panorama(actor=whole, shape=circle(one.lon, one.lat, 1000), at=NOW), 300
    yield "buildings, tile z 15", lambda one: base_tile(on=on, **_tile(one, 15)), 300
    yield "components, tile z 11", lambda one: component_tile(actor=whole, wanted=ComponentFilter(), **_tile(one, 11)), 300
    yield "components, tile z 16", lambda one: component_tile(actor=whole, wanted=ComponentFilter(), **_tile(one, 16)), 300


def _tile(one: Somebody, z: int) -> dict[str, int]:
    across = 1 << z
    y = (1 - math.asinh(math.tan(math.radians(one.lat))) / math.pi) / 2
    return {"z": z, "x": int((one.lon + 180) / 360 * across), "y": int(y * across)}


def _measure(name: str, ask: Callable[[Somebody], object], limit: float, people: list[Somebody], bare: Any) -> None:
    ours, floors, counts = [], [], set()
    rounds = people if limit < 100 else people[: TIMES // 4]
    ask(people[-1])  # what is read once (the catalogue, the dictionary) is there
    for n, one in enumerate(rounds):
        with _noted() as sent:
            ask(one)
        counts.add(len(sent))
        # Each goes first every other time.
        for floor in (True, False) if n % 2 else (False, True):
            start = time.perf_counter()
            if floor:
                for sql, params, anew in sent:
                    bare.execute(sql, params, prepare=False if anew else None).fetchall()
            else:
                ask(one)
            (floors if floor else ours).append((time.perf_counter() - start) * 1000)
    took, floor_took = _points(ours), _points(floors)
    ratio = took[1] / floor_took[1]
    missed = ("" if ratio < 3 else "  ! over 3 ×") + ("" if took[1] < limit else f"  ! over {limit:.0f} ms")
    print(
        f"{name:26} bare p50 {floor_took[0]:6.1f} p95 {floor_took[1]:6.1f}   program p50 {took[0]:6.1f} p95 {took[1]:6.1f} ms   ratio {ratio:4.2f}   "
        f"{'–'.join(map(str, sorted({min(counts), max(counts)})))} statements{missed}",
        flush=True,
    )


def _points(took: list[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


@contextmanager
def _noted() -> Iterator[list[Asked]]:
    """The statements that are sent, and whether they are planned for their own parameters."""
    from django.db import connection

    from jingwei.kit import db

    sent: list[Asked] = []
    anew, rows_anew = [False], db.rows_anew

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        # A geometry goes as the text that the driver would make of it.
        plain = [getattr(p, "ewkb", p) for p in params] if isinstance(params, (list, tuple)) else params
        sent.append((sql, [p.hex() if g is not p else p for p, g in zip(plain, params, strict=True)] if isinstance(plain, list) else plain, anew[0]))
        return execute(sql, params, many, context)

    def watched_anew(sql: str, params: Any = None) -> Any:
        anew[0] = True
        try:
            return rows_anew(sql, params)
        finally:
            anew[0] = False

    db.rows_anew = watched_anew
    try:
        with connection.execute_wrapper(watch):
            yield sent
    finally:
        db.rows_anew = rows_anew
