"""Whoever changes what somebody else has changed meanwhile hears it in one way, at every door that takes a `seen_version`: 409 with the present state."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.api.test_permissions import DOORS, REQUESTS, Scene, ask, cast  # noqa: F401
from tests.world import World

LATER = 99  # no row of the scene is that far
DOCUMENT = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())  # `make check` holds it against the doors


def takes_version(schema: dict[str, Any], passed: tuple[str, ...] = ()) -> bool:
    """Whether a body of this schema has a `seen_version`, at the top or further down."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return name not in passed and takes_version(DOCUMENT["components"]["schemas"][name], (*passed, name))
    inside: list[Any] = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items", {})]
    return "seen_version" in schema.get("properties", {}) or any(takes_version(part, passed) for part in inside if part)


def doors() -> Iterator[str]:
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body and takes_version(body):
                yield f"{method.upper()} {path.removeprefix('/api/v1')}"


def stale(body: Any) -> Any:
    """The body of somebody who saw another version of everything."""
    if isinstance(body, list):
        return [stale(part) for part in body]
    if isinstance(body, dict):
        return {name: LATER if name == "seen_version" else stale(part) for name, part in body.items()}
    return body


# One answers for each of its cases, and one may be told without a version; the family's newcomers are not known yet.
ELSEWHERE = {"POST /cases/moves/{move}", "POST /rooms/{room_id}/people"}


@pytest.mark.parametrize("operation", sorted(set(doors()) - ELSEWHERE))
def test_a_stale_version_is_a_conflict_with_the_present_state(cast: Scene, world: World, operation: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    made = REQUESTS[operation]
    values, body = made(cast)
    said = stale(body if "seen_version" in json.dumps(body) else {**body, "seen_version": LATER})
    monkeypatch.setitem(REQUESTS, operation, lambda scene: (values, said))
    status, content = ask(Caller(world, f"in.{min(DOORS[operation].allowed)}"), operation, cast)
    problem = json.loads(content)
    assert (status, problem["code"]) == (409, "stale_version"), problem
    assert 1 <= problem["present"]["version"] < LATER and problem["present"]["id"]
