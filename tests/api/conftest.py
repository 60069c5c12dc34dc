"""What the tests at the doors share: somebody who knocks, and a look at everything that is written down."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.world import World

API = "/api/v1"


class Caller:
    """Somebody at the doors, logged in as a person of the city (with a `session` that is there, or a new one), by a token, or nobody at all."""

    def __init__(self, world: World, name: str | None = None, token: str | None = None, session: str | None = None) -> None:
        self.client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"} if token else None)
        if session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        elif name:
            self.client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")

    @property
    def session(self) -> str:
        """What its browser holds."""
        return self.client.cookies[settings.SESSION_COOKIE_NAME].value

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> HttpResponse:
        """`path` without the API's prefix; `body` becomes JSON, `raw` is sent as it is."""
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        return self.client.generic(method, path if path.startswith("/api") else API + path, content, "application/json", headers=headers)  # type: ignore[return-value]


@pytest.fixture
def caller(world: World) -> Callable[..., Caller]:
    """`caller("acceptor")`: that person at the doors; `caller()`: nobody."""
    return lambda name=None, token=None: Caller(world, name, token)


def problem(response: Any, status: int | tuple[int, ...]) -> dict[str, Any]:
    """The problem document of a refusal with (one of) the status; fails for anything that isn't one."""
    wanted = status if isinstance(status, tuple) else (status,)
    assert response.status_code in wanted, (response.status_code, response.content[:500])
    assert response["Content-Type"] == "application/problem+json; charset=utf-8", response["Content-Type"]
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(body) and body["status"] == response.status_code
    assert body["title"] and body["detail"]
    return body  # type: ignore[no-any-return]


def rows_everywhere() -> dict[str, tuple[int, int]]:
    """What stands in each table: how many rows, and a sum that another version of any of them changes. Who is logged in does not count.

    A version of a row has a place in the file of its own (ctid), as long as nothing is vacuumed: whatever is inserted, updated or deleted shows, and what
    was undone does not."""
    with connection.cursor() as cursor:
        cursor.execute(_everything())
        return {table: (rows, versions) for table, rows, versions in cursor.fetchall()}


@cache
def _everything() -> str:
    tables = [t for t in connection.introspection.table_names() if t not in ("spatial_ref_sys", "django_session", "axes_accesslog")]
    return " union all ".join(f"select '{t}', count(*), coalesce(sum(hashtid(ctid)), 0) from \"{t}\"" for t in tables)
