"""What real events say about a city's mix: counted once from the original file, kept as a TOML of counts that a clerk can read.

Plain values only. `count` is what `jingwei fit_simulation` runs; `Fit` is what the simulator draws from and compares itself with.
"""

import csv
import gzip
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from io import TextIOWrapper
from pathlib import Path

HERE = Path(__file__).parent
SHIPPED = HERE / "pingshan_2018.toml"
CROSSWALK = HERE / "pingshan_2018_matters.csv"
# What a channel of the original is called here: app, message box and town mail are residents, the telephones are the hotline.
CHANNELS = {"@坪山": "resident", "美丽深圳": "resident", "政府信箱": "resident", "12345": "hotline", "12319": "hotline", "固话投诉": "hotline"}
# Before that day the file holds scattered days only; from it on every day is there.
WHOLE_FROM = date(2018, 9, 14)
# The holidays of those weeks, and their make-up workdays (国办发明电〔2017〕12 号).
HOLIDAYS = {date(2018, 9, 24), *(date(2018, 10, n) for n in range(1, 8))}
MAKEUP = {date(2018, 9, 29), date(2018, 9, 30)}


@dataclass(frozen=True)
class Kind:
    """One class of the original: how many events, how many of those that ended did so `late`; its channels; its matters here."""

    name: str
    count: int
    ended: int
    late: int
    channels: Mapping[str, int]
    matters: Mapping[str, int]


@dataclass(frozen=True)
class Fit:
    """The counts. `hours` by workday and day off; `places`: events of each community, the busiest first."""

    title: str
    source: str
    kinds: tuple[Kind, ...]
    channels: Mapping[str, str]
    hours: Mapping[str, tuple[int, ...]]
    days: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # day or off → (events, days)
    places: tuple[int, ...] = ()

    @cached_property
    def kind_of(self) -> dict[str, str]:
        """The class that a matter is drawn for most often."""
        best: dict[str, tuple[int, str]] = {}
        for kind in self.kinds:
            for code, count in kind.matters.items():
                best[code] = max(best.get(code, (0, "")), (count, kind.name))
        return {code: name for code, (_, name) in best.items()}

    @property
    def day_off_share(self) -> float:
        """How many events a day off has for one of a workday."""
        (work, work_days), (off, off_days) = self.days["workday"], self.days["day_off"]
        return (off / off_days) / (work / work_days)


def read_fit(path: Path = SHIPPED) -> Fit:
    """The fit that a TOML holds."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Fit(
        title=told["title"],
        source=told["source"],
        kinds=tuple(Kind(c["name"], c["count"], c["ended"], c["late"], c["channels"], c["matters"]) for c in told["class"]),
        channels=told["channels"],
        hours={k: tuple(told["hours"][k]) for k in ("workday", "day_off")},
        days={k: (told["days"][k]["events"], told["days"][k]["days"]) for k in ("workday", "day_off")},
        places=tuple(told["places"]["communities"]),
    )


def original(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the original CSV, packed or not."""
    with path.open("rb") as raw, gzip.open(raw) if path.suffix == ".gz" else raw as file:
        yield from csv.DictReader(TextIOWrapper(file, encoding="utf-8-sig", newline=""))


def crosswalk(path: Path = CROSSWALK) -> dict[tuple[str, str, str], str]:
    """(class, main, sub) → matter."""
    with path.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {(r["class"], r["main"], r["sub"]): r["code"] for r in rows}


