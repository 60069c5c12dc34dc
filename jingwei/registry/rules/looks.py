"""Why somebody looks at a resident's data, and what is said of it to the resident."""

import re
from datetime import timedelta

from jingwei.kit.text import T

PURPOSES = {
    "register": T("登记维护", "Keeping the register"),
    "service": T("上门服务", "A visit or service"),
    "case": T("办理案件", "Handling a case"),
    "emergency": T("应急处置", "An emergency"),
    "request": T("本人申请", "At the resident's own request"),
    "check": T("核对数据", "Checking data"),
}
KINDS = {
    "resident.read": T("打开居民页面", "Opened the page"),
    "resident.unmasked": T("查看完整号码", "Saw numbers in full"),
    "resident.looks_printed": T("打印查阅记录", "Printed who looked"),
    "resident.looks_linked": T("出具查阅记录链接", "Gave out a link to who looked"),
    "resident.exported": T("导出", "Exported"),
}
UNMASKED = {"identity": T("证件号码", "Number"), "phone": T("电话", "Telephone")}
# Opening the page anew within this time, by the same person for the same purpose, is the same look.
ONE_LOOK = timedelta(minutes=10)
SHORTEST_REASON = 4
_LETTER = re.compile(r"\w")


def reason_fault(reason: str) -> T | None:
    """What is wrong with the reason for unmasking: it has to say something, and nothing that the resident may not read."""
    letters = _LETTER.findall(reason)
    if len(letters) < SHORTEST_REASON or len(set(letters)) < 3:
        return T(f"请写明理由，至少 {SHORTEST_REASON} 个字；居民会看到", f"say why, in at least {SHORTEST_REASON} letters: the resident will read it")
    return T("理由最多 200 字", "a reason has at most 200 letters") if len(reason) > 200 else None
