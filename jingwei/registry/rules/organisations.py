"""Organisations (单位) and their premises, on plain values."""

from datetime import date

from jingwei.kit.text import T

KINDS = {
    "enterprise": T("企业", "Enterprise"),
    "individual": T("个体工商户", "Sole trader"),
    "institution": T("事业单位", "Public institution"),
    "government": T("机关", "Government body"),
    "social": T("社会组织", "Social organisation"),
    "village": T("基层群众性自治组织", "Village or residents' committee"),
    "other": T("其他", "Other"),
}
STATUSES = {"active": T("存续", "Active"), "suspended": T("停业", "Suspended"), "moved": T("迁出", "Moved away"), "closed": T("注销", "Closed")}
USES = {
    "": T("未注明", "Not stated"),
    "office": T("办公", "Office"),
    "shop": T("店铺", "Shop"),
    "workshop": T("生产", "Workshop"),
    "storage": T("仓储", "Storage"),
    "school": T("教学", "School"),
    "clinic": T("诊疗", "Clinic"),
    "other": T("其他", "Other"),
}


def industry_fault(code: str) -> T | None:
    """GB/T 4754: a letter of the section, then up to four digits; "" says nothing."""
    if not code or (code[0] in "ABCDEFGHIJKLMNOPQRST" and (code[1:] == "" or (code[1:].isdigit() and len(code) <= 5))):
        return None
    return T("行业代码应为一个字母（A–T）加至多四位数字，如 F5211", "an industry is a letter A–T and up to four digits, as F5211")


def period_fault(first: date, until: date | None) -> T | None:
    """Why a period of premises can't be; `until` is the first day on which they are gone."""
    return T("结束日期应晚于开始日期", "it ends before it begins") if until is not None and until <= first else None
