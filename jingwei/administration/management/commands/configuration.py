"""`jingwei configuration export FILE` and `jingwei configuration import FILE [--dry-run]`."""

from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.accounts.rules import SYSTEM
from jingwei.administration.actions import export_configuration, import_configuration
from jingwei.kit.errors import Problem
from jingwei.kit.text import T


def both(text: T) -> str:
    return f"{text.zh} / {text.en}"


class Command(BaseCommand):
    help = "整套配置为一个文件：导出，或整体导入 the whole configuration as one file: export it, or import it whole; again changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("what", choices=("export", "import"))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只说会怎样 only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        path, at = options["file"], datetime.now(UTC)
        try:
            if options["what"] == "export":
                content = export_configuration(actor=SYSTEM, at=at)
                path.write_bytes(content)
                self.stdout.write(f"{path}: {len(content)} 字节 bytes")
            else:
                self._import(path.read_bytes(), at, options["dry_run"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except Problem as problem:
            raise CommandError(both(problem.message)) from None

    def _import(self, content: bytes, at: datetime, dry_run: bool) -> None:
        changes = import_configuration(actor=SYSTEM, at=at, content=content, dry_run=dry_run)
        for c in changes:
            counts = f"{c.added} 新增 added, {c.changed} 修改 changed, {c.ended} 终止 ended, {c.unchanged} 不变 unchanged"
            self.stdout.write(f"{c.group:15} {counts}, {len(c.refused)} 拒收 refused")
        for path, line, why in (refusal for c in changes for refusal in c.refused):
            self.stderr.write(f"  {path}:{line or ''} {both(why)}")
        if any(c.refused for c in changes):
            raise CommandError("有拒收的内容，什么也没有改 / something was refused, so nothing was changed")
        if dry_run:
            self.stdout.write("只是试算，什么也没有改 / a dry run: nothing was changed")
