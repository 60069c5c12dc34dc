"""`jingwei generate city --people N --out DIR`: an invented city as files that `jingwei load` and `jingwei import` take."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jingwei.site.generation.dirt import RATES
from jingwei.site.generation.plan import MOST, PEOPLE, Plan
from jingwei.site.generation.write import write_city


class Command(BaseCommand):
    help = "一座虚构的城市：区划、网格、楼栋、房屋、人口、单位、部件、责任书 an invented city as files; nobody in it exists"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=PEOPLE, help="residents (5,000,000); all else in proportion")
        parser.add_argument("--scale", type=float, default=1.0, help="of that many: 0.01 for tests")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes")
        parser.add_argument("--out", type=Path, required=True, help="a folder")
        told = "; ".join(f"{file}: " + ", ".join(f"{what} {rate:.2%}" for what, (rate, _) in kinds.items()) for file, kinds in RATES.items())
        parser.add_argument("--dirt", action="store_true", help=f"with wrong rows, each named in dirt.csv: {told}".replace("%", "%%"))

    def handle(self, *args: Any, **options: Any) -> None:
        people = round(options["people"] * options["scale"])
        if not 100 <= people <= MOST:
            raise CommandError(f"人口须在 100 至 {MOST:,} 之间 / between 100 and {MOST:,} people, not {people:,}")
        started = time.perf_counter()
        counts = write_city(Plan(people, options["seed"]), options["out"], dirty=options["dirt"], say=self.stdout.write)
        for name, count in counts.items():
            self.stdout.write(f"{name:24}{count:>12,}")
        self.stdout.write(f"{options['out']}: {time.perf_counter() - started:.0f} s")
