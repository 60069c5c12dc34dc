"""Runs the web server and the worker beside each other, starts again what died, and leaves nobody behind."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from types import TracebackType

PR_SET_PDEATHSIG = 1
GRACE = 15  # seconds to finish what was begun


class PortTaken(Exception):
    """Another program listens there."""


def claim_port(host: str, port: int) -> None:
    """Raises PortTaken where another program listens at that address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise PortTaken(f"Port {port} on {host} can't be had: {error.strerror}") from None


class Supervisor:
    """`with Supervisor() as s: s.start(…); s.watch()`. Each child leads a process group of its own: Ctrl-C reaches us alone."""

    def __init__(self) -> None:
        self.commands: dict[str, tuple[str, ...]] = {}
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *words: str) -> None:
        self.commands[name] = words
        self.children[name] = subprocess.Popen(
            [sys.executable, "-m", "jingwei", *words], stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_parent
        )

    def wait_for_answer(self, host: str, port: int, seconds: int = 60) -> None:
        """Until the web server answers anything at all."""
        target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        for _ in range(seconds * 10):
            connection = http.client.HTTPConnection(target, port, timeout=5)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
                connection.request("GET", "/healthz", headers={"Host": "localhost"})
                connection.getresponse()
                return
            if (code := self.children["web"].poll()) is not None:
                raise SystemExit(f"✗ the web server ended at once (status {code})")
            time.sleep(0.1)
        raise SystemExit(f"✗ the web server gave no answer within {seconds} s")

    def watch(self) -> None:
        """Until Ctrl-C. A child that died is started again."""
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(0.3)
                for name, child in list(self.children.items()):
                    if child.poll() is not None:
                        print(f"! {name} ended (status {child.returncode}) and is started again", file=sys.stderr, flush=True)
                        self._signal_group(child, signal.SIGKILL)
                        time.sleep(0.7)
                        self.start(name, *self.commands[name])

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        end = time.monotonic() + GRACE
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
            self._signal_group(child, signal.SIGKILL)
            child.wait()

    @staticmethod
    def _signal_group(child: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)


def _die_with_parent() -> None:
    """Linux: when the supervisor is killed outright, its children get SIGTERM."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
