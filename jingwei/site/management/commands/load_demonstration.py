"""`jingwei load_demonstration`: the Bund's quarter with some weeks of cases; a second time changes nothing."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jingwei.site.demonstration.load import load


class Command(BaseCommand):
    help = "Load the demonstration: a real quarter, schematic grids, invented people and some weeks of their cases."

    def handle(self, **options: Any) -> None:
        began = time.monotonic()

        def say(line: str) -> None:
            if options["verbosity"]:
                self.stdout.write(f"▸ {line}")

        if load(timezone.now(), say) and options["verbosity"]:
            self.stdout.write(f"✓ 演示数据 demonstration ({time.monotonic() - began:.0f} s)")
