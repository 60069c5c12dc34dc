"""What all doors do alike: who asks, in which language, under which key, and the answer without a second validation."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from jingwei.kit.errors import Unauthenticated, invalid


def language(request: HttpRequest) -> str:
    """ "en" when the caller prefers English, else "zh"."""
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag[:2] in ("zh", "en"):
            return tag[:2]
    return "zh"


# What `openapi_extra` of a door that takes the key says of it.
TAKES_KEY = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 80},
            "description": "The same key sent twice by the same caller is carried out once; the second answer is the first one's.",
        }
    ]
}


def idempotency_key(request: HttpRequest) -> str | None:
    """The `Idempotency-Key` header: at most 80 visible ASCII characters. Raises Invalid."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not 1 <= len(key) <= 80 or not key.isascii() or not key.isprintable():
        raise invalid("Idempotency-Key", "应为 1 至 80 个可见字符", "1 to 80 visible ASCII characters")
    return key


def answer(body: BaseModel, status: int = 200, **headers: str) -> HttpResponse:
    """`body` as JSON. It was validated when it was built, or holds what the database wrote as JSON; Ninja would validate it again."""
    return HttpResponse(body.model_dump_json(by_alias=True, warnings=False), status=status, content_type="application/json; charset=utf-8", headers=headers)


MVT = "application/vnd.mapbox-vector-tile"
# What `openapi_extra` of a tile's door says of its answers.
TILE = {
    "responses": {
        200: {"description": "The tile", "content": {MVT: {"schema": {"type": "string", "format": "binary"}}}},
        204: {"description": "Nothing is there"},
        304: {"description": "Unchanged"},
    }
}


def tile(request: HttpRequest, content: bytes, seconds: int) -> HttpResponse:
    """A vector tile, kept by the browser alone: 204 where there is nothing, 304 for the one that the caller has."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    known = request.headers.get("If-None-Match") == tag
    response = HttpResponse(status=304) if known else HttpResponse(content, status=200 if content else 204, content_type=MVT)
    response["ETag"], response["Cache-Control"] = tag, f"private, max-age={seconds}"
    return response


def check_tile(z: int, x: int, y: int) -> None:
    """Raises Invalid for a tile that does not exist (zoom 0 to 22)."""
    if not (0 <= z <= 22 and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise invalid("tile", "没有这张瓦片", "there is no such tile")


def actor_of(request: HttpRequest) -> Any:
    """The accounts.rules.Actor that the door's authentication found."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise Unauthenticated()
    return actor
