"""The case file on paper: what stands in it, in which language, masked, never as markup; and that printing is on the record."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from jingwei.cases.actions import NewCase, keep_file, open_case
from jingwei.cases.models import Case
from jingwei.cases.queries import whole_case
from jingwei.cases.schemas import case_file
from jingwei.kit import typesetting
from tests.api.conftest import Caller
from tests.cases.conftest import told
from tests.kit.test_files import jpeg
from tests.world import IN_A1, MONDAY, World

MARKUP = '*粗* #panic("x") $ x $ @label <tag> [块] \\u{41} _斜_ = 标题 `raw` // 注释 http://x.example/?a=1&b=2 "引号" -- ~'


def text_of(pdf: bytes) -> str:
    """The text of every page, without white space: where lines break is the paper's business."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def printed(world: World, case: Case, language: str = "zh") -> bytes:
    whole = whole_case(actor=world.actor("acceptor"), case_id=case.id)
    return case_file(whole, language=language, printed_by="程霜降", at=MONDAY + timedelta(days=2))


@pytest.fixture
def told_case(world: World, move: Callable[..., Case]) -> Case:
    reporter = world.actor("hotline_operator")
    file = keep_file(actor=reporter, at=MONDAY, name="现场.jpg", stream=io.BytesIO(jpeg()))
    new = NewCase(
        matter="06001", text=MARKUP, source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1], address="中山东一路18号", files=(file.id,),
        reporter_name="来电人", reporter_phone="19900005678",
    )  # fmt: skip
    case = open_case(actor=reporter, at=MONDAY, new=new).case
    assert case
    move(move(case, "acceptor", "accept", note='第一行\n#image("/etc/passwd")'), "acceptor", "file")
    return move(case, "dispatcher", "dispatch", unit=world.units["chengguan"].pk)


def test_what_stands_in_it(world: World, told_case: Case) -> None:
    text = text_of(printed(world, told_case))
    for word in (
        told_case.number,
        "案件卷宗",
        "待签收",
        "中山东一路18号",
        "甲一网格",
        "chengguan单位",
        "网格员worker甲",
        "办理经过",
        "处置前",
        "程霜降打印于2026-11-18",
    ):
        assert "".join(word.split()) in text, word
    assert "1/1" in text or "1/2" in text, "pages are numbered"


def test_what_people_wrote_is_text_never_markup(world: World, told_case: Case) -> None:
    text = text_of(printed(world, told_case))
    assert "".join(MARKUP.split()) in text
    assert '第一行#image("/etc/passwd")' in text


def test_who_reported_is_masked_as_on_the_screen(world: World, told_case: Case) -> None:
    text = text_of(printed(world, told_case))
    assert "199****5678" in text and "来**" in text
    assert "19900005678" not in text and "来电人" not in text


def test_it_speaks_the_readers_language(world: World, told_case: Case) -> None:
    text = text_of(printed(world, told_case, "en"))
    assert "Casefile" in text and "Timeline" in text and "Printedby程霜降" in text and "案件卷宗" not in text


def test_pictures_come_along_and_a_lost_one_does_not_stop_the_print(world: World, told_case: Case, settings: Any, tmp_path: Any) -> None:
    pages = PdfReader(io.BytesIO(printed(world, told_case))).pages
    assert sum(len(page.images) for page in pages) == 1
    settings.MEDIA_ROOT = tmp_path
    pages = PdfReader(io.BytesIO(printed(world, told_case))).pages
    assert sum(len(page.images) for page in pages) == 0


def test_a_long_history_goes_over_pages(world: World, told_case: Case, move: Callable[..., Case]) -> None:
    for n in range(60):
        move(told_case, "supervisor", "remind", note=f"第 {n} 次催办")
    pages = PdfReader(io.BytesIO(printed(world, told_case))).pages
    assert len(pages) >= 3 and "第59次催办" in text_of(printed(world, told_case))


def test_the_door_answers_a_pdf_and_records_who_printed(world: World, told_case: Case) -> None:
    answer = Caller(world, "supervisor")("GET", f"/api/v1/cases/{told_case.id}/file.pdf?lang=en", None)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    assert told(told_case)[-1] == "printed"


def test_without_a_chinese_font_it_says_what_to_install(world: World, told_case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "FAMILIES", ("No such font",))
    answer = Caller(world, "supervisor")("GET", f"/api/v1/cases/{told_case.id}/file.pdf", None)
    assert answer.status_code == 503 and answer.json()["code"] == "no_chinese_font" and "fonts-noto-cjk" in answer.json()["detail"]
    assert "printed" not in told(told_case), "what was not given out is not on the record as given out"
