"""The program as it runs: `jingwei serve` and `jingwei worker` as processes of their own, on the database of the tests."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A server with two processes, and where asked for a job worker. `with Served(folder) as s: …`"""

    def __init__(self, folder: Path, *, worker: bool = False) -> None:
        settings = connection.settings_dict
        host = quote(str(settings["HOST"]), safe="")
        self.port = free_port()
        self.environment = os.environ | {
            "DATABASE_URL": f"postgresql://{settings['USER']}@/{settings['NAME']}?host={host}", "JINGWEI_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "jingwei.site.settings", "JINGWEI_LOG": "ERROR",
        }  # fmt: skip
        self.log = folder / "served.log"
        self.commands = {"serve": ("serve", "--port", str(self.port), "--workers", "2")} | ({"worker": ("worker",)} if worker else {})
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with self.log.open("ab") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", "jingwei", *self.commands[name]],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self, seconds: int = 30) -> None:
        """Until the server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asked):
                asked.request("GET", "/readyz")
                if asked.getresponse().status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"the server gave no answer:\n{self.log.read_text()[-2000:]}")

    def kill(self, name: str) -> None:
        """kill -9 of the whole process group: nobody gets to finish anything."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait(10)

    def __enter__(self) -> "Served":
        for name in self.commands:
            self.start(name)
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.children:
            self.kill(name)
        # Connections of killed processes would keep the tables locked while the next test empties them.
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
