"""What others do appears at once: each browser listens on one stream (server-sent events), told only of cases that its person sees.

One thread of each process reads the event log twice a second while somebody listens, and tells everybody: listeners cost no statement. It
looks a few seconds back each time, because a transaction's events carry the time of its start (docs/decisions/0029).
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

import orjson
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.timezone import now
from ninja import Router

from jingwei.accounts.rules import Actor
from jingwei.cases.queries.live import MOST, Changed, changed_since
from jingwei.cases.rules.scope import sees
from jingwei.kit.errors import Problem
from jingwei.kit.http import actor_of
from jingwei.kit.schemas import PROBLEMS
from jingwei.kit.text import T

router = Router(tags=["live"])

LOOK = 0.5  # seconds between two looks at the log
BACK = timedelta(seconds=5)  # how long a transaction may have been writing
BEAT = 15.0  # seconds after which silence is broken, so that both ends notice a dead line
AGE = 240.0  # seconds until a stream ends and is asked for anew: roles and sessions are looked at again
EVERYTHING = b'event: cases\ndata: {"all":true}\n\n'


@dataclass(eq=False)
class Listener:
    actor: Actor
    waiting: SimpleQueue[bytes] = field(default_factory=SimpleQueue)


class Feed:
    """The listeners of this process, and the thread that reads for them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.listeners: set[Listener] = set()
        self.lock = threading.Lock()
        self.reader: threading.Thread | None = None

    def join(self, actor: Actor) -> Listener | None:
        """A new listener; None when the house is full."""
        with self.lock:
            if len(self.listeners) >= self.most:
                return None
            listener = Listener(actor)
            self.listeners.add(listener)
            if self.reader is None:
                self.reader = threading.Thread(target=self._read, name="live", daemon=True)
                self.reader.start()
            return listener

    def leave(self, listener: Listener) -> None:
        with self.lock:
            self.listeners.discard(listener)

    def _read(self) -> None:
        seen: dict[object, datetime] = {}
        since, failing = now(), False
        pause = threading.Event()
        while True:
            pause.wait(LOOK)
            with self.lock:
                listeners = list(self.listeners)
                if not listeners:
                    self.reader = None
                    break
            try:
                found = changed_since(since - BACK)
            except DatabaseError:
                failing = True
                close_old_connections()
                connection.close()
                continue
            if failing or len(found) >= MOST:
                failing = False
                seen = {}
                since = now()
                for listener in listeners:
                    listener.waiting.put(EVERYTHING)
                continue
            fresh = [one for one in found if one.event not in seen and one.recorded_at > since - BACK]
            if found:
                since = max(since, max(one.recorded_at for one in found))
            seen = {one.event: one.recorded_at for one in found}
            for listener in listeners if fresh else ():
                if message := said(listener.actor, fresh):
                    listener.waiting.put(message)
        connection.close()


def said(actor: Actor, fresh: list[Changed]) -> bytes | None:
    """What one listener is told: the changed cases that they see, each once, as a server-sent event; None for nothing."""
    mine = {
        one.case: {"id": str(one.case), "version": one.version, "state": one.state, "before": one.before, "place": one.place, "unit": one.unit}
        for one in fresh
        if sees(actor, place=one.place, opened_by=one.opened_by, asked=one.asked)
    }
    return b"event: cases\ndata: " + orjson.dumps({"cases": list(mine.values())}) + b"\n\n" if mine else None


feed = Feed(most=0)


@router.get("/live", response={200: None, **PROBLEMS}, summary="A stream of the cases that change, as server-sent events")
def listen(request: HttpRequest) -> StreamingHttpResponse:
    listener = feed.join(actor_of(request))
    if listener is None:
        problem = Problem(T("实时连接已满，请改用定时刷新", "there are as many live connections as there can be: ask at intervals"), code="live_full")
        problem.status = 503
        raise problem
    response = StreamingHttpResponse(_stream(listener), content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx passes each message on at once
    return response


def _stream(listener: Listener) -> Iterator[bytes]:
    """Messages as they come, until the stream is old; the database is not touched here."""
    try:
        yield b"retry: 1000\nevent: hello\ndata: {}\n\n"
        began = now()
        while (now() - began).total_seconds() < AGE:
            try:
                yield listener.waiting.get(timeout=BEAT)
            except Empty:
                yield b": still here\n\n"
    finally:
        feed.leave(listener)
