"""`jingwei serve`: the API and the built desk on Granian."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

WAITING = 256  # connections of a process that may wait for a thread


class Command(BaseCommand):
    help = "Serve the API and the desk."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
        parser.add_argument("--threads", type=int, default=settings.THREADS, help="requests worked on at once by each process (default 4)")

    def handle(self, *, host: str, port: int, workers: int, threads: int, **options: Any) -> None:
        os.environ["JINGWEI_THREADS"] = str(threads)  # the processes read it (site/settings.py)
        Granian(
            "jingwei.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads + settings.LISTENERS,
            backpressure=threads + settings.LISTENERS + WAITING,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.error,
        ).serve()
