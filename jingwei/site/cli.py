"""The command `jingwei`: Django's commands, ours among them, over a database that is there.

Two words may stand for one command: `jingwei load divisions FILE` is `load_divisions FILE`.
Without a DATABASE_URL the private cluster runs as long as the command does.
"""

import os
import signal
import sys
from typing import NoReturn

from jingwei.site import cluster, sandbox

# These look at no table.
WITHOUT_DATABASE = {"fit_simulation", "generate_city", "help", "--help", "-h", "version", "--version", "check", "diffsettings", "export_openapi"}


def joined(words: list[str], known: set[str]) -> list[str]:
    """`load divisions FILE` → `load_divisions FILE` where such a command is known; else the words as they are."""
    for count in (3, 2, 1):
        name = "_".join(words[:count]).replace("-", "_")
        if len(words) >= count and name in known:
            return [name, *words[count:]]
    return words


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.site.settings")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins with it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # progress is seen through a pipe too
    words = sys.argv[1:] or ["help"]
    try:
        if words[0] == "cluster":
            cluster.command(words[1:])
        elif words[0] == "sandbox":
            sandbox.command(words[1:])
        elif "DATABASE_URL" in os.environ or "_".join(words[:2]).replace("-", "_") in WITHOUT_DATABASE or words[0] in WITHOUT_DATABASE:
            run(words)
        else:
            with cluster.in_use(cluster.private()) as url:
                os.environ["DATABASE_URL"] = url
                run(words)
    except (cluster.Unavailable, sandbox.Refused) as why:
        sys.exit(f"✗ {why}")
    except KeyboardInterrupt:
        sys.exit(130)


def run(words: list[str]) -> None:
    """Django's command line, which answers `help` with every command there is."""
    import django
    from django.core.management import ManagementUtility, get_commands

    django.setup()
    ManagementUtility(["jingwei", *joined(words, set(get_commands()))]).execute()


def _leave(number: int, _frame: object) -> NoReturn:
    """A polite request to end: what is open is closed on the way out."""
    sys.exit(128 + number)
