"""Units and people of the demonstration, through the real actions. Everybody is invented; what exists already stays."""

import csv
import random
from collections import defaultdict
from datetime import datetime

from jingwei.accounts.actions import grant_role, open_unit, register_person, set_work_phone
from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.rules import SYSTEM
from jingwei.areas.actions.postings import post_worker
from jingwei.areas.models import Posting
from jingwei.site.demonstration.accounts import ACCOUNTS, PASSWORD
from jingwei.site.demonstration.place import DATA, SINCE, tiling

DISTRICTS = (("310101", "HP", "黄浦分中心"), ("310109", "HK", "虹口分中心"), ("310115", "PD", "浦东分中心"))
DEPARTMENTS = (
    ("D-CG", "城管执法局"),
    ("D-LH", "绿化市容局"),
    ("D-SZ", "市政建设委"),
    ("D-JJ", "公安交警支队"),
    ("D-SC", "市场监督管理局"),
    ("D-YJ", "应急管理局"),
    ("D-FG", "房屋管理局"),
    ("D-SW", "水务局"),
)
CONTRACTORS = (("K-HW", "示范环卫养护公司", "D-LH"), ("K-SZ", "示范市政养护公司", "D-SZ"))
CLERKS = 2  # of every department, besides the accounts that log in
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
_GIVEN = (
    "立春",
    "雨水",
    "晴川",
    "望舒",
    "知夏",
    "半夏",
    "新秋",
    "初晴",
    "晓岚",
    "映雪",
    "南星",
    "青禾",
    "远山",
    "长亭",
    "江月",
    "听澜",
    "松涛",
    "若水",
    "行舟",
    "云帆",
)


def _names() -> dict[str, str]:
    """Names of divisions by their significant digits, the communities' without their ending."""
    with (DATA / "divisions.csv").open(encoding="utf-8") as file:
        digits = {"1": 2, "2": 4, "3": 6, "4": 9, "5": 12}
        return {row["code"][: digits[row["level"]]]: row["name"].removesuffix("居委会") for row in csv.DictReader(file)}


def open_units(at: datetime) -> dict[str, Unit]:
    """Every unit by its code, opened where it is missing."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    names = _names()

    def wanted(code: str, name: str, kind: str, area: str, parent: str | None) -> None:
        if code not in units:
            units[code] = open_unit(actor=SYSTEM, at=at, code=code, name=name, kind=kind, area=area, parent=units[parent] if parent else None)

    wanted("SH", "城市运行指挥中心（示范）", "command_centre", "3101", None)
    for area, short, name in DISTRICTS:
        wanted(f"SH-{short}", name, "command_centre", area, "SH")
    for code, name in DEPARTMENTS:
        wanted(code, name, "department", "3101", "SH")
    for code, name, parent in CONTRACTORS:
        wanted(code, name, "contractor", "3101", parent)
    short_of = {area: short for area, short, _ in DISTRICTS}
    for street in sorted({code[:9] for code in tiling()}):
        wanted(f"S-{street}", f"{names[street]}中心", "street_centre", street, f"SH-{short_of[street[:6]]}")
    for community in sorted({code[:12] for code in tiling()}):
        wanted(f"T-{community}", f"{names[community]}社区工作站", "station", community, f"S-{community[:9]}")
    return units


def hire(at: datetime, units: dict[str, Unit]) -> None:
    """People, their roles, and a worker for every grid."""
    people = {person.username: person for person in Person.objects.all()}
    granted = set(Grant.objects.values_list("person__username", "role", "area"))
    lot = random.Random(310101)  # noqa: S311
    taken = {account.name for account in ACCOUNTS}

    def name() -> str:
        while True:
            found = lot.choice(_FAMILY) + lot.choice(_GIVEN)
            if found not in taken:
                taken.add(found)
                return found

    def wanted(username: str, called: str, role: str, unit: str | None, area: str, password: str | None = None) -> Person:
        person = people.get(username)
        if person is None:
            person = people[username] = register_person(actor=SYSTEM, at=at, username=username, name=called, password=password, area=area, check=False)
            if role in ("worker", "grid_lead"):  # who is called out; no number of Shanghai begins with 1
                set_work_phone(actor=SYSTEM, at=at, person_id=person.pk, phone=f"0211{len(people):07d}")
        if role != "worker" and (username, role, area) not in granted:
            grant_role(actor=SYSTEM, at=at, person=person, role=role, area=area, unit=units[unit] if unit else None, from_date=SINCE)
        return person

    for account in ACCOUNTS:
        wanted(account.username, account.name, account.role, account.unit, account.area, PASSWORD)
    for role, count in (("acceptor", 3), ("dispatcher", 2), ("shift_leader", 1), ("hotline_operator", 3)):
        for n in range(count):
            wanted(f"{role}-{n + 2}", name(), role, "SH", "3101")
    for code in [d[0] for d in DEPARTMENTS] + [c[0] for c in CONTRACTORS]:
        for n in range(CLERKS):
            wanted(f"clerk-{code}-{n + 1}".lower(), name(), "department_clerk", code, "3101")
    for street in sorted({code[:9] for code in tiling()}):
        wanted(f"operator-{street}", name(), "street_operator", f"S-{street}", street)
        wanted(f"lead-{street}", name(), "grid_lead", None, street)
    served = defaultdict(list)
    for code in tiling():
        served[code[:12]].append(code)
    posted = set(Posting.objects.values_list("grid_id", flat=True))
    own = ACCOUNTS[0].area
    for community, codes in sorted(served.items()):
        station = f"T-{community}"
        wanted(f"station-{community}", name(), "station_clerk", station, community)
        for n, pair in enumerate([codes] if community == own else [codes[i : i + 2] for i in range(0, len(codes), 2)]):
            username = "worker" if community == own else f"worker-{community}-{n + 1}"
            worker = wanted(username, name(), "worker", station, community)
            for grid in pair:
                if grid not in posted:
                    post_worker(actor=SYSTEM, at=at, person=worker, grid=grid, from_date=SINCE, unit=units[station])
