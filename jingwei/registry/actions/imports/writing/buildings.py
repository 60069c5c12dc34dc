"""Buildings come in with their footprints; those with an address or a code are registered, and rooms may hang on them."""

from collections.abc import Sequence
from typing import Any

import orjson

from jingwei.accounts.rules import SYSTEM
from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.actions.address_lists import Written, enter_addresses
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.coding import give_codes
from jingwei.registry.actions.imports.writing.places import OUTSIDE, places_of
from jingwei.registry.queries import gazetteer
from jingwei.registry.rules.basemap import number_span
from jingwei.registry.rules.imports.premises import BuildingRow, read_building
from jingwei.registry.rules.rooms import Facts

FACTS = ("name", "street", "number", "floors_above", "floors_below", "units", "use", "height", "built_year")
TAKEN = T("楼栋编码已用于另一栋楼", "the code belongs to another building")
_KNOWN = """
select source, source_id, code, id, place, address_id, name, street, number, floors_above, floors_below, units, use, height, built_year,
       md5(ST_AsEWKB(coalesce(geometry, given))::text) from registry_building where (source = %s and source_id = any(%s)) or (code <> '' and code = any(%s))"""
_HASHES = """
select n, md5(ST_AsEWKB(case when ST_Dimension(g) = 2 then ST_Multi(g) else g end)::text)
  from unnest(%s::int[], %s::text[]) s(n, shape), ST_GeomFromEWKT(s.shape) g"""


