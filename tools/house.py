"""The rules of the house that no linter knows, read off the files that git tracks."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 400
LOCKS = re.compile(r"(^|/)(requirements/[^/]*\.(txt|in)|package-lock\.json|[^/]*\.lock|pylock[^/]*|\.npmrc|Makefile|\.ci/.*)$")
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|file:/")
ADDRESS_IN_JSON = re.compile(r"\"resolved\": *\"(https?|file):")  # a funding link is not where a package comes from
PLACE = re.compile(r"/(?:home|Users)/[a-z][\w.-]*/|/root/\.|/w[o]rk/")
GENERATED = re.compile(r"/migrations/|/generated/|\.gen\.|\.d\.ts$")
UNWANTED = {
    r"\b(post|pre)_save\b|@receiver\b": "no signals: an action says what it does",
    r"def save\(self": "no save() override: writes are actions",
    r"\b(TODO|FIXME|XXX)\b": "unfinished",
}


def complaints(path: str, text: str) -> Iterator[str]:
    """What is wrong with one tracked file."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if LOCKS.search(path) and (ADDRESS_IN_JSON if path.endswith(".json") else ADDRESS).search(line):
            yield f"{path}:{number}: a lock file names an address: {line.strip()[:100]}"
        if PLACE.search(line) and path != "tools/house.py":
            yield f"{path}:{number}: a path of somebody's machine: {line.strip()[:100]}"
    if re.match(r"(jingwei/.*\.py|web/.*\.(ts|vue))$", path) and not GENERATED.search(path):
        if len(lines) > LONGEST:
            yield f"{path}: {len(lines)} lines; past {LONGEST} a file becomes a folder, one file per group of verbs"
        for pattern, why in UNWANTED.items():
            for number, line in enumerate(lines, 1):
                if re.search(pattern, line):
                    yield f"{path}:{number}: {why}"


def main() -> int:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = []
    for path in filter(None, tracked):
        file = ROOT / path
        if not file.is_file() or file.is_symlink() or b"\0" in (raw := file.read_bytes())[:8000]:
            continue
        found += complaints(path, raw.decode(errors="replace"))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
