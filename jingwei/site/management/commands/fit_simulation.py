"""`jingwei fit_simulation FILE`: count the original events anew and write the fit that the simulator draws from."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.site.simulation import fit


class Command(BaseCommand):
    help = "Count the events of Pingshan 2018 (the open data's CSV, packed or not) and write the simulator's fit."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, default=fit.SHIPPED, help="where the TOML goes (default: the one that ships)")

    def handle(self, *, file: Path, out: Path, **options: Any) -> None:
        try:
            found = fit.count(fit.original(file), fit.crosswalk())
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"✗ {file}: {error!r}") from None
        if not found.kinds:
            raise CommandError(f"✗ {file}: 没有一行 no row")
        out.write_text(fit.written(found), encoding="utf-8")
        mapped = sum(sum(k.matters.values()) for k in found.kinds)
        total = sum(k.count for k in found.kinds)
        self.stdout.write(f"✓ {out}: {total} 件 events, {len(found.kinds)} 大类 classes, {mapped} 件有对应事项 with a matter here")
