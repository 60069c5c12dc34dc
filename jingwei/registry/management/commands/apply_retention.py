"""`jingwei apply_retention [--dry-run]`: erase what is past its time. The worker does the same each night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import apply_retention


class Command(BaseCommand):
    help = "保存期限 erase the values that the field dictionary keeps no longer; --dry-run only counts"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        applied = apply_retention(actor=SYSTEM, at=timezone.now(), dry_run=options["dry_run"])
        for name, count in sorted(applied.counts.items()):
            self.stdout.write(f"{name}: {count}")
        word = "待删除 to be erased" if options["dry_run"] else "已删除 erased"
        self.stdout.write(f"{word}: {applied.total}")
