"""As many connections to the database as requests are worked on at once, lent to each for its time.

A browser that listens for what happens (site/live.py) holds a thread of its own for minutes, without the database. So threads are many and
connections few: a request waits here for one, and a thread that only listens has none.
"""

from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Lending:
    """A WSGI application around another."""

    def __init__(self, application: Wsgi, many: int) -> None:
        self.application = application
        self.free: SimpleQueue[BaseDatabaseWrapper] = SimpleQueue()
        for _ in range(many):
            database = connections.create_connection(DEFAULT_DB_ALIAS)
            database.inc_thread_sharing()
            self.free.put(database)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        database = self.free.get()
        connections[DEFAULT_DB_ALIAS] = database
        try:
            return self.application(environ, start_response)
        finally:
            del connections[DEFAULT_DB_ALIAS]
            self.free.put(database)
