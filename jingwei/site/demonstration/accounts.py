"""The demonstration's accounts: one for every role, and a few more for the journey. Everybody is invented."""

from dataclasses import dataclass
from unicodedata import east_asian_width

from jingwei.accounts.rules import ROLES

PASSWORD = "jingwei-demo"  # noqa: S105  printed at every start of the demonstration; it opens nothing else


@dataclass(frozen=True)
class Account:
    """Who logs in, as what, for which unit and area (prefix); `place` is what the area is called."""

    username: str
    name: str
    role: str
    unit: str | None
    area: str
    place: str


ACCOUNTS = (
    Account("worker", "顾小满", "worker", "T-310101013014", "310101013014", "中山东一路社区"),
    Account("grid_lead", "沈立夏", "grid_lead", None, "310101013", "外滩街道"),
    Account("station_clerk", "陆春分", "station_clerk", "T-310101013014", "310101013014", "中山东一路社区"),
    Account("street_operator", "何谷雨", "street_operator", "S-310101013", "310101013", "外滩街道"),
    Account("registrar", "江小寒", "registrar", "SH-HP", "310101", "黄浦区"),
    Account("acceptor", "唐清明", "acceptor", "SH", "3101", "全市"),
    Account("dispatcher", "罗白露", "dispatcher", "SH", "3101", "全市"),
    Account("shift_leader", "程霜降", "shift_leader", "SH", "3101", "全市"),
    Account("supervisor", "严秋实", "supervisor", "SH", "3101", "全市"),
    Account("department_clerk", "孟芒种", "department_clerk", "D-CG", "3101", "全市 · 城管执法局"),
    Account("department_lead", "曹大寒", "department_lead", "D-CG", "3101", "全市 · 城管执法局"),
    Account("clerk_greening", "丁惊蛰", "department_clerk", "D-LH", "3101", "全市 · 绿化市容局"),
    Account("clerk_roads", "梁处暑", "department_clerk", "D-SZ", "3101", "全市 · 市政建设委"),
    Account("contractor", "邵冬至", "department_clerk", "K-HW", "3101", "全市 · 环卫养护公司"),
    Account("hotline_operator", "叶小雪", "hotline_operator", "SH", "3101", "全市"),
    Account("analyst", "钟小暑", "analyst", "SH", "3101", "全市"),
    Account("system_admin", "甲管理", "system_admin", "SH", "31", "全市"),
    Account("security_admin", "乙管理", "security_admin", "SH", "31", "全市"),
    Account("audit_admin", "丙管理", "audit_admin", "SH", "31", "全市"),
)

JOURNEY = """\
  试一试 · What to try: 一件诉求走完七步，六个账号 · one report, seven steps, six accounts
    1  hotline_operator  上报 new case: 搜“中山东一路18号”，事项“店外经营”，写明情况 · search the address, say what is wrong
    2  acceptor          受理 accept → 立案 file（可先派核实 · or send a worker to confirm first）
    3  dispatcher        派遣 dispatch: 规则建议城管执法局，并说明为什么 · the rules propose a unit and say why
    4  department_clerk  签收 acknowledge → 开始处置 handle → 反馈 feed back（附照片 · with a photograph）
    5  worker            核查 verify: 到现场看过 · on the spot
    6  shift_leader      结案 close
    7  hotline_operator  评价 rate: 打 1 或 2 分可重新办理 · 1 or 2 lets it be reopened"""


def _padded(text: str, width: int) -> str:
    """`text` filled up to `width` columns of a terminal, where a Chinese character takes two."""
    return text + " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))


def summary() -> str:
    """Who may log in and what to try, as text for the terminal."""
    lines = [f"  账号 · Accounts（口令都是 · all with the password: {PASSWORD}）", ""]
    for account in ACCOUNTS:
        role = ROLES[account.role].name
        lines.append("    " + _padded(account.username, 18) + _padded(role.zh, 18) + _padded(role.en, 24) + account.place)
    lines += ["", "  人名、电话、案件和网格边界都是虚构的 · people, telephones, cases and boundaries are invented", "", JOURNEY]
    return "\n".join(lines)
