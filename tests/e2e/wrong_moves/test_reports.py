"""Wrong moves while a report is written and sent, in a real browser before the real server: nothing is lost, and a clear word is said.

docs/wrong-moves.md is the table of them all; a name in its last column is a function in this folder.
"""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.desk import Desk, in_both_languages, photograph
from tests.e2e.wrong_moves.hands import UNREACHED, cases, events, swallow_answer, the_case, words, write


def test_a_double_click_and_a_lost_answer_make_one_case(hotline: Desk) -> None:
    page, text = hotline.page, words("双击上报")
    write(page, text)
    page.get_by_test_id("new-case-submit").dblclick()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert events(page, text) == ["case.opened"]

    text = words("回复丢了")
    write(page, text)
    swallow_answer(page, "**/api/v1/cases")
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("new-case-trouble")).to_contain_text(UNREACHED)
    assert len(cases(page, text)) == 1
    page.reload()  # in despair
    expect(page.get_by_test_id("new-case-text")).to_have_value(text)
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert events(page, text) == ["case.opened"]


def test_what_was_changed_after_a_lost_answer_is_not_taken_for_sent(hotline: Desk) -> None:
    page, text = hotline.page, words("先报一遍")
    write(page, text)
    swallow_answer(page, "**/api/v1/cases")
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("new-case-trouble")).to_contain_text(UNREACHED)
    page.get_by_test_id("new-case-text").fill(f"补充：已有人摔倒。{text}")
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("new-case-arrived")).to_contain_text(cases(page, text)[0]["number"])
    in_both_languages(page, "wrong-arrived")
    expect(page.get_by_test_id("new-case-text")).to_have_value(f"补充：已有人摔倒。{text}")
    assert len(cases(page, text)) == 1
    page.get_by_test_id("new-case-submit").click()  # it is another matter
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert len(cases(page, text)) == 2


def test_a_half_written_report_outlives_back_reload_language_and_a_closed_window(hotline: Desk) -> None:
    page, text = hotline.page, words("写到一半")
    write(page, text)
    page.get_by_test_id("new-case-phone").fill("19900005678")
    page.get_by_test_id("language").click()
    expect(page.get_by_test_id("new-case-text")).to_have_value(text)
    page.get_by_test_id("language").click()
    page.go_back()
    page.go_forward()
    expect(page.get_by_test_id("new-case-text")).to_have_value(text)
    expect(page.get_by_test_id("new-case-restored")).to_contain_text("电话")  # is asked for again: it stays on no computer
    page.reload()
    expect(page.get_by_test_id("new-case-text")).to_have_value(text)
    other = page.context.new_page()
    page.close()
    other.goto("/cases/new")
    expect(other.get_by_test_id("new-case-text")).to_have_value(text)
    assert "19900005678" not in other.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") and not cases(other, text)
    hotline.page = other


def test_one_draft_in_two_windows_is_one_case_and_another_text_is_another(hotline: Desk) -> None:
    first, text = hotline.page, words("两个窗口")
    write(first, text)
    second = first.context.new_page()
    second.goto("/cases/new")
    expect(second.get_by_test_id("new-case-text")).to_have_value(text)
    first.get_by_test_id("new-case-submit").click()
    expect(first.get_by_test_id("case-state")).to_have_text("待受理")
    second.get_by_test_id("new-case-submit").click()  # the same once more
    expect(second.get_by_test_id("case-state")).to_have_text("待受理")
    assert second.url == first.url and events(first, text) == ["case.opened"]
    for page in (first, second):
        page.goto("/cases/new")
        expect(page.get_by_test_id("new-case-text")).to_have_value("")


def test_without_a_network_nothing_is_lost_and_everything_is_said(hotline: Desk) -> None:
    page, text = hotline.page, words("断网")
    write(page, text)
    page.context.set_offline(True)
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("new-case-trouble")).to_contain_text(UNREACHED)
    expect(page.get_by_test_id("line")).to_contain_text("网络断开")
    in_both_languages(page, "wrong-offline")
    page.get_by_test_id("nav-account").click()  # a page that was not fetched yet
    expect(page.get_by_test_id("line")).to_contain_text("没有打开")
    expect(page.get_by_test_id("new-case-text")).to_have_value(text)
    page.context.set_offline(False)
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    expect(page.get_by_test_id("line")).to_have_text("")
    assert events(page, text) == ["case.opened"]

    text = words("服务器重启")
    write(page, text)
    page.route("**/api/v1/cases", lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>"), times=1)
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("new-case-trouble")).to_contain_text("服务器出错了")
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert events(page, text) == ["case.opened"]


def test_too_much_unseen_and_odd_letters(hotline: Desk) -> None:
    page, text = hotline.page, words("粘贴")
    write(page, text)
    field = page.get_by_test_id("new-case-text")
    field.fill("长" * 100_000)
    page.get_by_test_id("new-case-submit").click()
    expect(page.locator(".el-form-item__error")).to_contain_text("100000 字")
    assert len(field.input_value()) == 100_000  # nothing was cut off in silence
    page.reload()
    assert len(field.input_value()) == 100_000
    field.fill("\u200b\u200d ")
    page.get_by_test_id("new-case-submit").click()
    expect(page.locator(".el-form-item__error")).to_be_visible()
    field.evaluate(
        "(box, text) => { box.value = text; box.dispatchEvent(new Event('input')) }", f"\x00井盖\x07丢了\x0b👨‍👩‍👧 请修<script>alert(1)</script>𠮷{text}"
    )
    page.get_by_test_id("new-case-submit").click()
    expect(page.get_by_test_id("case-text")).to_have_text(f"井盖丢了\n👨‍👩‍👧 请修<script>alert(1)</script>𠮷{text}")


def test_a_file_that_did_not_arrive_holds_the_report_back(hotline: Desk, tmp_path: Path) -> None:
    page, text = hotline.page, words("附件")
    write(page, text)
    picker, failed, submit = page.get_by_test_id("new-case-files"), page.locator(".sending.failed"), page.get_by_test_id("new-case-submit")
    for name, content, word in (
        ("空.jpg", b"", "空"),
        ("木马.exe", b"MZ" + b"\0" * 400, "只收图片"),
        ("大.jpg", b"\xff\xd8" + b"\0" * (21 << 20), "20 MB"),
    ):
        (tmp_path / name).write_bytes(content)
        picker.set_input_files(tmp_path / name)
        expect(failed).to_contain_text(word)
        expect(submit).to_be_disabled()
        failed.get_by_role("button").last.click()
    page.route("**/api/v1/files", lambda route: route.abort("connectionreset"), times=1)
    picker.set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photograph("现场")})
    expect(failed).to_contain_text(UNREACHED)
    page.get_by_test_id("new-case-text").press("Control+Enter")
    expect(page.get_by_test_id("new-case-trouble")).to_contain_text("没有传")
    failed.get_by_role("button").first.click()  # once more
    expect(page.locator(".picker img")).to_be_visible()
    submit.click()
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert len(the_case(page, text)["files"]) == 1
