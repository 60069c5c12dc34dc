"""`jingwei demo`: the whole program on one machine, with the demonstration loaded; Ctrl-C ends it."""

import os
import sys
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from jingwei.site.supervisor import PortTaken, Supervisor, claim_port


class Command(BaseCommand):
    help = "Migrate, load the demonstration, and run the web server and the job worker until Ctrl-C."
    started_by = "make demo"

    def handle(self, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        try:
            claim_port(host, port)
        except PortTaken as why:
            sys.exit(f"✗ {why}. Choose another one: PORT={port + 10} {self.started_by}")
        self.migrate()
        self.load(**options)
        connections.close_all()
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104
        if host in ("0.0.0.0", "::"):  # noqa: S104
            os.environ.setdefault("JINGWEI_HOSTS", "*")
        url = f"http://{shown}:{port}"
        with Supervisor() as supervisor:
            supervisor.start("web", "serve", f"--host={host}", f"--port={port}")
            supervisor.start("worker", "worker")
            self.start(supervisor, **options)
            supervisor.wait_for_answer(host, port)
            self.stdout.write(self.summary(url))
            self.stdout.write("ready")
            self.stdout.flush()
            supervisor.watch()
            self.stdout.write("\n停止中 · stopping …")

    def load(self, **options: Any) -> None:
        """What the city holds at its start."""
        if "load_demonstration" in get_commands():
            call_command("load_demonstration")

    def start(self, supervisor: Supervisor, **options: Any) -> None:
        """What runs besides the web server and the worker."""

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"▸ Tables: {len(plan)} migrations …")
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("✓ Tables")

    def summary(self, url: str) -> str:
        """Where it is, who may log in, what to try."""
        lines = ["", f"  经纬 Jingwei  →  {url}", ""]
        try:
            from jingwei.site.demonstration import accounts
        except ImportError:
            return "\n".join(lines)
        return "\n".join([*lines, accounts.summary(), ""])
