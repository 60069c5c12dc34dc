import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.catalogue import actions
from jingwei.catalogue.management.commands.load_process import load_process
from jingwei.catalogue.management.loading import ACTOR, both, counted, read_file, told
from jingwei.catalogue.models import Process
from jingwei.kit.errors import Problem

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures"
# In the order in which one needs the other; processes come before the limits that name their states.
BEFORE_PROCESSES = (
    ("modules.csv", actions.load_modules),
    ("matters/*.csv", actions.load_matters),
    ("crosswalks/*.csv", actions.load_crosswalk),
    ("conditions/*.csv", actions.load_conditions),
    ("calendars/*.csv", actions.load_calendar),
)
AFTER_PROCESSES = (("limits.csv", actions.load_limits), ("dispatch_rules.csv", actions.load_dispatch_rules), ("texts.csv", actions.load_texts))


class Command(BaseCommand):
    help = "目录：事项、对照、立案标准、日历、流程、时限、标准用语 the whole catalogue from a folder (by default what ships); again changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dir", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["dir"]
        if not folder.is_dir():
            raise CommandError(f"{folder}: 没有这个目录 / no such folder")
        at = datetime.now(UTC)
        self._tables(folder, BEFORE_PROCESSES, at, options["verbosity"])
        for path in sorted(folder.glob("processes/*.toml")):
            self._say(_own_version(path) or load_process(path, publish=True), options["verbosity"])
        self._tables(folder, AFTER_PROCESSES, at, options["verbosity"])

    def _tables(self, folder: Path, tables: Any, at: datetime, verbosity: int) -> None:
        for pattern, load in tables:
            for path in sorted(folder.glob(pattern)):
                try:
                    report = load(actor=ACTOR, at=at, sheet=read_file(path))
                except Problem as problem:
                    raise CommandError(f"{path.name}: {told(problem)}") from None
                self._say(f"{path.name}: {counted(report)}", verbosity)
                for refusal in report.refused:
                    self.stderr.write(f"  {path.name}:{refusal.line}: {both(refusal.reason)}")

    def _say(self, line: str, verbosity: int) -> None:
        if verbosity > 0:
            self.stdout.write(line)


def _own_version(path: Path) -> str | None:
    """A sentence where a city has published a process of its own under this code with this number or a later one: it stays."""
    shipped = tomllib.loads(path.read_text("utf-8"))
    definition = {key: shipped[key] for key in ("code", "version", "name", "state", "move")}
    standing = Process.objects.filter(code=shipped["code"], version__gte=shipped["version"]).exclude(status="concept").order_by("-version").first()
    if standing is None or standing.definition == definition:
        return None
    return f"{path.name}: {standing.code} 第 {standing.version} 版是本地的，保留 version {standing.version} is this city's own and stays"
