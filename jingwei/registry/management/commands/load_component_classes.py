"""`jingwei load component classes [FILE …]`: classes of components; without a file those that ship."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.registry.actions import load_component_classes, load_shipped_classes


class Command(BaseCommand):
    help = "部件分类 Classes of components from CSV (by default what ships); again changes nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        try:
            files: list[Path] = options["files"]
            loaded = [load_component_classes(actor=SYSTEM, at=now, text=f.read_text("utf-8-sig")) for f in files] if files else load_shipped_classes(at=now)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        except Problem as problem:
            raise CommandError("; ".join([problem.message.en, *(f"{e.field}: {e.message.en}" for e in problem.errors)])) from None
        for done in loaded:
            if options["verbosity"] > 0:
                self.stdout.write(f"{done.edition}: {done.read} 类 classes, {done.added} 新增 added, {done.changed} 修改 changed")
