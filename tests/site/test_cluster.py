"""The private cluster starts whatever lies in its way."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jingwei.site.cluster import SOCKET, SOCKET_LIMIT, Cluster


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jingwei-cluster-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def answers(cluster: Cluster) -> bool:
    with psycopg.connect(cluster.url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    cluster = Cluster(place / "cluster", throw_away=True)
    yield cluster
    cluster.destroy()


def test_it_keeps_its_data_and_stops(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    cluster.stop()
    assert cluster.running() is None
    cluster.start()
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_second_start_finds_it_running(cluster: Cluster) -> None:
    cluster.start()
    pid = cluster.running()
    Cluster(cluster.path, throw_away=True).start()
    assert cluster.running() == pid


def test_a_pid_file_of_another_program_is_stale(cluster: Cluster) -> None:
    cluster.start()
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert cluster.running() is None
    cluster.start()
    assert answers(cluster)


def test_after_a_power_cut(cluster: Cluster) -> None:
    cluster.start()
    pid = cluster.running()
    assert pid
    os.kill(pid, 9)
    while Path(f"/proc/{pid}").exists() and "zombie" not in Path(f"/proc/{pid}/status").read_text():
        pass
    cluster.start()
    assert answers(cluster)


def test_a_path_too_long_for_a_socket(place: Path) -> None:
    cluster = Cluster(place / ("long-" * 20) / "cluster", throw_away=True)
    assert len(str(cluster.path / "socket" / SOCKET)) > SOCKET_LIMIT
    cluster.start()
    try:
        assert answers(cluster)
        socket = cluster._socket_folder()
    finally:
        cluster.destroy()
    assert not socket.exists()


def test_a_folder_that_others_may_not_enter(place: Path) -> None:
    place.chmod(0o700)
    cluster = Cluster(place / "cluster", throw_away=True)
    cluster.start()
    try:
        assert answers(cluster)
        files = cluster.path.resolve()
    finally:
        cluster.destroy()
    assert not files.exists() and not cluster.path.is_symlink()


def test_no_port_is_taken(cluster: Cluster) -> None:
    cluster.start()
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_nothing_runs_as_root(cluster: Cluster) -> None:
    cluster.start()
    pid = cluster.running()
    said = subprocess.run(["ls", "-ldn", f"/proc/{pid}"], capture_output=True, text=True, check=True).stdout.split()
    assert said[2] != "0"
