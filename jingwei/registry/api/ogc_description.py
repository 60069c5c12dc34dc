"""The OpenAPI 3.0 description of /ogc: written here, since the standard prescribes it (17-069r4, 10)."""

from collections.abc import Callable, Mapping
from typing import Any

from jingwei.registry.rules.collections import COLLECTIONS, CRS, CRS84, DEFAULT_LIMIT, MOST, Collection, Property

_F = {"name": "f", "in": "query", "required": False, "schema": {"type": "string", "enum": ["json", "html"]}, "style": "form", "explode": False}
_CRS = {"name": "crs", "in": "query", "required": False, "schema": {"type": "string", "format": "uri", "enum": list(CRS), "default": CRS84}}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "required": False,
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    "style": "form",
    "explode": False,
}
_BBOX = {
    "name": "bbox",
    "in": "query",
    "required": False,
    "schema": {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": {"type": "number"}},
    "style": "form",
    "explode": False,
}
_DATETIME = {"name": "datetime", "in": "query", "required": False, "schema": {"type": "string"}, "style": "form", "explode": False}
_AFTER = {"name": "after", "in": "query", "required": False, "schema": {"type": "string"}, "description": "from a link `next`"}


def describe(base: str, title: str, published: Callable[[Collection], Mapping[str, Property]]) -> dict[str, Any]:
    """The document; `published` answers the properties of a collection, each of which is a parameter that asks for equality."""
    paths: dict[str, Any] = {
        "/": _get("The landing page", [_F]),
        "/conformance": _get("What of the standard is kept", [_F]),
        "/api": _get("This document", [_F]),
        "/collections": _get("The collections", [_F]),
    }
    for collection in COLLECTIONS.values():
        at = f"/collections/{collection.code}"
        equal = [{"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in published(collection)]
        paths[at] = _get(f"The collection {collection.title.en}", [_F])
        paths[f"{at}/items"] = _get(
            f"Features of {collection.title.en}", [_LIMIT, _BBOX, _CRS | {"name": "bbox-crs"}, _CRS, _DATETIME, _AFTER, _F, *equal], "application/geo+json"
        )
        key = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        paths[f"{at}/items/{{featureId}}"] = _get(f"One feature of {collection.title.en}", [key, _CRS, _F], "application/geo+json", "404")
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1", "license": {"name": "AGPL-3.0-or-later"}},
        "servers": [{"url": base}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}, "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}},
            "schemas": {"Problem": {"type": "object", "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "code")}}},
        },
    }


def _get(summary: str, parameters: list[dict[str, Any]], type: str = "application/json", *more: str) -> dict[str, Any]:
    problem = {"description": "A problem detail (RFC 9457)", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    ok = {"description": "The answer", "content": {type: {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}}
    return {"get": {"summary": summary, "parameters": parameters, "responses": {"200": ok} | dict.fromkeys(("400", "401", *more), problem)}}
