"""The division tree comes in as a table, set by set; refused rows go to a reject file with their reasons."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.db import InternalError, transaction

from jingwei.areas import rules
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.codes import prefix
from jingwei.kit.errors import FieldError, Forbidden, Invalid, Refused
from jingwei.kit.text import T


@dataclass
class LoadReport:
    """What a load did. read = added + changed + unchanged + refused."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


def _open_text(path: Path) -> TextIO:
    # Bytes that are not UTF-8 become surrogates, so that only their own rows are refused.
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    stream: TextIO = opener(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return stream


def _records(stream: TextIO, reject: Callable[[int, list[str], T], None], report: LoadReport) -> Iterator[tuple[Any, ...]]:
    reader = csv.reader(stream)
    header = next(reader, [])
    missing = [c for c in ("code", "name", "level", "parent_code") if c not in header]
    if missing:
        raise Invalid(errors=[FieldError(c, T(f"缺少列 {c}", f"the column {c} is missing")) for c in missing])
    at = [header.index(c) for c in ("code", "name", "level", "parent_code")]
    froms = header.index("valid_from") if "valid_from" in header else None
    olds = header.index("predecessors") if "predecessors" in header else None
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        report.read += 1
        if len(row) != len(header):
            reject(number, row, T("列数与表头不符", "not as many columns as the header"))
            continue
        code, name, level, parent = (row[i].strip() for i in at)
        fault = rules.division_fault(code, name, level, parent)
        if fault is None and code in seen:
            fault = T("代码在文件中重复", "the code stands twice in the file")
        valid_from, predecessors = row[froms] if froms is not None else "", row[olds].split() if olds is not None else []
        if fault is None and valid_from and _date(valid_from) is None:
            fault = T("生效日期无效", "the date of validity is wrong")
        if fault:
            reject(number, row, fault)
            continue
        seen.add(code)
        yield number, code, prefix(code, int(level)), name, int(level), parent or None, _date(valid_from), predecessors


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# A row falls with its parent: the parent is in the file or in the table, above it, and its place is the beginning of the row's.
_ORPHANS = """
with recursive good as (
    select i.code, i.place from incoming i where i.parent is null
  union
    select i.code, i.place from incoming i join good p on p.code = i.parent and i.place ^@ p.place and i.place <> p.place
), standing as (
    select i.code from incoming i join areas_division p on p.code = i.parent and i.place ^@ p.place and i.place <> p.place
     where not exists (select from incoming x where x.code = i.parent)
)
select i.line, i.code, i.name, i.level, i.parent from incoming i
 where i.code not in (select code from good) and i.code not in (select code from standing)
   and not exists (select from standing s where i.place ^@ rtrim(s.code, '0') and s.code <> i.code)
 order by i.line"""


def _may_load(actor: Any) -> None:
    """The program itself, or a system administrator."""
    if actor.id is not None and "system_admin" not in actor.roles:
        raise Forbidden()


@transaction.atomic(durable=True)
def load_divisions(*, actor: Any, at: datetime, path: Path, reject_path: Path, valid_from: date) -> LoadReport:
    """Take a CSV (plain or .gz; code, name, level, parent_code, and where known valid_from, predecessors) into the tree.

    All rows in one transaction; a second run of the same file changes nothing. Refused rows are written to
    `reject_path` with line and reason. Raises Invalid when the file isn't such a table, Forbidden for others than system administrators.
    """
    _may_load(actor)
    report = LoadReport()
    db.run("drop table if exists pg_temp.incoming")  # of an earlier load in the same transaction
    db.run("""create temp table incoming (line int, code varchar, place varchar, name varchar, level smallint, parent varchar,
              valid_from date, predecessors varchar[]) on commit drop""")
    with reject_path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as rejects, _open_text(path) as stream:
        writer = csv.writer(rejects)
        writer.writerow(["line", "reason", "reason_en", "row"])

        def reject(line: int, row: list[str], reason: T) -> None:
            report.refused += 1
            writer.writerow([line, reason.zh, reason.en, json.dumps(row, ensure_ascii=False)])

        try:
            db.copy_in("copy incoming from stdin", _records(stream, reject, report))
        except (csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise Refused(T(f"文件无法读取：{error}", f"the file can't be read: {error}")) from None
        db.run("create index on incoming (code)")
        db.run("create index on incoming (parent)")
        db.run("analyze incoming")
        orphans = db.rows(_ORPHANS)
        for line, code, name, level, parent in orphans:
            reject(line, [code, name, str(level), parent], T("上级不存在或不是它的上级", "the parent does not exist or is not above it"))
        db.run("delete from incoming where line = any(%s)", [[o[0] for o in orphans]])
    found = db.row(
        """with written as (
             insert into areas_division (code, place, name, level, parent_id, valid_from, predecessors)
             select code, place, name, level, parent, coalesce(valid_from, %s), predecessors from incoming
             on conflict (code) do update set name = excluded.name, predecessors = excluded.predecessors
              where (areas_division.name, areas_division.predecessors) is distinct from (excluded.name, excluded.predecessors)
             returning xmax = 0 as fresh)
           select count(*) filter (where fresh), count(*) filter (where not fresh) from written""",
        [valid_from],
    )
    assert found
    report.added, report.changed = found
    report.unchanged = report.read - report.refused - report.added - report.changed
    if report.added or report.changed:
        record("divisions.loaded", actor=actor, at=at, subject_type="divisions", data=report.__dict__ | {"file": path.name})
    return report


@transaction.atomic
def draw_boundaries(*, actor: Any, at: datetime, boundaries: dict[str, str], crs: str = "EPSG:4326", schematic: bool = False) -> int:
    """Give divisions their boundaries: {12-digit code: GeoJSON geometry in degrees}. Answers how many changed.

    Refused when a code is unknown or a geometry isn't a valid polygon; then none is drawn.
    """
    _may_load(actor)
    codes = list(boundaries)
    try:
        with transaction.atomic():
            faults = db.rows(
                """select g.code, d.code is null, ST_IsValidReason(g.b) from unnest(%s::varchar[], %s::text[]) s(code, json),
                   lateral (select s.code, ST_SetSRID(ST_GeomFromGeoJSON(s.json), 4326) b) g left join areas_division d on d.code = g.code
                   where d.code is null or not ST_IsValid(g.b) or GeometryType(g.b) not in ('POLYGON', 'MULTIPOLYGON')""",
                [codes, list(boundaries.values())],
            )
    except InternalError as error:
        raise Refused(T(f"边界不是 GeoJSON：{error}", f"a boundary is not GeoJSON: {error}")) from None
    if faults:
        raise Refused(
            errors=[
                FieldError(code, T("区划代码不存在", "no such division") if unknown else T(f"边界无效：{why}", f"not a valid polygon: {why}"))
                for code, unknown, why in faults
            ]
        )
    changed = db.run(
        """update areas_division d set boundary = g.b, crs = %s, schematic = %s
             from (select code, ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(json), 4326)) b from unnest(%s::varchar[], %s::text[]) s(code, json)) g
            where d.code = g.code and (d.boundary is null or not ST_Equals(d.boundary, g.b) or d.crs <> %s or d.schematic <> %s)""",
        [crs, schematic, codes, list(boundaries.values()), crs, schematic],
    )
    if changed:
        record("boundaries.drawn", actor=actor, at=at, subject_type="divisions", data={"divisions": changed, "crs": crs, "schematic": schematic})
    return changed
