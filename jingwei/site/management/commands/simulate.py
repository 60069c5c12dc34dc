"""`jingwei simulate --days 30 --per-day 200`: a month of the city's cases through the real actions, mixed as real events were."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jingwei.accounts.rules import ROLES
from jingwei.site.simulation.comparing import outcomes, shown
from jingwei.site.simulation.fit import SHIPPED, Fit, read_fit
from jingwei.site.simulation.playing import Stopped
from jingwei.site.simulation.running import Live, Repeated, Unready, look, simulate
from jingwei.site.simulation.sampling import Unfit
from jingwei.site.simulation.words import habits


class Command(BaseCommand):
    help = "Simulate days of cases through the real actions, and print the fit beside the data (--live: go on in real time)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how many days (default 30)")
        parser.add_argument("--per-day", type=int, default=200, help="reports a day, on average (default 200)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same days (default 1)")
        parser.add_argument("--until", type=_moment, help="when the days end: 2026-11-22 or 2026-11-22T18:00 (default now)")
        parser.add_argument("--again", action="store_true", help="add another batch to days that were simulated before")
        parser.add_argument("--fit", type=Path, default=SHIPPED, help="another fit (TOML, as `jingwei fit_simulation` writes it)")
        parser.add_argument("--live", action="store_true", help="no days behind us, but on from now in real time, until Ctrl-C")
        parser.add_argument(
            "--leave", action="append", default=[], choices=sorted(ROLES), metavar="ROLE", help="with --live: what this role does is left to people"
        )

    def handle(self, *, days: int, per_day: int, seed: int, until: datetime | None, again: bool, live: bool, **options: Any) -> None:
        now = timezone.now().replace(microsecond=0)
        until = until or now
        if days < 1 or per_day < 1:
            raise CommandError("✗ --days 和 --per-day 至少为 1 · must be at least 1")
        if until > now:
            raise CommandError("✗ --until 在将来：模拟的日子应已过去 · lies in the future: simulated days are behind us")
        if options["leave"] and not live:
            raise CommandError("✗ --leave 只用于 --live · goes with --live only")
        try:
            fit = read_fit(options["fit"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"✗ {options['fit']}: {error!r}") from None
        try:
            if live:
                self._say(f"▸ 实时 live: {per_day} 件/天 a day；留给学员 left to people: {'、'.join(options['leave']) or '—'}；Ctrl-C 停止 stops")
                Live(fit, seed=seed, per_day=per_day, resting=options["leave"], say=self._say).go_on()
            else:
                self._days(fit, seed, until - timedelta(days=days), until, per_day, again)
        except Unready as why:
            raise CommandError("✗ 还不能模拟，缺少 · not ready, this is missing:\n" + "\n".join(f"  - {line}" for line in why.missing)) from None
        except Repeated as why:
            raise CommandError(
                f"✗ 这些日子已经模拟过，没有再写 · simulated before, nothing was written: {why}\n"
                "  再加一批 to add another batch: --again；换一批 other cases: --again --seed 2"
            ) from None
        except (Unfit, Stopped) as why:
            raise CommandError(f"✗ {why}；此前各天已写入 · the days before that stay") from None

    def _days(self, fit: Fit, seed: int, since: datetime, until: datetime, per_day: int, again: bool) -> None:
        city = look(fit, since, until)
        self._say(f"▸ {timezone.localtime(since):%Y-%m-%d %H:%M} – {timezone.localtime(until):%Y-%m-%d %H:%M}，{len(city.grids)} 个网格 grids, seed {seed}")
        for what, count in sorted(city.unserved.items()):
            self._say(f"  ! {count} 个网格没有上报，因为 grids stay without reports: {what}")
        play = simulate(city, fit, seed=seed, since=since, until=until, per_day=per_day, again=again, say=self._say)
        found, beside = outcomes(since, until, habits()["late"]["handling"])
        self._say("")
        self._say(shown(fit, found, beside, city.is_workday, city.left_out))
        self._say("  动作 moves: " + ", ".join(f"{name} {n}" for name, n in play.made.most_common()))
        self._say(
            "  数据里没有文字、坐标、办结时间、退回返工等过程和网格员上报：文字出自 matters.toml，\n"
            "  地点出自本城底图和网格，快慢和岔路出自 habits.toml（编写的）\n"
            "  The data has no text, coordinates, closing times, detours or workers' reports: texts are from matters.toml, places from this city's\n"
            "  base map and grids, pace and detours from habits.toml (invented)"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=timezone.get_default_timezone())
