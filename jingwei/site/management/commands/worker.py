"""`jingwei worker`: runs the jobs that wait in the database."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Run the jobs that wait in the database, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default 2)")

    def handle(self, *, concurrency: int, **options: Any) -> None:
        call_command("procrastinate", "worker", f"--concurrency={concurrency}", "--delete-jobs=successful")
