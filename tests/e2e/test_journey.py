"""One report through the seven steps, by six accounts of four levels, each in a browser of its own, with a picture of every step."""

from playwright.sync_api import expect

from tests.e2e.desk import photograph, report


def test_a_residents_report_travels_from_the_telephone_to_the_rating(sitting) -> None:  # type: ignore[no-untyped-def]
    hotline = sitting("hotline_operator")
    number, case = report(hotline)

    acceptor = sitting("acceptor")
    acceptor.page.get_by_test_id("search").fill(number)
    acceptor.page.keyboard.press("Enter")
    acceptor.page.get_by_test_id(f"queue-row-{number}").first.wait_for()
    acceptor.open(case)
    acceptor.move("accept", "待立案")
    acceptor.move("send_confirm", "待核实")

    worker = sitting("worker")
    worker.open(case)
    worker.move("confirm", "待立案", fill={"result": "到现场看过，情况属实。"}, photograph=photograph("before"))

    acceptor.open(case)
    acceptor.move("file", "待派遣")

    dispatcher = sitting("dispatcher")
    dispatcher.open(case)
    dispatcher.move("dispatch", "待签收")
    expect(dispatcher.page.get_by_test_id("case-why")).not_to_be_empty()

    clerk = sitting("department_clerk")
    clerk.open(case)
    clerk.move("acknowledge", "待处置")
    clerk.move("handle", "处置中")
    clerk.move("feed_back", "待核查", fill={"result": "货架已收回店内，人行道恢复通行。"}, photograph=photograph("after"))
    expect(clerk.page.get_by_test_id("move-verify")).to_have_count(0)  # nobody verifies their own work

    worker.open(case)
    worker.move("verify", "待结案")

    leader = sitting("shift_leader")
    leader.open(case)
    leader.move("close", "已结案")

    hotline.open(case)
    hotline.move("rate", "已评价", fill={"score": "5"})
    timeline = hotline.page.get_by_test_id("timeline")
    for word in ("上报", "受理", "核实", "立案", "派遣", "签收", "反馈", "核查通过", "结案", "评价"):
        expect(timeline).to_contain_text(word)
