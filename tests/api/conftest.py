"""What the tests at the doors share: somebody who knocks, and a look at everything that is written down."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from jingwei.accounts.models import Person
from tests.world import World

API = "/api/v1"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Caller:
    """Somebody at the doors, logged in as a person of the city (with a `session` that is there, or a new one), by a token, or nobody at all."""

    def __init__(self, world: World, name: str | None = None, token: str | None = None, session: str | None = None) -> None:
        self.client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"} if token else None)
        if session or name:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session or logged_in(world.people[name or ""])

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> HttpResponse:
        """`path` without the API's prefix (or that of `/ogc`); `body` becomes JSON, `raw` is sent as it is."""
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        return self.client.generic(method, path if path.startswith(("/api", "/ogc")) else API + path, content, "application/json", headers=headers)  # type: ignore[return-value]


@pytest.fixture
def caller(world: World) -> Callable[..., Caller]:
    """`caller("acceptor")`: that person at the doors; `caller()`: nobody."""
    return lambda name=None, token=None: Caller(world, name, token)


@pytest.fixture
def someone(caller: Callable[..., Caller]) -> Caller:
    return caller("acceptor")


@pytest.fixture
def nothing_written(world: World, someone: Caller) -> Iterator[None]:
    """Whatever the test asks for after this, every table is as it was."""
    before = rows_everywhere()
    yield
    after = rows_everywhere()
    assert {t: (n, after[t]) for t, n in before.items() if after[t] != n} == {}


def logged_in(person: Person) -> str:
    """The key of a session of that person, who is as if logged in: nothing else is written, not even that they came."""
    session = SessionStore()
    session.update({SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: person.get_session_auth_hash()})
    session.save()
    assert session.session_key
    return session.session_key


def problem(response: Any, status: int | tuple[int, ...]) -> dict[str, Any]:
    """The problem document of a refusal with (one of) the status; fails for anything that isn't one."""
    wanted = status if isinstance(status, tuple) else (status,)
    assert response.status_code in wanted, (response.status_code, response.content[:500])
    assert response["Content-Type"] == "application/problem+json; charset=utf-8", response["Content-Type"]
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(body) and body["status"] == response.status_code
    assert body["title"] and body["detail"]
    return body  # type: ignore[no-any-return]


def fields(body: dict[str, Any]) -> set[str]:
    """The fields that a problem document names."""
    return {e["field"] for e in body["errors"]}


def rows_everywhere() -> dict[str, tuple[int, int]]:
    """What stands in each table: how many rows, and a sum that another version of any of them changes. Who is logged in does not count.

    A version of a row has a place in the file of its own (ctid), as long as nothing is vacuumed: whatever is inserted, updated or deleted shows, and what
    was undone does not."""
    with connection.cursor() as cursor:
        cursor.execute(_everything())
        return {table: (rows, versions) for table, rows, versions in cursor.fetchall()}


@cache
def _everything() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
        tables = [t for (t,) in cursor.fetchall() if t not in ("spatial_ref_sys", "django_session", "axes_accesslog")]
    return " union all ".join(f"select '{t}', count(*), coalesce(sum(hashtid(ctid)), 0) from \"{t}\"" for t in tables)
