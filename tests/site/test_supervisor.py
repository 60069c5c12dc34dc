"""A port that is taken is named; a child that died is started again; nobody is left."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jingwei.site.supervisor import PortTaken, claim_port

PROGRAM = """
import signal, subprocess, sys
from jingwei.site import cli, supervisor

begin = subprocess.Popen
supervisor.subprocess.Popen = lambda words, **how: begin(["/bin/sh", "-c", f"echo $$ >> {sys.argv[1]}; sleep 100 & wait"], **how)
signal.signal(signal.SIGINT, signal.default_int_handler)  # as cli does: a background job begins with it ignored
signal.signal(signal.SIGTERM, cli._leave)
with supervisor.Supervisor() as sleepers:
    sleepers.start("one", "x")
    sleepers.watch()
"""


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            claim_port("127.0.0.1", port)
    claim_port("127.0.0.1", port)


def wait_for(pids: Path, count: int) -> list[int]:
    for _ in range(100):
        if pids.exists() and len(found := pids.read_text().split()) >= count:
            return [int(pid) for pid in found]
        time.sleep(0.1)
    raise AssertionError("no child came")


def alive(group: int) -> bool:
    """Whether any process of the group is more than a zombie."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, of, *_ = stat.read_text().rpartition(")")[2].split()
            if of == str(group) and state != "Z":
                return True
    return False


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_what_died_starts_again_and_nobody_is_left(tmp_path: Path, end: signal.Signals) -> None:
    pids = tmp_path / "pids"
    supervisor = subprocess.Popen([sys.executable, "-c", PROGRAM, str(pids)])
    first = wait_for(pids, 1)[0]
    os.kill(first, signal.SIGKILL)
    second = wait_for(pids, 2)[1]
    assert not alive(first)  # its own child went with it
    supervisor.send_signal(end)
    supervisor.wait(20)
    time.sleep(0.3)
    assert not alive(second)
