"""OGC API – Features at /ogc (OGC 17-069r4 core, GeoJSON, HTML, OpenAPI 3.0; 18-058r1 crs): read only, within one's areas, no persons.

It stands beside the other doors because the standard says its addresses, parameters and answers; `jingwei.site.ogc` knocks and says refusals.
"""

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.timezone import now

from jingwei.accounts.rules import Actor
from jingwei.kit.errors import FieldError, NotFound, Problem
from jingwei.kit.http import language
from jingwei.kit.text import T
from jingwei.registry import queries
from jingwei.registry.api.ogc_description import describe
from jingwei.registry.rules.collections import COLLECTIONS, CRS, CRS84, BadRequest, Collection, Wanted, read_crs, read_wanted

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html; charset=utf-8"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CONFORMANCE = [
    *(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson", "html", "oas30")),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
TITLE = T("经纬：地点、单位与部件", "Jingwei: places, organisations and city components")
Link = dict[str, str]


def serve(request: HttpRequest, actor: Actor, path: str) -> HttpResponse:
    """The answer to GET /ogc{path}. Raises Problem: 400 for what can't be read, NotFound."""
    base = request.build_absolute_uri("/ogc")
    parts = [part for part in path.split("/") if part]
    try:
        if parts[:1] == ["collections"] and len(parts) >= 3 and parts[2] == "items":
            collection = _collection(parts[1])
            if len(parts) == 3:
                return _items(request, actor, collection, base)
            if len(parts) == 4:
                return _item(request, actor, collection, parts[3], base)
            raise NotFound()
        pages: dict[str, Callable[[], dict[str, Any]]] = {"": lambda: _landing(request, base), "conformance": lambda: {"conformsTo": CONFORMANCE}}
        pages |= {"api": lambda: describe(base, TITLE.say(language(request)), queries.published), "collections": lambda: _collections(request, base)}
        page = "/".join(parts)
        if page in pages:
            _known(request, {"f"})
            return _answer(request, pages[page](), OPENAPI if page == "api" else JSON)
        if parts[0] == "collections" and len(parts) == 2:
            _known(request, {"f"})
            return _answer(request, _about(request, _collection(parts[1]), base), JSON)
    except BadRequest as bad:
        raise Problem(bad.message, code="bad_parameter", errors=[FieldError(bad.parameter, bad.message)]) from None
    raise NotFound()


def _known(request: HttpRequest, names: set[str]) -> None:
    for name in request.GET:
        if name not in names:
            raise BadRequest(name, f"没有参数 {name}", f"there is no parameter {name}")


def _collection(code: str) -> Collection:
    if code not in COLLECTIONS:
        raise NotFound(T(f"没有图层 {code}", f"there is no collection {code}"))
    return COLLECTIONS[code]


def _landing(request: HttpRequest, base: str) -> dict[str, Any]:
    return {
        "title": TITLE.say(language(request)),
        "description": T("只读；仅限本人区域；不含任何人员信息", "Read only, within your areas, and nothing about persons").say(language(request)),
        "links": [
            _link(base, "self", JSON, "/", request),
            _link(f"{base}?f=html", "alternate", "text/html", "HTML", request),
            _link(f"{base}/api", "service-desc", OPENAPI, "OpenAPI 3.0", request),
            _link(f"{base}/api?f=html", "service-doc", "text/html", "OpenAPI 3.0", request),
            _link(f"{base}/conformance", "conformance", JSON, "Conformance", request),
            _link(f"{base}/collections", "data", JSON, "Collections", request),
        ],
    }


def _link(href: str, rel: str, type: str, title: str, request: HttpRequest) -> Link:
    return {"href": href, "rel": rel, "type": type, "title": title, "hreflang": language(request)}


def _collections(request: HttpRequest, base: str) -> dict[str, Any]:
    here = f"{base}/collections"
    return {
        "links": [_link(here, "self", JSON, "Collections", request), _link(f"{here}?f=html", "alternate", "text/html", "HTML", request)],
        "crs": list(CRS),
        "collections": [_about(request, collection, base) for collection in COLLECTIONS.values()],
    }


def _about(request: HttpRequest, collection: Collection, base: str) -> dict[str, Any]:
    here, title = f"{base}/collections/{collection.code}", collection.title.say(language(request))
    return {
        "id": collection.code,
        "title": title,
        "itemType": "feature",
        "crs": list(CRS),
        "storageCrs": CRS84,
        "links": [
            _link(here, "self", JSON, title, request),
            _link(f"{here}?f=html", "alternate", "text/html", title, request),
            _link(f"{here}/items", "items", GEOJSON, title, request),
            _link(f"{here}/items?f=html", "items", "text/html", title, request),
        ],
    }


def _items(request: HttpRequest, actor: Actor, collection: Collection, base: str) -> HttpResponse:
    properties = queries.published(collection)
    wanted = _checked(collection, read_wanted(_single(request), properties))
    page = queries.feature_page(actor=actor, collection=collection, properties=properties, wanted=wanted)
    here = f"{base}/collections/{collection.code}"
    title = collection.title.say(language(request))
    query = {name: value for name, value in request.GET.items() if name != "f"}
    links = [
        _link(_with(f"{here}/items", query), "self", GEOJSON, title, request),
        _link(_with(f"{here}/items", query | {"f": "html"}), "alternate", "text/html", title, request),
        _link(here, "collection", JSON, title, request),
    ]
    if page.next:
        links.append(_link(_with(f"{here}/items", query | {"after": page.next}), "next", GEOJSON, title, request))
    said = {"type": "FeatureCollection", "timeStamp": f"{now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "numberReturned": len(page.features), "links": links}
    body = f'{json.dumps(said, ensure_ascii=False)[:-1]}, "features": [{",".join(page.features)}]}}'
    return _answer(request, body, GEOJSON, links, wanted.crs)


def _item(request: HttpRequest, actor: Actor, collection: Collection, id: str, base: str) -> HttpResponse:
    _known(request, {"f", "crs"})
    crs = read_crs(_single(request), "crs")
    found = queries.one_feature(actor=actor, collection=collection, id=id, crs=crs) if _can_be(id, collection.key[-1][1]) else None
    if found is None:
        raise NotFound()
    here, title = f"{base}/collections/{collection.code}", collection.title.say(language(request))
    links = [
        _link(f"{here}/items/{id}", "self", GEOJSON, title, request),
        _link(f"{here}/items/{id}?f=html", "alternate", "text/html", title, request),
        _link(here, "collection", JSON, title, request),
    ]
    return _answer(request, f'{found[:-1]}, "links": {json.dumps(links, ensure_ascii=False)}}}', GEOJSON, links, crs)


def _single(request: HttpRequest) -> dict[str, str]:
    """The parameters, each said once."""
    for name, values in request.GET.lists():
        if len(values) > 1 or any("\0" in value for value in values):
            raise BadRequest(name, "只能写一次", "it can be said once only")
    return {name: str(value) for name, value in request.GET.items()}


def _checked(collection: Collection, wanted: Wanted) -> Wanted:
    """The cursor's parts can be what they are compared with."""
    if wanted.after:
        key = queries.decode_key(wanted.after, len(collection.key))
        if not all(_can_be(part, cast) for part, (_, cast) in zip(key, collection.key, strict=True)):
            raise BadRequest("after", "翻页位置无效", "this cursor is not ours")
    return wanted


def _can_be(text: str, cast: str) -> bool:
    """Whether a text is an id of this type."""
    if cast == "bigint":
        return text.isascii() and text.isdigit() and len(text) < 19
    if cast == "uuid":
        try:
            return str(UUID(text)) == text
        except ValueError:
            return False
    return "\0" not in text


def _with(address: str, query: dict[str, Any]) -> str:
    return f"{address}?{urlencode(query)}" if query else address


def _answer(request: HttpRequest, body: dict[str, Any] | str, type: str, links: list[Link] | None = None, crs: str = "") -> HttpResponse:
    """JSON, or HTML where it was asked for (`f=html`, or a browser's Accept). Links also stand in the head, as the standard recommends."""
    form = request.GET.get("f")
    if form not in (None, "json", "html"):
        raise BadRequest("f", "只有 json 和 html", "json or html")
    if form is None:
        accepted = request.headers.get("Accept", "")
        form = "html" if "text/html" in accepted and "json" not in accepted.split("text/html")[0] else "json"
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(_page(request, text), content_type=HTML) if form == "html" else HttpResponse(text, content_type=type)
    if links:
        answer["Link"] = ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links)
    if crs:
        answer["Content-Crs"] = f"<{crs}>"
    answer["Cache-Control"], answer["Vary"] = "private, no-cache", "Accept, Accept-Language, Authorization, Cookie"
    return answer


def _page(request: HttpRequest, text: str) -> str:
    """Everything that the JSON says, its links to follow."""
    said = json.loads(text)
    links = [*said.get("links", []), *(link for one in said.get("collections", []) for link in one["links"])]
    rows = "".join(f'<li><a href="{escape(link["href"])}">{escape(link["rel"])} · {escape(link["title"])} ({escape(link["type"])})</a></li>' for link in links)
    title = escape(said.get("title") or TITLE.say(language(request)))
    return (
        f'<!doctype html><html lang="{language(request)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        f'<body style="font:14px/1.6 sans-serif;max-width:72em;margin:2em auto;padding:0 1em"><h1>{title}</h1><ul>{rows}</ul>'
        f'<pre style="white-space:pre-wrap">{escape(json.dumps(said, ensure_ascii=False, indent=1))}</pre></body></html>'
    )
