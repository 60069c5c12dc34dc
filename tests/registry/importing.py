"""What the tests of imports share: a street with a building and rooms that came in by import, and a file run to its end."""

import csv
import io
import json
from datetime import datetime
from typing import Any

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.registry.actions import imports
from jingwei.registry.models import Import
from jingwei.registry.rules.numbers import check_digit
from tests.world import MONDAY, square


def card(n: int, *, birth: str = "19900102") -> str:
    """A number that is nobody's (no region has 990000)."""
    first = f"990000{birth}{n:03d}"
    return first + check_digit(first)


def table(*lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def begin(kind: str, content: bytes, *, actor: Actor = SYSTEM, area: str = "", at: datetime = MONDAY, **options: Any) -> imports.Looked:
    return imports.begin_import(actor=actor, at=at, kind=kind, name="表.csv", stream=io.BytesIO(content), area=area, options=options)


def run(kind: str, content: bytes, *, actor: Actor = SYSTEM, area: str = "", at: datetime = MONDAY, **options: Any) -> Import:
    """Begin, start, work: the import as it ended."""
    looked = begin(kind, content, actor=actor, area=area, at=at, **options)
    imports.start_import(actor=actor, at=at, import_id=looked.job.id, defer=False)
    imports.work_import(import_id=looked.job.id, at=at)
    return Import.objects.get(pk=looked.job.id)


def check(kind: str, content: bytes, *, actor: Actor = SYSTEM, **options: Any) -> Import:
    looked = begin(kind, content, actor=actor, **options)
    imports.start_check(actor=actor, at=MONDAY, import_id=looked.job.id, defer=False)
    imports.work_import(import_id=looked.job.id, at=MONDAY)
    return Import.objects.get(pk=looked.job.id)


def undo(row: Import, *, actor: Actor = SYSTEM) -> Import:
    imports.start_undo(actor=actor, at=MONDAY, import_id=row.id, defer=False)
    imports.work_import(import_id=row.id, at=MONDAY)
    return Import.objects.get(pk=row.id)


def counts(row: Import, what: str = "run") -> tuple[int, int, int, int]:
    """(added, changed, unchanged, refused)."""
    found = row.counts[what]["counts"]
    return found["added"], found["changed"], found["unchanged"], found["refused"]


def reasons(row: Import, what: str = "run") -> str:
    return " | ".join(f"{r['count']} × {r['en']}" for r in row.counts[what]["reasons"])


BUILDINGS = [("a", "测试路1号", 121.481), ("b", "测试路3号", 121.482), ("c", "乙路5号", 121.491)]


def buildings_file() -> bytes:
    features = [
        {"type": "Feature", "properties": {"id": id, "address": address, "floors_above": 6}, "geometry": square(lon, 31.232, lon + 0.0003, 31.2323)}
        for id, address, lon in BUILDINGS
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def rooms_file() -> bytes:
    lines = [[address, str(floor), f"{floor}0{n}", "住宅"] for _, address, _ in BUILDINGS for floor in (1, 2) for n in (1, 2)]
    return table(["楼栋地址", "楼层", "室号", "用途"], *lines)


def premises() -> None:
    """Three buildings (two in community A, one in B) with four rooms each."""
    assert counts(run("buildings", buildings_file())) == (3, 0, 0, 0)
    assert counts(run("rooms", rooms_file())) == (12, 0, 0, 0)


HEAD = ["姓名", "证件号码", "手机", "地址", "居住类型", "与户主关系", "户号", "入住日期"]


def family(number: str, address: str, first: int, *, since: str = "2024-05-01") -> list[list[str]]:
    return [
        ["王甲", card(first), "13800138000", address, "常住", "户主", number, since],
        ["李乙", card(first + 1), "", address, "常住", "配偶", number, since],
        ["王丙", card(first + 2, birth="20150607"), "", address, "常住", "子", number, since],
    ]