def write_buildings(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[BuildingRow] = read_each(rows, lambda row: read_building(row.number, row.said, job.crs), outcome)
    places = places_of([w.shape for w in wanted], job.today)
    hashes = dict(db.rows(_HASHES, [list(range(len(wanted))), [w.shape for w in wanted]])) if wanted else {}
    found = [list(r) for r in db.rows(_KNOWN, [job.source, [w.source_id for w in wanted], [w.code for w in wanted if w.code]])]
    by_source = {r[1]: r for r in found if r[0] == job.source}
    by_code = {r[2]: r for r in found if r[2]}
    new: list[tuple[BuildingRow, str]] = []
    changed: list[tuple[int, BuildingRow, dict[str, Any], str]] = []
    for n, row in enumerate(wanted):
        place = places[n]
        if not job.holds(place):
            outcome.refuse(row.number, OUTSIDE)
            continue
        stands = by_code.get(row.code) if row.code else by_source.get(row.source_id)
        if row.code and stands is None and (stands := by_source.get(row.source_id)) and stands[2] not in ("", row.code):
            outcome.refuse(row.number, TAKEN)
            continue
        if stands is None:
            new.append((row, place))
            outcome.took("added", row.number, row.address or str(row.facts.get("name", "")) or row.source_id)
            continue
        now = dict(zip(FACTS, stands[6:15], strict=True))
        differs = {k: v for k, v in row.facts.items() if now.get(k) != v}
        if stands[15] != hashes[n]:
            differs["shape"] = row.shape
        if row.code and not stands[2]:
            differs["code"] = row.code
        if row.address and stands[5] is None:
            differs["address"] = row.address
        if differs:
            changed.append((stands[3], row, differs, place))
            outcome.took("changed", row.number, f"{row.address or row.source_id}（{'、'.join(differs)}）")
        else:
            outcome.took("unchanged", row.number)
    if not job.dry:
        _write(job, new, changed, outcome)


_INSERT = """
insert into registry_building (source, source_id, kind, name, name_en, street, number, number_from, number_to, place, crs, period, height, geometry, given,
                               code, address_id, floors_above, floors_below, units, use, built_year, import_id)
select %(source)s, i.source_id, coalesce(nullif(i.use, ''), 'building'), coalesce(i.name, ''), '', coalesce(i.street, ''), coalesce(i.number, ''),
       i.number_from, i.number_to, i.place, i.crs, daterange(%(today)s, null), i.height, case when ST_Dimension(g) = 2 then ST_Multi(g) end,
       case when ST_Dimension(g) < 2 then g end, i.code, i.address_id, i.floors_above, i.floors_below, i.units, coalesce(i.use, ''), i.built_year, %(import)s
  from json_to_recordset(%(rows)s::json) i(source_id varchar, name varchar, street varchar, number varchar, number_from int, number_to int, place varchar,
       crs varchar, height float8, shape text, code varchar, address_id bigint, floors_above int, floors_below int, units int, use varchar, built_year int),
       ST_GeomFromEWKT(i.shape) g"""
_JOURNAL = """
insert into registry_importedrow (district, id, import_id, thing, thing_id, version, before)
select left(rpad(b.place, 6, '0'), 6), gen_random_uuid(), %s, 'building', b.id::text, b.version + 1, to_jsonb(b) - 'words' - 'point'
  from registry_building b where b.id = any(%s)
on conflict (district, import_id, thing, thing_id) do update set version = excluded.version"""
_CHANGE = """
update registry_building b set version = version + 1, name = coalesce(i.name, b.name), street = coalesce(i.street, b.street),
       number = coalesce(i.number, b.number), height = coalesce(i.height, b.height),
       floors_above = coalesce(i.floors_above, b.floors_above), floors_below = coalesce(i.floors_below, b.floors_below),
       units = coalesce(i.units, b.units), use = coalesce(i.use, b.use), built_year = coalesce(i.built_year, b.built_year), code = coalesce(i.code, b.code),
       address_id = coalesce(i.address_id, b.address_id), place = coalesce(i.place, b.place),
       geometry = case when ST_Dimension(g) = 2 then ST_Multi(g) else b.geometry end, given = case when ST_Dimension(g) < 2 then g else b.given end
  from json_to_recordset(%s::json) i(id bigint, name varchar, street varchar, number varchar, height float8, floors_above int, floors_below int, units int,
       use varchar, built_year int, code varchar, address_id bigint, place varchar, shape text)
       left join lateral ST_GeomFromEWKT(i.shape) g on true where b.id = i.id"""


def _addresses(job: Job, listed: list[tuple[str, str]]) -> list[int | None]:
    """The nodes of addresses as written, each in its place; those that lie in no district have none."""
    placed = [n for n, (text, place) in enumerate(listed) if text and len(place) >= 6]
    found: list[int | None] = [None] * len(listed)
    if placed:
        # A street runs through many grids: it is kept in the community.
        written = [Written(listed[n][1][:12], listed[n][0]) for n in placed]
        ids = enter_addresses(actor=SYSTEM, at=job.at, written=written, source=job.source, gazetteer=gazetteer(), import_id=job.id)
        for n, id in zip(placed, ids, strict=True):
            found[n] = id
    return found


def _span(row: BuildingRow) -> dict[str, int]:
    span = number_span(str(row.facts.get("number", "")))
    return {"number_from": span[0], "number_to": span[1]} if span else {}


def _write(job: Job, new: list[tuple[BuildingRow, str]], changed: list[tuple[int, BuildingRow, dict[str, Any], str]], outcome: Outcome) -> None:
    if new:
        addresses = _addresses(job, [(row.address, place) for row, place in new])
        wanting = [n for n, (row, _) in enumerate(new) if not row.code]
        codes = dict(zip(wanting, give_codes("building", [Facts(new[n][1]) for n in wanting]), strict=True))
        records = [
            {
                **row.facts,
                **_span(row),
                "source_id": row.source_id,
                "place": place,
                "crs": row.crs,
                "shape": row.shape,
                "code": codes.get(n, row.code),
                "address_id": address,
            }
            for n, ((row, place), address) in enumerate(zip(new, addresses, strict=True))
        ]
        outcome.made["buildings"] += db.run(_INSERT, {"source": job.source, "today": job.today, "import": job.id, "rows": orjson.dumps(records).decode()})
    if changed:
        addresses = _addresses(job, [(differs.get("address", ""), place) for _, _, differs, place in changed])
        db.run(_JOURNAL, [job.id, sorted(id for id, *_ in changed)])
        records = []
        for (id, _, differs, place), address in zip(changed, addresses, strict=True):
            moved = {"place": place} if "shape" in differs and place else {}
            records.append({"id": id, "address_id": address} | {k: v for k, v in differs.items() if k != "address"} | moved)
        db.run(_CHANGE, [orjson.dumps(sorted(records, key=lambda r: r["id"])).decode()])
