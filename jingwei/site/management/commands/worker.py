"""`jingwei worker`: runs the jobs that wait in the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Run the jobs that wait in the database, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default 2)")

    def handle(self, *, concurrency: int, **options: Any) -> None:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            worker_app.run_worker(concurrency=concurrency, delete_jobs="successful")
