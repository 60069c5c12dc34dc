"""Wrong moves with cases: two hands, stale lists, lost answers, keys that are not meant."""

import re

from playwright.sync_api import expect

from tests.e2e.desk import Desk, in_both_languages
from tests.e2e.wrong_moves.hands import REPORTED, UNREACHED, Sit, cases, compose, events, opened, swallow_answer, the_case, words


def test_a_move_pressed_twice_or_answered_into_the_void_is_made_once(hotline: Desk, sitting: Sit) -> None:
    text = words("受理两下")
    case = opened(hotline.page, text)
    page = sitting("acceptor").page
    page.goto(case)
    page.get_by_test_id("move-accept").click()
    page.get_by_test_id("form-submit").dblclick()
    expect(page.get_by_test_id("case-state")).to_have_text("待立案")
    assert len(events(page, text)) == 2

    text = words("受理没有回复")
    page.goto(opened(hotline.page, text))
    page.get_by_test_id("move-accept").click()
    swallow_answer(page, "**/moves/accept")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-trouble")).to_contain_text(UNREACHED)
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("move-dialog")).to_be_hidden()
    expect(page.get_by_test_id("case-state")).to_have_text("待立案")
    assert len(events(page, text)) == 2


def test_the_same_case_in_two_windows_and_a_form_that_came_too_late(hotline: Desk, sitting: Sit) -> None:
    text, why = words("两个窗口办一件"), "不属于受理范围，已电话告知"
    case = opened(hotline.page, text)
    acceptor = sitting("acceptor")
    page, other = acceptor.page, acceptor.page.context.new_page()
    page.goto(case)
    page.get_by_test_id("move-decline").click()
    page.get_by_test_id("form-reason").fill(why)
    other.goto(case)
    other.get_by_test_id("move-accept").click()
    other.get_by_test_id("form-submit").click()
    expect(other.get_by_test_id("case-state")).to_have_text("待立案")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("move-conflict")).to_contain_text("待立案")
    in_both_languages(page, "wrong-conflict")
    expect(page.get_by_test_id("form-reason")).to_have_value(why)
    page.reload()  # the form can't be had any more; what was written can
    expect(page.get_by_test_id("move-lost")).to_contain_text("待立案")
    expect(page.get_by_test_id("move-lost")).to_contain_text(why)
    in_both_languages(page, "wrong-move-lost")
    assert len(events(page, text)) == 2
    page.get_by_test_id("move-lost-done").click()
    expect(page.get_by_test_id("move-lost")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}$"))


def test_keys_of_the_input_method_fire_nothing_and_escape_keeps_what_was_written(hotline: Desk, sitting: Sit) -> None:
    text = words("输入法")
    case = opened(hotline.page, text)
    page = sitting("acceptor").page
    page.goto(case)
    expect(page.get_by_test_id("case-number")).to_be_visible()
    letter = page.get_by_test_id("move-decline").get_attribute("aria-keyshortcuts") or ""
    page.evaluate("document.activeElement.blur()")
    compose(page, letter)
    expect(page.get_by_test_id("move-dialog")).to_have_count(0)
    page.keyboard.press(letter)
    reason = page.get_by_test_id("form-reason")
    reason.fill("写到一半")
    compose(page, "Escape")
    compose(page, "Enter", ctrlKey=True)
    expect(reason).to_have_value("写到一半")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("move-dialog")).to_be_hidden()
    page.go_back()
    page.goto(case)
    page.get_by_test_id("move-decline").click()
    expect(reason).to_have_value("写到一半")
    expect(page.get_by_test_id("case-state")).to_have_text("待受理")
    assert len(events(page, text)) == 1


def test_several_at_once_twice_into_the_void_and_one_that_went_away(hotline: Desk, sitting: Sit) -> None:
    texts = [words(f"批量{n}") for n in range(3)]
    for text in texts:
        opened(hotline.page, text)
    page = sitting("acceptor").page
    page.goto(REPORTED)
    numbers = [cases(page, text)[0]["number"] for text in texts]
    for number in numbers:
        page.get_by_test_id(f"pick-{number}").check()
    page.get_by_test_id("many-decline").click()
    page.get_by_test_id("form-reason").fill("重复诉求")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("many-dialog")).to_be_hidden()
    page.get_by_test_id("many-decline").click()
    expect(page.get_by_test_id("form-reason")).to_have_value("重复诉求")
    page.get_by_test_id("form-cancel").click()

    other: Desk = sitting("acceptor")
    other.open(f"/cases/{the_case(page, texts[2])['id']}")
    other.move("accept", "待立案")
    expect(page.get_by_test_id("many-left")).to_contain_text("1")  # picked, and gone from the list meanwhile
    in_both_languages(page, "wrong-picked-left")
    page.get_by_test_id("many-accept").click()
    swallow_answer(page, "**/cases/moves/accept")
    page.get_by_test_id("form-submit").click()
    expect(page.get_by_test_id("form-trouble")).to_contain_text(UNREACHED)
    page.get_by_test_id("form-submit").dblclick()
    expect(page.get_by_test_id("many-dialog")).to_be_hidden()
    for text in texts:
        assert len(events(page, text)) == 2
