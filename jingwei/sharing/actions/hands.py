"""Several hands at one pile of work: threads, each with a database connection of its own.

While one waits for the database, another reads and decides; the database works for both.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

from django.db import connection

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def in_hands(work: Callable[[Piece], Done], pieces: Iterable[Piece], hands: int) -> Iterator[Done]:
    """What `work` answers for each piece, in their order. With one hand in the caller's own thread and transaction; with
    more, no more pieces are taken up than there are hands and one to spare. A failure stops the pile and is raised."""
    if hands <= 1:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(hands, thread_name_prefix="hand") as pool:
        waiting: deque[Future[Done]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(work, piece))
                if len(waiting) > hands:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            _close(pool, hands)


def _close(pool: ThreadPoolExecutor, hands: int) -> None:
    """Each hand closes its connection: they meet at a barrier, so that none closes for two."""
    met = Barrier(hands)

    def close() -> None:
        with suppress(BrokenBarrierError):
            met.wait(timeout=60)
        connection.close()

    for future in [pool.submit(close) for _ in range(hands)]:
        future.result()
