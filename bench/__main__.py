"""`make bench [ARGS=name …]`: all measurements, or those named. `register` takes --people N, and --keep FOLDER for its city and cluster."""

import argparse
import sys
from functools import partial
from pathlib import Path

from bench.ground import city


def main() -> None:
    from bench import addresses, advice, divisions, firstpage, importing, likeness, linkage, posting, queues, register, tiles

    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--people", type=int, default=50_000, help="of the invented city of `register`")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the city and its cluster")
    said = parser.parse_args()
    benches = {
        "posting": posting.run,
        "importing": importing.run,
        "divisions": divisions.run,
        "likeness": likeness.run,
        "linkage": linkage.run,
        "advice": advice.run,
        "queues": queues.run,
        "tiles": tiles.run,
        "firstpage": firstpage.run,
        "addresses": addresses.run,
        "register": partial(register.run, people=said.people, keep=said.keep),
    }
    wanted = said.names or list(benches)
    if unknown := [w for w in wanted if w not in benches]:
        sys.exit(f"no bench {', '.join(unknown)}; there are {', '.join(benches)}")
    with city(said.keep) as url:
        from jingwei.kit import db

        for name in wanted:
            db.run("checkpoint")  # what one bench has written is not written out during the next
            benches[name](url)


if __name__ == "__main__":
    main()
