"""`make check`: every check that reads instead of running. All of them run, then the failures are named."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
CHECKS: dict[str, list[str | Path]] = {
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "layers": [BIN / "lint-imports"],
    "types": [BIN / "mypy"],
    "models have their migrations": [BIN / "jingwei", "makemigrations", "--check", "--dry-run"],
    "OpenAPI is up to date": [BIN / "jingwei", "export_openapi", "--check"],
    "rules of the house": [BIN / "python", "tools/house.py"],
}
WEB: dict[str, list[str | Path]] = {"web: lint, types, words": [BIN / "npm", "--prefix", ROOT / "web", "run", "check"]}


def main(wanted: list[str]) -> int:
    failed = []
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    checks = CHECKS | (WEB if (ROOT / "web" / "package.json").exists() else {})
    for name, command in checks.items():
        if wanted and not any(word in name for word in wanted):
            continue
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        print(f"{'✗' if done.returncode else '✓'} {name} ({time.monotonic() - began:.0f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout, flush=True)
    print(f"✗ check: {', '.join(failed)}" if failed else "✓ check: everything holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
