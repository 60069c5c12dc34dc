"""`make lock`: pins requirements/*.in to *.txt with hashes; no index, folder or machine is named in them."""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
OPTIONS = [
    "--quiet", "--upgrade", "--generate-hashes", "--allow-unsafe", "--strip-extras", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host",
]  # fmt: skip


def main() -> None:
    # A machine's own wheel folders would put wheels in that nobody else has.
    surroundings = {k: v for k, v in os.environ.items() if k not in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL")} | {"PIP_CONFIG_FILE": os.devnull}
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        python = Path(place) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        for name in ("base", "dev"):
            print(f"▸ requirements/{name}.txt …", flush=True)
            command = [python, "-m", "piptools", "compile", *OPTIONS, *sys.argv[1:], "-o", f"{name}.txt", f"{name}.in"]
            subprocess.run(command, check=True, cwd=REQUIREMENTS, env=surroundings)


if __name__ == "__main__":
    main()
