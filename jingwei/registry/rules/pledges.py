"""Pledges (责任书): their kinds and terms, on plain values."""

from datetime import date, timedelta

from jingwei.kit.text import T

KINDS = {
    "landlord": T("出租屋管理责任书", "Landlord's responsibility"),
    "fire": T("消防安全责任书", "Fire safety"),
    "safety": T("安全生产责任书", "Work safety"),
    "frontage": T("门前四包责任书", "Frontage"),
    "keeping": T("部件养护责任书", "Keeping of components"),
    "other": T("其他责任书", "Other"),
}
LONGEST = timedelta(days=3660)  # ten years: longer is a slip of the pen
STATES = {"coming": T("未生效", "Not yet in force"), "in_force": T("有效", "In force"), "expired": T("已到期", "Run out"), "ended": T("已解除", "Ended")}
SCANS = ("application/pdf", "image/jpeg", "image/png", "image/webp")


def term_fault(signed: date, first: date, last: date, today: date) -> tuple[str, T] | None:
    """The field that is wrong in a pledge's dates, and why; `last` is the last day on which it holds."""
    if signed > today:
        return "signed_date", T("签订日期晚于今天", "signed in the future")
    if last < first:
        return "last_date", T("到期日期早于起始日期", "it runs out before it begins")
    if last - first > LONGEST:
        return "last_date", T("期限超过十年，请核对", "a term of more than ten years: look again")
    return None


def state(first: date, last: date, ended: date | None, today: date) -> str:
    """How a pledge stands on a day: not yet in force, in force, run out, or ended before its time."""
    if ended is not None and ended <= today:
        return "ended"
    return "coming" if today < first else "in_force" if today <= last else "expired"