def count(rows: Iterable[Mapping[str, str]], walk: Mapping[tuple[str, str, str], str]) -> Fit:
    """Count the original's rows."""
    total: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    late: Counter[str] = Counter()
    channels: dict[str, Counter[str]] = defaultdict(Counter)
    matters: dict[str, Counter[str]] = defaultdict(Counter)
    hours = {"workday": [0] * 24, "day_off": [0] * 24}
    by_day: Counter[date] = Counter()
    places: Counter[str] = Counter()
    for row in rows:
        name = row["EVENT_TYPE_NAME"]
        total[name] += 1
        ended[name] += "1" in (row["INTIME_ARCHIVE_NUM"], row["OVERTIME_ARCHIVE_NUM"])
        late[name] += row["OVERTIME_ARCHIVE_NUM"] == "1"
        channels[name][row["EVENT_SRC_NAME"]] += 1
        code = walk.get((name, row["MAIN_TYPE_NAME"], row["SUB_TYPE_NAME"])) or walk.get((name, "*", "*"))
        if code:
            matters[name][code] += 1
        at = datetime.strptime(row["CREATE_TIME"], "%Y-%m-%d %H:%M:%S")
        hours["workday" if _worked(at.date()) else "day_off"][at.hour] += 1
        by_day[at.date()] += 1
        places[row["COMMUNITY_ID"]] += row["COMMUNITY_ID"] != "-"
    whole = [day for day in by_day if day >= WHOLE_FROM]
    return Fit(
        title="深圳市坪山区 2018 年民生诉求",
        source="深圳市政府数据开放平台",
        kinds=tuple(Kind(n, c, ended[n], late[n], dict(channels[n].most_common()), dict(matters[n].most_common())) for n, c in total.most_common()),
        channels={name: CHANNELS[name] for name, _ in sum(channels.values(), Counter()).most_common()},
        hours={k: tuple(v) for k, v in hours.items()},
        days={
            "workday": (sum(by_day[d] for d in whole if _worked(d)), sum(_worked(d) for d in whole)),
            "day_off": (sum(by_day[d] for d in whole if not _worked(d)), sum(not _worked(d) for d in whole)),
        },
        places=tuple(n for _, n in places.most_common() if n),
    )


def _worked(day: date) -> bool:
    return day in MAKEUP or (day.weekday() < 5 and day not in HOLIDAYS)


_HEAD = """\
# 模拟器的拟合：一座城市的事件是怎样分布的（件数，未经平滑）  what the simulator's mix is fitted on: plain counts
# 版本 edition: 2018 年 2 月 8 日至 10 月 20 日中的 6,000 件
# 来源 source: {title}（{source}）；行政区划、单位和逐件记录都没有留下，只有合计
# 许可 licence: 深圳市政府公开数据，按该平台的条款注明来源使用  open data of Shenzhen's government, used with its source named
# 制作 made by: jingwei fit_simulation events_first_6000.csv.gz（再运行一次得到同一文件；事项对照见 pingshan_2018_matters.csv）
# 数据里没有 not in the data: 文字、坐标、办结时间、退回返工等过程、网格员上报；模拟器的这些数来自 habits.toml 和 matters.toml，是编写的
"""


def written(fit: Fit) -> str:
    """The fit as the TOML that `read_fit` reads."""
    lines = [_HEAD.format(title=fit.title, source=fit.source), f"title = {_text(fit.title)}", f"source = {_text(fit.source)}", ""]
    lines += [
        "# 渠道在本平台算什么来源 what a channel of the original is here",
        "[channels]",
        *(f"{_text(k)} = {_text(v)}" for k, v in fit.channels.items()),
        "",
    ]
    lines += ["# 零点起每小时的件数 events by the hour of their report, from midnight on", "[hours]"]
    lines += [f"{name} = {list(counts)}" for name, counts in fit.hours.items()]
    lines += ["", f"# {WHOLE_FROM} 起日期不缺；events 件数，days 天数 from that day on no day is missing", "[days]"]
    lines += [f"{name} = {{ events = {events}, days = {days} }}" for name, (events, days) in fit.days.items()]
    lines += ["", "# 各社区的件数，从多到少 events by community, the busiest first", "[places]", f"communities = {list(fit.places)}", ""]
    lines += ["# 每个大类：count 件数，ended 已办结，late 其中超期；channels 渠道；matters 对应到本平台事项的件数"]
    for kind in fit.kinds:
        lines += ["[[class]]", f"name = {_text(kind.name)}", f"count = {kind.count}", f"ended = {kind.ended}", f"late = {kind.late}"]
        lines += [f"channels = {_table(kind.channels)}", f"matters = {_table(kind.matters)}", ""]
    return "\n".join(lines)


def _text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _table(counts: Mapping[str, int]) -> str:
    return "{ " + ", ".join(f"{_text(k)} = {v}" for k, v in counts.items()) + " }"
