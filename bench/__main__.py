"""`make bench [ARGS=name …]`: all measurements, or those named."""

import sys

from bench.ground import city


def main() -> None:
    from bench import addresses, advice, divisions, firstpage, importing, likeness, posting, queues, tiles

    benches = {
        "posting": posting.run,
        "importing": importing.run,
        "divisions": divisions.run,
        "likeness": likeness.run,
        "advice": advice.run,
        "queues": queues.run,
        "tiles": tiles.run,
        "firstpage": firstpage.run,
        "addresses": addresses.run,
    }
    wanted = sys.argv[1:] or list(benches)
    if unknown := [w for w in wanted if w not in benches]:
        sys.exit(f"no bench {', '.join(unknown)}; there are {', '.join(benches)}")
    with city() as url:
        from jingwei.kit import db

        for name in wanted:
            db.run("checkpoint")  # what one bench has written is not written out during the next
            benches[name](url)


if __name__ == "__main__":
    main()
