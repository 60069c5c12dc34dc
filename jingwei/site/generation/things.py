"""What else stands and works in a community: components, organisations, pledges."""

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np

import jingwei.catalogue
from jingwei.site.generation import numbers, words
from jingwei.site.generation.people import People
from jingwei.site.generation.place import METRE_LAT, Ground
from jingwei.site.generation.plan import ACROSS, GRID_LAT, GRID_LON, TODAY, UP, Community

MATTERS = Path(jingwei.catalogue.__file__).parent / "fixtures" / "matters" / "gbt47678_5_2026.csv"
# Most of what a census finds; every other class of the standard comes now and then.
_COMMON = {
    "路灯": 14,
    "行道树": 16,
    "污水井盖": 9,
    "雨水井盖": 9,
    "雨水箅子": 8,
    "通信井盖": 6,
    "电力井盖": 5,
    "供水井盖": 5,
    "垃圾箱": 4,
    "交通标志牌及标线": 4,
}
_STATES = ("intact", "damaged", "missing", "abandoned", "removed")
_KEEPERS = ("市政养护中心", "园林绿化养护中心", "环卫作业中心", "排水设施管理所", "照明管理所")
# Authority and type in the credit code, what it is, what its name ends with, how many of a hundred.
_ORGANISATIONS = (("91", "enterprise", "有限公司", 52), ("92", "individual", "商行", 40), ("52", "social", "服务中心", 4), ("12", "institution", "管理站", 4))
_OF_FIRMS = ("消防安全责任书", "门前四包责任书", "安全生产责任书")


@lru_cache(maxsize=1)
def component_classes() -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...]]:
    """Codes of five digits and names of the standard's classes, and how often each occurs (cumulated)."""
    with MATTERS.open(encoding="utf-8") as stream:
        found = [row for row in csv.DictReader(line for line in stream if not line.startswith("#")) if row["kind"] == "component"]
    weights = np.array([_COMMON.get(row["name"], 0.13) for row in found])
    return tuple(r["code"] for r in found), tuple(r["name"] for r in found), tuple(np.cumsum(weights / weights.sum()).tolist())


def keeper(district: str, number: int) -> tuple[str, str]:
    """Name and credit code of one of the district's keepers."""
    return f"{district}{_KEEPERS[number]}", numbers.credit_code("12", f"99{90 + number:04d}", sum(map(ord, district)))


def components(lot: np.random.Generator, community: Community, given: dict[tuple[str, str], int]) -> list[list[object]]:
    """code, class, name, lon, lat, crs, state, owner, owner_code, keeper, keeper_code, placed_date. `given`: the last number of each district and class."""
    count = community.components
    codes, names, often = component_classes()
    klass = np.minimum(np.searchsorted(often, lot.random(count)), len(codes) - 1).tolist()
    west, south = community.corner
    # They stand along the lines between the rows of buildings, some metres off.
    x = west + lot.random(count) * ACROSS * GRID_LON
    y = south + (lot.integers(0, UP * 3, count) + 0.5) / 3 * GRID_LAT + lot.normal(0, 4, count).clip(-14, 14) * METRE_LAT
    state = lot.choice(5, size=count, p=(0.962, 0.02, 0.006, 0.006, 0.006)).tolist()
    placed = np.datetime_as_string(np.datetime64(TODAY) - lot.integers(30, 7000, count), unit="D").tolist()
    found: list[list[object]] = []
    for i, (k, lon, lat) in enumerate(zip(klass, x.tolist(), y.tolist(), strict=True)):
        key = (community.code[:6], codes[k])
        given[key] = given.get(key, 0) + 1
        code = f"{key[0]}{codes[k]}{given[key]:06d}"
        owner, kept = keeper(community.district, 0), keeper(community.district, k % len(_KEEPERS))
        found.append([code, codes[k], names[k], f"{lon:.6f}", f"{lat:.6f}", "EPSG:4490", _STATES[state[i]], *owner, *kept, placed[i]])
    return found


def organisations(lot: np.random.Generator, community: Community, ground: Ground, first: int) -> list[list[object]]:
    """uscc, name, kind, address, phone. Each does business in a shop or an office where there is one; `first`: its number in the city."""
    count = community.organisations
    sort = lot.choice(len(_ORGANISATIONS), size=count, p=[o[3] / 100 for o in _ORGANISATIONS]).tolist()
    names = words.company_names(lot, first, count)
    phones = numbers.phones(lot, np.ones(count, dtype=bool))
    open_to = np.array([i for i, use in enumerate(ground.room_use) if use != "residence"] or range(len(ground.room_address)))
    rooms = open_to[lot.integers(0, len(open_to), count)].tolist()
    found: list[list[object]] = []
    for i, s in enumerate(sort):
        authority, kind, ending, _ = _ORGANISATIONS[s]
        uscc = numbers.credit_code(authority, community.region, first + i)
        found.append([uscc, f"{names[i]}{ending}", kind, ground.room_address[rooms[i]], phones[i]])
    return found


def pledges(lot: np.random.Generator, community: Community, ground: Ground, people: People, firms: list[list[object]]) -> list[list[object]]:
    """number, kind, title, uscc of the organisation or identity of the resident that signed, address, signed_date, from_date, to_date."""
    found: list[list[object]] = []
    who = lot.integers(0, max(len(people.identity), 1), community.pledges).tolist()
    firm = lot.integers(0, max(len(firms), 1), community.pledges).tolist()
    signed = np.datetime64(TODAY) - lot.integers(1, 700, community.pledges)
    days, ends = (np.datetime_as_string(d, unit="D").tolist() for d in (signed, signed + 365))
    by_firm = (lot.random(community.pledges) < 0.4).tolist()
    for i in range(community.pledges):
        signing = bool(firms) and by_firm[i]
        title = _OF_FIRMS[i % len(_OF_FIRMS)] if signing else "房屋租赁安全责任书"
        firm_code, identity = (firms[firm[i]][0], "") if signing else ("", people.identity[who[i]])
        address = firms[firm[i]][3] if signing else ground.room_address[people.room[who[i]]]
        number = f"ZR{community.code}{i + 1:05d}"
        found.append([number, title.removesuffix("责任书"), title, firm_code, identity, address, days[i], days[i], ends[i]])
    return found
