"""Brings what the program needs: `python3 jingwei/site/bootstrap.py demo|test|e2e`. Run by the system's Python, standard library only.

Every step leaves a mark, so that a second run only looks and goes on.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Jingwei needs Python 3.11 or newer; this is %s. Another one is named so: make PYTHON=python3.12 demo" % sys.version.split()[0])

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)  # this file's folder holds modules that would hide the standard library's `site`

from jingwei.site.cluster import OLDEST, binaries  # noqa: E402
from jingwei.site.env import VAR  # noqa: E402

VENV = ROOT / ".venv"
WEB = ROOT / "web"
LEVELS = {"demo": ("base",), "test": ("base", "dev"), "e2e": ("base", "dev"), "bench": ("base", "dev")}
WRAPPER = """#!{python}
import sys
sys.path.insert(0, {root!r})
from jingwei.site.cli import main
main()
"""


def main(level: str) -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    system_packages(level)
    virtual_environment()
    for name in LEVELS[level]:
        requirements(name)
    entry_points()
    if (WEB / "package.json").exists():
        web(modules=level != "demo")


# -- steps ----------------------------------------------------------------------------------------------------------


def system_packages(level: str) -> None:
    """What comes from the distribution: used if present, installed if we may, else named in one sentence."""
    wanted = []
    if not VENV.exists() and importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    if binaries() is None and (level != "demo" or "DATABASE_URL" not in os.environ):
        wanted += ["postgresql", "postgresql-postgis"]
    elif not ctypes.util.find_library("gdal"):
        wanted.append("gdal-bin")
    if not any(any(Path("/usr/share/fonts").rglob(name)) for name in ("NotoSansCJK*", "wqy-*")):
        wanted.append("fonts-noto-cjk")  # case files on paper
    if level in ("e2e", "bench"):
        if not chromium():
            wanted.append("chromium")
        if not ctypes.util.find_library("atomic"):
            wanted.append("libatomic1")  # Playwright's own Node asks for it
    if level == "bench" and not shutil.which("wrk"):
        wanted.append("wrk")
    if not wanted:
        return
    rights = [] if os.getuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get"):
        sys.exit(f"Please install what Debian calls {' '.join(wanted)} (PostgreSQL {OLDEST} or newer, with PostGIS), then start again.")
    if rights and (not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode):
        sys.exit(f"Please install first, then start again: sudo apt-get install {' '.join(wanted)}")
    quiet: list[str | Path] = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    step("Debian's list of packages", [*quiet, "update"])
    step("Debian packages " + " ".join(wanted), [*quiet, "install", "--no-install-recommends", *wanted], counted="Unpacking ")


def virtual_environment() -> None:
    python = VENV / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    step("Python environment .venv", [sys.executable, "-m", "venv", "--clear", VENV])


def requirements(name: str) -> None:
    file = ROOT / "requirements" / f"{name}.txt"
    mark = VENV / f".jingwei-{name}"
    if unchanged(mark, digest([file])):
        return
    count = sum("==" in line for line in file.read_text().splitlines())
    pip: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", file]
    step(f"{count} Python packages ({name})", pip, counted="Collecting ", of=count)
    mark.write_text(digest([file]))


def entry_points() -> None:
    """`.venv/bin/jingwei`, and `import jingwei` from anywhere: the checkout is used where it lies."""
    wrapper = VENV / "bin" / "jingwei"
    text = WRAPPER.format(python=VENV / "bin" / "python", root=str(ROOT))
    if not wrapper.exists() or wrapper.read_text() != text:
        wrapper.write_text(text)
        wrapper.chmod(0o755)
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "jingwei.pth").write_text(f"{ROOT}\n")


def web(*, modules: bool) -> None:
    """The web, built once, and again when a source has changed. The checks need the modules themselves."""
    lock, mark_modules = WEB / "package-lock.json", WEB / "node_modules" / ".jingwei"
    mark_built = VAR / "web-built"
    sources = sorted(p for p in WEB.rglob("*") if p.is_file() and not {"node_modules", "dist"} & set(p.relative_to(WEB).parts))
    now = digest(sources)
    built = unchanged(mark_built, now) and (WEB / "apps" / "desk" / "dist" / "index.html").exists()
    if built and not modules:
        return
    npm: list[str | Path] = [VENV / "bin" / "npm", "--prefix", WEB, "--no-audit", "--no-fund", "--no-update-notifier"]
    # A machine with a certificate authority of its own is believed.
    env = {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "NODE_USE_SYSTEM_CA": "1"}
    if not unchanged(mark_modules, digest([lock])):
        step("Web packages", [*npm, "ci"], env=env, cwd=WEB)
        mark_modules.write_text(digest([lock]))
    if not built:
        step("Building the web", [*npm, "run", "build"], env=env, cwd=WEB)
        mark_built.write_text(now)


# -- means ----------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The browser that the machine has."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def digest(files: list[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.relative_to(ROOT)}\n".encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def unchanged(mark: Path, now: str) -> bool:
    return mark.exists() and mark.read_text() == now


def step(title: str, command: list[str | Path], *, counted: str = "", of: int = 0, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a command with its output in var/bootstrap.log, and say how far it is: a count where its lines can be counted."""
    log = VAR / "bootstrap.log"
    began, said, done = time.monotonic(), 0.0, 0
    live = sys.stdout.isatty()
    print(f"▸ {title} …", end="" if live else "\n", flush=True)
    with log.open("a") as file:
        file.write(f"\n$ {' '.join(map(str, command))}\n")
        child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, errors="replace",
            cwd=cwd, env=os.environ | (env or {}),
        )  # fmt: skip
        tail: list[str] = []
        for line in child.stdout or ():
            file.write(line)
            tail = [*tail[-14:], line]
            done += bool(counted) and line.startswith(counted)
            seconds = time.monotonic() - began
            if seconds - said > (0.2 if live else 10):
                said = seconds
                count = f" {done}/{of}" if of else f" {done}" if done else ""
                print(f"\r▸ {title} …{count} {seconds:.0f} s" if live else f"  {title}:{count} {seconds:.0f} s", end="" if live else "\n", flush=True)
    seconds = time.monotonic() - began
    if child.wait():
        print(f"\n{''.join(tail)}\n✗ {title} failed; the whole output is in {log}")
        sys.exit(1)
    print(f"\r✓ {title} ({seconds:.0f} s)\033[K" if live else f"✓ {title} ({seconds:.0f} s)", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "demo")
    except KeyboardInterrupt:
        sys.exit(130)
