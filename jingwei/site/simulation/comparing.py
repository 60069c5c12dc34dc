"""What came out beside what the data says: shares, their distance, and the distance that chance alone would give."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import pi, sqrt
from unicodedata import east_asian_width

from jingwei.kit import db
from jingwei.site.simulation.fit import Fit
from jingwei.site.simulation.playing import BESIDE, SIMULATED
from jingwei.site.simulation.sampling import ZONE


@dataclass(frozen=True)
class Outcome:
    """One simulated case of the fitted part. `late`: its handling ran past its limit, did not, or is still open (None)."""

    kind: str
    channel: str
    at: datetime
    late: bool | None


# Whether it was late is known at the moment when the handling was due, for the late and the punctual alike: who is counted
# sooner would be counted more often.
_OUTCOMES = """
select e.data->'facts'->>%(kind)s, e.data->'facts'->>%(channel)s, c.opened_at,
       case when s.over or (c.state = any(%(states)s) and c.due_at <= %(until)s) then true when s.fed_back then false end
  from events_event e join cases_case c on c.district = e.district and c.id = e.subject_id
  left join lateral (select bool_or(s.overdue_at is not null), bool_or(s.move = 'feed_back' and s.due_at <= %(until)s) from cases_step s
                      where s.district = c.district and s.case_id = c.id and s.state = any(%(states)s)) s(over, fed_back) on true
 where e.type = 'case.opened' and c.opened_at >= %(since)s and c.opened_at < %(until)s and jsonb_exists(e.data->'facts', %(kind)s)
 order by c.opened_at, c.id"""


def outcomes(since: datetime, until: datetime, handling: Iterable[str]) -> tuple[list[Outcome], int]:
    """The simulated cases reported in that time, and how many of them the data has no counterpart for."""
    kind, channel = SIMULATED
    rows = db.rows(_OUTCOMES, {"kind": kind, "channel": channel, "since": since, "until": until, "states": list(handling)})
    fitted = [Outcome(k, c, at, late) for k, c, at, late in rows if c != BESIDE]
    return fitted, len(rows) - len(fitted)


def distance(a: Mapping[Hashable, float], b: Mapping[Hashable, float]) -> float:
    """Total variation: half of what the shares differ in all. 0 the same, 1 nothing in common."""
    whole_a, whole_b = sum(a.values()) or 1, sum(b.values()) or 1
    return sum(abs(a.get(k, 0) / whole_a - b.get(k, 0) / whole_b) for k in {*a, *b}) / 2


def by_chance(shares: Mapping[Hashable, float], number: int) -> float:
    """The distance that so many honest draws have from their own shares, on average."""
    whole = sum(shares.values()) or 1
    return sum(sqrt(2 * p * (1 - p) / (pi * max(number, 1))) for p in (v / whole for v in shares.values())) / 2


def shown(fit: Fit, found: list[Outcome], beside: int, is_workday: Callable[[date], bool], left_out: Iterable[str] = ()) -> str:
    """The comparison as text for the terminal."""
    gone = set(left_out)
    number = len(found)
    lines = [
        f"  拟合 · fit: {fit.title}（{fit.source}）",
        f"  模拟 · simulated: {number} 件；另有数据之外的 besides, not in the data: {beside} 件（网格员、检查 workers）",
        "",
    ]

    def table(title: str, real: Mapping[Hashable, float], ours: Mapping[Hashable, float], order: Iterable[Hashable]) -> None:
        lines.append("  " + _wide(title, 44) + "数据 data   模拟 simulated")
        whole, mine = sum(real.values()) or 1, sum(ours.values()) or 1
        for key in order:
            lines.append("    " + _wide(str(key), 42) + f"{real.get(key, 0) / whole:8.1%} {ours.get(key, 0) / mine:11.1%}")
        lines.extend([f"    总变差 total variation {distance(real, ours):.3f}（纯随机 by chance {by_chance(real, sum(map(int, ours.values()))):.3f}）", ""])

    kinds: dict[Hashable, float] = {k.name: k.count for k in fit.kinds if k.name not in gone}
    table("大类 classes", kinds, Counter(o.kind for o in found), kinds)
    channels: Counter[Hashable] = Counter()
    joint: Counter[Hashable] = Counter()
    for kind in fit.kinds:
        if kind.name not in gone:
            channels.update(kind.channels)
            joint.update({(kind.name, c): n for c, n in kind.channels.items()})
    table("渠道 channels（来源 source）", channels, Counter(o.channel for o in found), [c for c in fit.channels if channels[c]])
    ours_joint = Counter[Hashable]((o.kind, o.channel) for o in found)
    lines[-1] = f"    大类×渠道 class × channel: {distance(joint, ours_joint):.3f}（纯随机 by chance {by_chance(joint, number):.3f}）"
    lines.append("")
    _hours(fit, found, is_workday, lines)
    _lateness(fit, found, gone, lines)
    if gone:
        lines.append(f"  没有生成的大类（目录里没有对应事项）classes left out, no matter in this catalogue: {'、'.join(sorted(gone))}")
    return "\n".join(lines)


def _hours(fit: Fit, found: list[Outcome], is_workday: Callable[[date], bool], lines: list[str]) -> None:
    ours: dict[str, Counter[Hashable]] = {"workday": Counter(), "day_off": Counter()}
    days: dict[str, set[date]] = {"workday": set(), "day_off": set()}
    for o in found:
        local = o.at.astimezone(ZONE)
        which = "workday" if is_workday(local.date()) else "day_off"
        ours[which][local.hour] += 1
        days[which].add(local.date())
    parts = ((0, 7), (7, 9), (9, 11), (11, 14), (14, 18), (18, 21), (21, 24))
    lines.append("  " + _wide("时段 hours of the report", 44) + "数据 data   模拟 simulated")
    for which, name in (("workday", "工作日 workday"), ("day_off", "休息日 day off")):
        real = dict[Hashable, float](enumerate(fit.hours[which]))
        mine = ours[which]
        if not mine:
            lines.append(f"    {name}：没有 none")
            continue
        for a, b in parts:
            share = sum(v for h, v in real.items() if a <= int(str(h)) < b) / (sum(real.values()) or 1)
            share_ours = sum(v for h, v in mine.items() if a <= int(str(h)) < b) / (sum(mine.values()) or 1)
            lines.append("    " + _wide(f"{name} {a:02}–{b:02}", 42) + f"{share:8.1%} {share_ours:11.1%}")
        lines.append(f"    24 小时 total variation {distance(real, mine):.3f}（纯随机 by chance {by_chance(real, sum(mine.values())):.3f}）")
    if days["workday"] and days["day_off"]:
        ratio = (sum(ours["day_off"].values()) / len(days["day_off"])) / (sum(ours["workday"].values()) / len(days["workday"]))
        lines.append("    " + _wide("休息日一天/工作日一天 a day off to a workday", 42) + f"{fit.day_off_share:8.2f} {ratio:11.2f}")
    lines.append("")


def _lateness(fit: Fit, found: list[Outcome], gone: set[str], lines: list[str]) -> None:
    told: dict[str, list[bool]] = defaultdict(list)
    for o in found:
        if o.late is not None:
            told[o.kind].append(o.late)
    lines.append("  " + _wide("处置超期 late in handling", 44) + "数据 data   模拟 simulated   件数 of")
    for kind in (k for k in fit.kinds if k.name not in gone):
        ours = told[kind.name]
        mine = f"{sum(ours) / len(ours):11.1%}" if ours else f"{'—':>11}"
        lines.append("    " + _wide(kind.name, 42) + f"{kind.late / (kind.ended or 1):8.1%} {mine} {len(ours):9}")
    everything = [late for one in told.values() for late in one]
    ended, late = sum(k.ended for k in fit.kinds if k.name not in gone), sum(k.late for k in fit.kinds if k.name not in gone)
    lines.append("    " + _wide("全部 all", 42) + f"{late / (ended or 1):8.1%} {sum(everything) / (len(everything) or 1):11.1%} {len(everything):9}")
    gap = sum(abs(k.late / (k.ended or 1) - sum(of) / len(of)) * len(of) for k in fit.kinds if (of := told[k.name])) / (len(everything) or 1)
    lines.append(f"    按大类加权的平均差 mean gap by class, weighted {gap:.3f}")
    lines.append("")


def _wide(text: str, width: int) -> str:
    return text + " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))
