"""Several hands at one pile of work: processes, each with a database connection of its own.

Threads would share Python's one lock: while one reads and decides, the others could not, and the database would wait.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from django.db import connections

Piece = TypeVar("Piece")
Done = TypeVar("Done")

# What the hands do: they are forked from here, and find it in their own memory.
_work: Callable[[Any], Any] | None = None


def in_hands(work: Callable[[Piece], Done], pieces: Iterable[Piece], hands: int) -> Iterator[Done]:
    """What `work` answers for each piece, in their order. With one hand in the caller's own process and transaction; with
    more, no more pieces are taken up than there are hands and one to spare. A failure stops the pile and is raised."""
    if hands <= 1:
        yield from map(work, pieces)
        return
    global _work
    _work = work
    connections.close_all()  # a connection can't be shared by two processes
    with ProcessPoolExecutor(hands, mp_context=get_context("fork")) as pool:
        waiting: deque[Future[Done]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(_take, piece))
                if len(waiting) > hands:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _take(piece: Any) -> Any:
    assert _work
    return _work(piece)
