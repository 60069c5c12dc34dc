"""The private PostgreSQL cluster: what the program stores into when no DATABASE_URL points elsewhere.

It listens on a Unix socket alone, so no port can be taken. Only the standard library is used: the bootstrap needs this
module before anything is installed. PostgreSQL refuses to run as root, so for root it runs as the user `postgres`.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from jingwei.site.env import VAR

OLDEST = 15
NAME = "jingwei"  # of the database and of its owner
SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes of a Unix socket's path (sun_path of 108, ended by a zero)
ELSEWHERE = Path("/var/lib/jingwei")
COMMON = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Unavailable(Exception):
    """Why there is no cluster, in a sentence for the person at the keyboard."""


def binaries(wanted: int | None = None) -> Path | None:
    """The folder of initdb and pg_ctl: the newest PostgreSQL (or the `wanted` one) from 15 on that has PostGIS, or None."""
    folders = {Path(p) for p in (os.environ.get("PG_BIN"), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))) if p}
    if found := shutil.which("pg_ctl"):
        folders.add(Path(found).resolve().parent)
    usable = []
    for folder in folders:
        try:
            said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
            share = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            continue
        version = int((re.search(r"\d+", said) or [0])[0])
        shares = (Path(share or "/nonexistent"), Path(f"/usr/share/postgresql/{version}"))
        if version >= OLDEST and wanted in (None, version) and any((s / "extension" / "postgis.control").exists() for s in shares):
            usable.append((version, folder))
    return max(usable)[1] if usable else None


def reachable(path: Path) -> bool:
    """Whether every other user may pass through `path` and the folders above it."""
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents) if p.exists())


class Cluster:
    """A cluster whose files lie in `path`. `path` may be a link to where the user `postgres` can reach them."""

    def __init__(self, path: Path, *, throw_away: bool = False) -> None:
        self.path = path
        self.throw_away = throw_away
        self.bin: Path | None = None

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self.path.resolve() / "data"

    @property
    def url(self) -> str:
        """The address of its database; the socket's folder is the one that the running server wrote down."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._socket_folder()), safe='')}"

    def running(self) -> int | None:
        """The postmaster's process id. A stale file, or another program that got the number since, is not it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except PermissionError:
            pass
        except (OSError, ValueError, IndexError):
            return None
        try:
            return pid if Path(f"/proc/{pid}/cwd").readlink() == self.data.resolve() else None
        except FileNotFoundError:
            return pid if not Path("/proc/self").exists() else None
        except PermissionError:
            return None

    def _socket_folder(self) -> Path:
        with contextlib.suppress(OSError, IndexError):
            return Path((self.data / "postmaster.pid").read_text().split("\n")[4])
        return self.path.resolve() / "socket"

    # -- making, starting, stopping -------------------------------------------------------------------------------

    def start(self) -> None:
        """Make it if need be, start it if need be, and see that the database exists. Raises Unavailable."""
        made_by = self.data / "PG_VERSION"
        version = int(made_by.read_text()) if made_by.exists() else None
        self.bin = binaries(version)
        if self.bin is None:
            raise Unavailable(f"PostgreSQL {version or f'{OLDEST}+'} with PostGIS is missing; on Debian: apt install postgresql postgresql-postgis")
        if version is None:
            self._make()
        self._check_owner()
        if not self.running():
            self._start()
        self._make_database()

    def _start(self) -> None:
        socket = self._new_socket_folder()
        # What a server that was killed has left.
        for left in (self.data / "postmaster.pid", socket / SOCKET, socket / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)
        settings = COMMON | (THROW_AWAY if self.throw_away else {}) | {"unix_socket_directories": str(socket)}
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        log = self.data / "server.log"
        for tries_left in (4, 3, 2, 1, 0):
            try:
                self._run("pg_ctl", "start", "-w", "-t", "120", "-s", "-D", self.data, "-l", log, "-o", options)
                return
            except Unavailable:
                tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
                # The children of a killed server need a moment to notice.
                if not tries_left or "shared memory" not in "".join(tail):
                    raise Unavailable("PostgreSQL did not start:\n" + "\n".join(tail)) from None
                time.sleep(1)

    def stop(self) -> None:
        """Stop it, if it runs."""
        pid = self.running()
        if pid is None:
            return
        socket = self._socket_folder()
        os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
        for _ in range(1200):
            if self.running() is None:
                break
            time.sleep(0.05)
        if socket.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(socket, ignore_errors=True)

    def destroy(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.path.resolve(), ignore_errors=True)
        if self.path.is_symlink():
            self.path.unlink()

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.is_symlink() and not self.path.exists():
            self.path.unlink()
        if not self.path.exists():
            if self._user() and not reachable(self.path.parent):
                # The checkout lies where `postgres` may not go, such as /root: its files go to /var/lib, a link stays here.
                ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
                self.path.symlink_to(tempfile.mkdtemp(prefix=f"{self.path.parent.parent.name}-", dir=ELSEWHERE))
            else:
                self.path.mkdir(mode=0o700)
        shutil.rmtree(self.data, ignore_errors=True)
        if user := self._user():
            os.chown(self.path, user.pw_uid, user.pw_gid)
        # Collation C: a scope is a prefix of a code, and only in C does a plain index answer a prefix.
        locale = ("--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C")
        sync = ("--no-sync",) if self.throw_away else ("--data-checksums",)
        self._run("initdb", "-D", self.data, "--username", NAME, "--auth=trust", *locale, *sync)

    def _new_socket_folder(self) -> Path:
        """A folder that only the server's user may enter: beside the data, or under /tmp where that path is too long."""
        folder = self.path.resolve() / "socket"
        if len(os.fsencode(folder / SOCKET)) <= SOCKET_LIMIT:
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            folder = Path(tempfile.mkdtemp(prefix="jingwei-", dir="/tmp"))
        if user := self._user():
            os.chown(folder, user.pw_uid, user.pw_gid)
        return folder

    def _make_database(self) -> None:
        query = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"
        where: Sequence[str] = ("-h", str(self._socket_folder()), "-U", NAME)
        if not self._run("psql", *where, "-d", "postgres", "-Atc", query).strip():
            self._run("createdb", *where, NAME)

    def _check_owner(self) -> None:
        owner = self.data.stat().st_uid
        if owner != (user.pw_uid if (user := self._user()) else os.getuid()):
            raise Unavailable(f"{self.path} belongs to the user {pwd.getpwuid(owner).pw_name}; start the program as that user (or as root, if it is postgres)")

    @staticmethod
    def _user() -> pwd.struct_passwd | None:
        """Whom PostgreSQL runs as when we are root; None when we are not."""
        if os.getuid() != 0:
            return None
        try:
            return pwd.getpwnam("postgres")
        except KeyError:
            raise Unavailable("as root, PostgreSQL runs as the user postgres, and there is none: useradd --system postgres") from None

    def _run(self, program: str, *arguments: str | Path) -> str:
        user = self._user()
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        # The server that pg_ctl leaves behind would hold a pipe open: it gets none.
        out = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        done = subprocess.run(  # type: ignore[call-overload]
            [self.bin / program if self.bin else program, *arguments],
            cwd=self.path.resolve(),
            env=_environment(),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            **as_user,
        )
        if done.returncode:
            raise Unavailable(f"{program}: {(done.stdout or '').strip()}")
        return done.stdout or ""


