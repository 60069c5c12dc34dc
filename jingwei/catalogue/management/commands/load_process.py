import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.catalogue import actions
from jingwei.catalogue.management.loading import ACTOR, told
from jingwei.kit.errors import Problem


class Command(BaseCommand):
    help = "一个流程版本（TOML）：存为草案，--publish 则检查并发布 a version of a process: kept as a concept, or checked and published"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(load_process(options["file"], publish=options["publish"]))


def load_process(path: Path, *, publish: bool) -> str:
    """Draft and, if asked, publish; answers what came of it in a line. CommandError says every finding."""
    at = datetime.now(UTC)
    try:
        process, report = actions.draft_process(actor=ACTOR, at=at, document=tomllib.loads(path.read_text("utf-8")))
        if publish:
            process = actions.publish_process(actor=ACTOR, at=at, process_id=process.pk)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name}: 不是有效的 TOML / not valid TOML: {error}") from None
    except Problem as problem:
        raise CommandError(f"{path.name}: {told(problem)}") from None
    done = "不变 unchanged" if report.unchanged else "存入 kept"
    return f"{path.name}: {process.code} 第 {process.version} 版 version {process.version}: {process.status}, {done}"
