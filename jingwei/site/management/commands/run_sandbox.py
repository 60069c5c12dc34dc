"""What `jingwei sandbox` runs in its own surroundings: the demonstration's city with simulated days, served, and live if wanted."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from jingwei.accounts.rules import ROLES
from jingwei.events.models import Event
from jingwei.site.management.commands.demo import Command as Demo
from jingwei.site.simulation.running import BEGUN, DONE
from jingwei.site.supervisor import Supervisor


class Command(Demo):
    help = "The training sandbox: started with `jingwei sandbox`."
    started_by = "jingwei sandbox"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="simulated days behind the first start (default 30)")
        parser.add_argument("--per-day", type=int, default=200, help="reports a day, on average (default 200)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--live", action="store_true", help="cases go on arriving, and simulated people go on working")
        parser.add_argument("--leave", action="append", default=[], choices=sorted(ROLES), metavar="ROLE", help="left to the trainees (implies --live)")

    def handle(self, **options: Any) -> None:
        if not settings.TRAINING:
            raise CommandError("✗ 请用 jingwei sandbox 启动 · start it with: jingwei sandbox")
        if options["leave"]:
            options["live"] = True
        super().handle(**options)

    def load(self, **options: Any) -> None:
        super().load(**options)
        begun, done = (Event.objects.filter(type=t).count() for t in (BEGUN, DONE))
        if begun > done:
            raise CommandError("✗ 上一次造到一半停了 · its first start was cut off: jingwei sandbox destroy, 再启动 and start again")
        if not begun:
            call_command("simulate", days=options["days"], per_day=options["per_day"], seed=options["seed"], until=timezone.now().replace(microsecond=0))

    def start(self, supervisor: Supervisor, **options: Any) -> None:
        if options["live"]:
            leave = [f"--leave={role}" for role in options["leave"]]
            supervisor.start("live", "simulate", "--live", f"--per-day={options['per_day']}", f"--seed={options['seed']}", *leave)

    def summary(self, url: str) -> str:
        first = "\n  培训环境 · 数据均为虚构；jingwei sandbox destroy 整个删掉   TRAINING: all data is invented; destroy throws it away"
        return first + super().summary(url)