def _environment() -> dict[str, str]:
    """Ours, without PGHOST and its kin, and in a locale that every machine has."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))} | {"LC_ALL": "C.UTF-8"}


def private() -> Cluster:
    """The cluster of this checkout."""
    return Cluster(VAR / "cluster")


def private_url() -> str:
    return private().url


@contextlib.contextmanager
def in_use(cluster: Cluster) -> Iterator[str]:
    """Hold the cluster open, and answer its address. Whoever leaves last stops it, unless `cluster start` asked it to stay.

    Two locks: `turn` is held while somebody starts or stops it; `users` is shared by all who use it, and is
    given up by the system even where a program is killed.
    """
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / ".cluster-turn").open("w") as turn, (VAR / ".cluster-users").open("w") as users:
        fcntl.flock(turn, fcntl.LOCK_EX)
        cluster.start()
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield cluster.url
        finally:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not (VAR / ".cluster-stays").exists():
                    cluster.stop()


def command(words: list[str]) -> None:
    """`jingwei cluster start|stop|status|psql|destroy`: the private cluster by hand. `start` lets it run on."""
    cluster, stays = private(), VAR / ".cluster-stays"
    match words:
        case ["start"]:
            VAR.mkdir(parents=True, exist_ok=True)
            stays.touch()
            with in_use(cluster) as url:
                print(url)
        case ["stop"]:
            stays.unlink(missing_ok=True)
            cluster.stop()
        case ["status"]:
            pid = cluster.running()
            print(f"runs as process {pid}: {cluster.url}" if pid else "does not run")
        case ["psql", *arguments]:
            with in_use(cluster):
                psql = str(cluster.bin / "psql") if cluster.bin else "psql"
                subprocess.run([psql, "-h", cluster._socket_folder(), "-U", NAME, *(arguments or ["-d", NAME])], check=False)
        case ["destroy"]:
            with (VAR / ".cluster-users").open("w") as users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise Unavailable("the program is running; stop it first (Ctrl-C where it was started)") from None
                stays.unlink(missing_ok=True)
                cluster.destroy()
        case _:
            raise Unavailable("jingwei cluster start|stop|status|psql|destroy")
