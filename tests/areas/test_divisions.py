"""The division tree comes in from a table; refused rows say why; the same file twice changes nothing."""

import csv
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.areas.actions import load_divisions
from jingwei.areas.actions.divisions import LoadReport
from jingwei.areas.models import Division
from jingwei.events.models import Event
from jingwei.kit import db as kit_db
from jingwei.kit.errors import Forbidden, Invalid
from tests.world import MONDAY, START

HEADER = "code,name,level,parent_code"
TREE = """310000000000,上海市,1,
310100000000,市辖区,2,310000000000
310101000000,黄浦区,3,310100000000
310101013000,外滩街道,4,310101000000
310101013001,甲居委会,5,310101013000"""
REAL = Path(__file__).parents[3] / "shared" / "data" / "divisions"


@pytest.fixture
def load(db: None, tmp_path: Path) -> Callable[..., tuple[LoadReport, list[dict[str, str]]]]:
    """`load(text)`: the report, and the reject file's rows."""

    def take(text: str | bytes, header: str = HEADER, name: str = "divisions.csv") -> tuple[LoadReport, list[dict[str, str]]]:
        path, rejects = tmp_path / name, tmp_path / "rejects.csv"
        kit_db.run("drop table if exists pg_temp.incoming")  # it goes with its transaction, which here is the test's
        content = text if isinstance(text, bytes) else f"{header}\n{text}\n".encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        report = load_divisions(actor=SYSTEM, at=MONDAY, path=path, reject_path=rejects, valid_from=START)
        assert report.read == report.added + report.changed + report.unchanged + report.refused
        return report, list(csv.DictReader(rejects.open(encoding="utf-8")))

    return take


@pytest.mark.parametrize("name", ["divisions.csv", "divisions.csv.gz"])
def test_a_tree(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]], name: str) -> None:
    report, rejects = load(TREE, name=name)
    assert (report.added, report.refused, rejects) == (5, 0, [])
    assert list(Division.objects.order_by("level").values_list("place", flat=True)) == ["31", "3101", "310101", "310101013", "310101013001"]


def test_the_same_file_twice_changes_nothing(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]]) -> None:
    load(TREE)
    before = (list(Division.objects.order_by("code").values()), Event.objects.count())
    report, _ = load(TREE)
    assert (report.unchanged, report.added, report.changed) == (5, 0, 0)
    assert (list(Division.objects.order_by("code").values()), Event.objects.count()) == before


def test_a_new_name_is_a_change(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]]) -> None:
    load(TREE)
    report, _ = load(TREE.replace("甲居委会", "甲一居委会"))
    assert (report.changed, report.unchanged) == (1, 4) and Division.objects.get(code="310101013001").name == "甲一居委会"


@pytest.mark.parametrize(("row", "reason"), [
    ("31010101300,短,5,310101013000", "not 12 digits"), ("３１０１０１０１３００２,全角,5,310101013000", "not 12 digits"), ("000000000000,零,1,", "not 12 digits"),  # noqa: E501
    ("310101013002,,5,310101013000", "empty or longer"), (f"310101013002,{'长' * 101},5,310101013000", "empty or longer"),
    ("310101013002,a\x07b,5,310101013000", "can't be shown"),
    ("310101013002,乙,6,310101013000", "level is not"), ("310101013002,乙,x,310101013000", "level is not"),
    ("310101013002,乙,4,310101000000", "digits below its level"),
    ("320000000000,江苏省,1,310000000000", "a province has no parent"), ("310102000000,无上级,3,", "a province has no parent"),
    ("310101013002,乙,5,31", "parent's code"),
    ("310101013002,乙,5,310109009000", "does not exist or is not above"), ("310101013002,乙,5,310101013001", "does not exist or is not above"),
    ("310101013001,又一个,5,310101013000", "twice in the file"), ("310101013002,乙,5", "not as many columns"),
    ("310101013002,乙,5,310101013000,多", "not as many columns"),
], ids=lambda v: v[:24])  # fmt: skip
def test_a_refused_row_says_why_and_the_others_come_in(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]], row: str, reason: str) -> None:
    report, (refused,) = load(f"{TREE}\n{row}")
    assert (report.added, report.refused) == (5, 1) and refused["line"] == "7" and reason in refused["reason_en"] and refused["reason"]
    assert Division.objects.count() == 5


def test_what_hangs_on_a_refused_row_falls_with_it(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]]) -> None:
    report, rejects = load(TREE.replace("310101000000,黄浦区,3", "310101000000,黄浦区,9"))
    assert report.added == 2 and {r["line"] for r in rejects} == {"4", "5", "6"}


def test_bytes_that_are_no_utf8_refuse_their_row_alone(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]]) -> None:
    report, (refused,) = load(f"{HEADER}\n{TREE}\n310101013002,".encode() + "乙居委会".encode("gbk") + b",5,310101013000\n")
    assert report.added == 5 and refused["line"] == "7"


@pytest.mark.parametrize("text", [b"", b"code,name\n1,2\n", b"\xff\xfe\x00", b"x"])
def test_what_is_no_table(load: Callable[..., tuple[LoadReport, list[dict[str, str]]]], text: bytes) -> None:
    with pytest.raises(Invalid):
        load(text)
    assert Division.objects.count() == 0


def test_only_the_system_administrator_loads(db: None, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(f"{HEADER}\n{TREE}\n")
    with pytest.raises(Forbidden):
        load_divisions(actor=Actor(1, "x", (Held("acceptor", "31"),)), at=MONDAY, path=tmp_path / "d.csv", reject_path=tmp_path / "r.csv", valid_from=START)


@pytest.mark.skipif(not (os.environ.get("JINGWEI_REAL_DATA") and REAL.is_dir()), reason="JINGWEI_REAL_DATA=1 loads all 663,128 rows")
def test_all_of_the_country(db: None, tmp_path: Path) -> None:
    path = REAL / "divisions_2021_full.csv.gz"
    first = load_divisions(actor=SYSTEM, at=MONDAY, path=path, reject_path=tmp_path / "r.csv", valid_from=START)
    assert (first.read, first.added, first.refused) == (663_128, 663_128, 0)
    again = load_divisions(actor=SYSTEM, at=MONDAY, path=path, reject_path=tmp_path / "r.csv", valid_from=START)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 663_128)
