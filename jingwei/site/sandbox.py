"""`jingwei sandbox`: a training city of its own that can be thrown away. Everything lies in var/sandbox: cluster, files, secrets.

It never touches the program's own data: it runs as another process with another var folder and without DATABASE_URL. Only the
standard library is used here; what is loaded into it is the command `run_sandbox`'s business.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from jingwei.site.cluster import Cluster
from jingwei.site.env import VAR

PLACE = VAR / "sandbox"
MARK = ".jingwei-sandbox"  # only a folder with this mark is thrown away
PORT = "8020"
USAGE = """\
jingwei sandbox [--days 30] [--per-day 200] [--seed 1] [--live] [--leave ROLE]   开一座培训城市；第一次启动时造好  start it; the first start fills it
jingwei sandbox destroy                                                         整个删掉，别的不动  throw it away, and nothing else
  PORT={port} 是它的端口，PORT=8030 jingwei sandbox 换一个  its port"""


class Refused(Exception):
    """Why not, in a sentence."""


def command(words: list[str]) -> None:
    """Raises Refused; otherwise starts the sandbox in place of this process, or destroys it."""
    match words:
        case ["destroy"]:
            print("✓ 培训环境已删除 the sandbox is gone" if destroy() else "没有培训环境 there is no sandbox")
        case ["help" | "--help" | "-h", *_]:
            print(USAGE.format(port=PORT))
        case [first, *_] if not first.startswith("-"):
            raise Refused(USAGE.format(port=PORT))
        case _:
            start(words)


def start(words: list[str], place: Path = PLACE) -> NoReturn:
    if place.exists() and any(place.iterdir()) and not (place / MARK).exists():
        raise Refused(f"{place} 不是培训环境建的，不碰它 · was not made by the sandbox and is left alone")
    place.mkdir(mode=0o755, parents=True, exist_ok=True)
    (place / MARK).touch()
    os.execve(sys.executable, [sys.executable, "-m", "jingwei", "run_sandbox", *words], surroundings(place))


def surroundings(place: Path = PLACE) -> dict[str, str]:
    """The environment of the sandbox: ours, but for its data, its secrets and its port."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY")}
    return kept | {"JINGWEI_VAR": str(place), "JINGWEI_TRAINING": "1", "PORT": os.environ.get("PORT", PORT)}


def destroy(place: Path = PLACE) -> bool:
    """Stop its cluster and remove its folder; False where there is none. Raises Refused while it runs, or for a folder that isn't one."""
    if not place.exists():
        return False
    if place.is_symlink() or not (place / MARK).is_file():
        raise Refused(f"{place} 不是培训环境建的，不碰它 · was not made by the sandbox and is left alone")
    with (place / ".cluster-users").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("培训环境正在运行，请先在启动它的窗口按 Ctrl-C · it is running: stop it with Ctrl-C first") from None
        Cluster(place / "cluster").destroy()
    shutil.rmtree(place)
    return True
