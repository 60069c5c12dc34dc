"""What the tests at the doors share: somebody who knocks, and a look at everything that is written down."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.world import World

API = "/api/v1"


class Caller:
    """Somebody at the doors, logged in as a person of the city, by a token, or nobody at all."""

    def __init__(self, world: World, name: str | None = None, token: str | None = None) -> None:
        self.client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"} if token else None)
        if name:
            self.client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")

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


def rows_everywhere() -> dict[str, int]:
    """How many rows each table has; who is logged in does not count."""
    tables = [t for t in connection.introspection.table_names() if t not in ("spatial_ref_sys", "django_session", "axes_accesslog")]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(f"select '{t}', count(*) from \"{t}\"" for t in tables))
        return dict(cursor.fetchall())
