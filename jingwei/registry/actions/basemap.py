"""The base map comes in as GeoJSON, layer by layer, set by set; refused features go to a reject file with their reasons."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.db import models, transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas.models import CRS
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import Forbidden, Refused, invalid
from jingwei.kit.text import T
from jingwei.registry.actions.placing import find_places
from jingwei.registry.models import Building, Landmark, LandUse, Road
from jingwei.registry.rules import basemap as rules

TABLES: dict[str, type[models.Model]] = {"buildings": Building, "roads": Road, "land": LandUse, "landmarks": Landmark}
_COLUMNS = {
    "buildings": "kind name name_en street number number_from number_to height",
    "roads": "kind name name_en",
    "land": "kind name name_en",
    "landmarks": "kind name name_en street number number_from number_to",
}
_FRAME = ("{", "}", "]", "]}")  # lines of a FeatureCollection around its features


@dataclass
class BaseMapReport:
    """What a load did. read = added + changed + unchanged + refused; `ended` were of the source and are in it no more."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    ended: int = 0


def _features(stream: TextIO, reject: Callable[[int, str, T], None]) -> Iterator[tuple[int, Any]]:
    """Features of a GeoJSON file that has each on a line of its own (as ogr2ogr and GeoJSONSeq write them), or of one line."""
    for line, text in enumerate(stream, start=1):
        body = text.strip().lstrip("\x1e").rstrip(",")
        if not body or body in _FRAME or body.endswith("[") or body.startswith(('"type"', '"name"', '"crs"')):
            continue
        try:
            feature = json.loads(body)
        except (ValueError, RecursionError):
            reject(line, body, T("不是 JSON", "not JSON"))
            continue
        if isinstance(feature, dict) and feature.get("type") == "FeatureCollection" and isinstance(feature.get("features"), list):
            yield from ((line, f) for f in feature["features"])
        else:
            yield line, feature


def _records(layer: str, features: Iterator[tuple[int, Any]], reject: Callable[[int, str, T], None], report: BaseMapReport) -> Iterator[tuple[Any, ...]]:
    seen: set[str] = set()
    for line, feature in features:
        report.read += 1
        fault = rules.feature_fault(feature, layer)
        properties = {} if fault else rules.plain_properties(feature["properties"])
        key = str(properties.get("id", "" if fault else feature.get("id"))).strip()
        if fault is None and key in seen:
            fault = T("编号在文件中重复", "the id stands twice in the file")
        if fault:
            reject(line, json.dumps(feature, ensure_ascii=False)[:2000], fault)
            continue
        seen.add(key)
        texts = [(properties.get(name) or "").strip() for name in rules.TEXTS]
        span = rules.number_span(texts[4]) or (None, None)
        kind = rules.ROAD_KINDS.get(texts[0], texts[0]) if layer == "roads" else texts[0]
        yield line, key, kind or layer.removesuffix("s"), *texts[1:], *span, properties.get("height"), json.dumps(feature["geometry"])


def _upsert(layer: str, source: str, crs: str, valid_from: date) -> tuple[int, int]:
    """(added, changed) rows."""
    table, columns = TABLES[layer]._meta.db_table, _COLUMNS[layer].split()
    names, values = ", ".join(columns), ", ".join(f"i.{c}" for c in columns)
    shape = "i.shape" if layer == "landmarks" else "ST_Multi(i.shape)"
    old, new = ", ".join(f"t.{c}" for c in (*columns, "crs")), ", ".join(f"excluded.{c}" for c in (*columns, "crs"))
    found = db.row(
        f"""with written as (
              insert into {table} as t (source, source_id, {names}, crs, period, geometry)
              select %s, i.key, {values}, %s, daterange(%s, null), {shape} from incoming i order by i.line
              on conflict (source, source_id) do update
                  set ({names}, crs, geometry) = ({new}, excluded.geometry), period = daterange(lower(t.period), null)
               where ({old}) is distinct from ({new}) or t.geometry::bytea <> excluded.geometry::bytea or not upper_inf(t.period)
              returning t.xmax = 0 as fresh)
            select count(*) filter (where fresh), count(*) filter (where not fresh) from written""",
        [source, crs, valid_from],
    )
    assert found
    return found[0], found[1]


@transaction.atomic
def load_base_map(
    *, actor: Actor, at: datetime, layer: str, path: Path, reject_path: Path, source: str, valid_from: date, crs: str = "EPSG:4326", complete: bool = False
) -> BaseMapReport:
    """Take a GeoJSON file (plain or .gz) into `layer`: buildings, roads, land or landmarks.

    Each feature is known by its `id` within `source`; a second run of the same file changes nothing. With `complete`, what
    the source had before and the file has no more ends at `valid_from`. Refused features are written to `reject_path` with
    line and reason. Forbidden unless system administrator.
    """
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    if layer not in TABLES:
        raise invalid("layer", f"没有“{layer}”这个图层", f"there is no layer {layer!r}; there are {', '.join(TABLES)}")
    if crs not in CRS:
        raise invalid("crs", "底图须为 EPSG:4326 或 EPSG:4490，请先转换", "a base map is in EPSG:4326 or EPSG:4490; convert it first")
    if not 0 < len(source) <= 40:
        raise invalid("source", "来源须为 1 至 40 字", "a source has 1 to 40 characters")
    report, table = BaseMapReport(), TABLES[layer]._meta.db_table
    db.run("drop table if exists pg_temp.incoming")
    db.run("""create temp table incoming (line int, key varchar, kind varchar, name varchar, name_en varchar, street varchar, number varchar,
              number_from int, number_to int, height float8, json text) on commit drop""")
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with (
        opener(path, "rt", encoding="utf-8-sig", errors="replace") as stream,
        reject_path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as rejects,
    ):
        writer = csv.writer(rejects)
        writer.writerow(["line", "reason", "reason_en", "feature"])

        def reject(line: int, text: str, reason: T) -> None:
            report.refused += 1
            writer.writerow([line, reason.zh, reason.en, text[:2000]])

        def reject_unread(line: int, text: str, reason: T) -> None:
            report.read += 1
            reject(line, text, reason)

        try:
            db.copy_in("copy incoming from stdin", _records(layer, _features(stream, reject_unread), reject, report))
        except (EOFError, gzip.BadGzipFile) as error:
            raise Refused(T(f"文件无法读取：{error}", f"the file can't be read: {error}")) from None
        db.run("alter table incoming add shape geometry")
        db.run("update incoming set shape = ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(json)), 4326)")
        for line, json_text, why in db.rows(
            "delete from incoming where not ST_IsValid(shape) or ST_IsEmpty(shape) returning line, json, ST_IsValidReason(shape)"
        ):
            reject(line, json_text, T(f"几何无效：{why}", f"not a valid geometry: {why}"))
    report.added, report.changed = _upsert(layer, source, crs, valid_from)
    report.unchanged = report.read - report.refused - report.added - report.changed
    if complete:
        report.ended = db.run(
            f"""update {table} t set period = daterange(lower(period), greatest(%s, lower(period) + 1)) where source = %s and upper_inf(period)
                and not exists (select from incoming i where i.key = t.source_id)""",
            [valid_from, source],
        )
    if report.added or report.changed:
        find_places(at, layers=(layer,))
    if report.added or report.changed or report.ended:
        record("base_map.loaded", actor=actor, at=at, subject_type="base_map", subject_key=layer, data={"source": source, "file": path.name, **report.__dict__})
    return report
