"""The API put together: every package's doors, who may knock, and how refusals are said (RFC 9457)."""

import json
import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.html import escape
from django.utils.timezone import now
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jingwei.accounts.api import find_actor
from jingwei.accounts.api import router as accounts
from jingwei.administration.api import router as administration
from jingwei.areas.api import router as areas
from jingwei.association.api import router as association
from jingwei.cases.api import router as cases
from jingwei.cases.models import Case
from jingwei.cases.schemas import row_out
from jingwei.catalogue.api import router as catalogue
from jingwei.events.api import router as events
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, Problem, TooLarge, Unauthenticated
from jingwei.kit.http import language
from jingwei.kit.text import T
from jingwei.registry.api import router as registry
from jingwei.site.live import router as live
from jingwei.site.parser import StrictParser
from jingwei.site.session import router as session

log = logging.getLogger("jingwei")


def knock(request: HttpRequest) -> Any:
    """Ninja's authentication: the actor, also kept on the request. Whoever came in by a one-time password first chooses another."""
    actor = find_actor(request)
    if actor and actor.must_change:
        raise Forbidden(T("请先修改一次性口令", "change the one-time password first"), code="change_password")
    request.actor = actor  # type: ignore[attr-defined]
    return actor


class Api(NinjaAPI):
    """Ninja describes every answer as application/json; refusals are problem details. Addresses stand in their own order."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        schema["paths"] = dict(sorted(schema["paths"].items()))
        for doors in schema["paths"].values():
            for door in doors.values():
                for status, said in door["responses"].items():
                    if int(status) >= 400 and "application/json" in said.get("content", {}):
                        said["content"] = {"application/problem+json": said["content"]["application/json"]}
        return schema


api = Api(
    title="经纬 Jingwei",
    version="1",
    urls_namespace="v1",
    auth=knock,
    parser=StrictParser(),
    docs_url=None,
    description="Community grid service. Every error is a problem detail (RFC 9457) that names the field.",
)
# Addresses are looked for in this order: the busiest first.
for router in (cases, session, catalogue, areas, registry, accounts, administration, association, events, live):
    api.add_router("", router)


# What a person sees who opens a file's address and may not, or no longer: words instead of a document for programs.
PAGE = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
    '<title>{title}</title><body style="font:16px/1.6 sans-serif;max-width:36em;margin:20vh auto;padding:0 1em">'
    '<h1 style="font-size:1.4em">{title}</h1><p>{detail}</p><p><a href="/">{desk}</a></p></body></html>'
)


def say(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as application/problem+json in the caller's language."""
    tongue = language(request)
    body: dict[str, Any] = {
        "type": f"urn:jingwei:problem:{problem.code}",
        "title": problem.title.say(tongue),
        "status": problem.status,
        "detail": problem.message.say(tongue),
        "code": problem.code,
        "errors": [{"field": e.field, "message": e.message.say(tongue)} for e in problem.errors],
    }
    for key, value in problem.extra.items():
        body[key] = json.loads(row_out(value, now()).model_dump_json()) if isinstance(value, Case) else value
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if request.method == "GET" and request.headers.get("Accept", "").startswith("text/html"):  # a link that somebody follows: a file, a print
        words = {key: escape(body[key]) for key in ("title", "detail")}
        return HttpResponse(PAGE.format(lang=tongue, desk="打开工作台" if tongue == "zh" else "Open the desk", **words), status=problem.status, headers=headers)
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str),
        status=problem.status,
        content_type="application/problem+json; charset=utf-8",
        headers=headers,
    )


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return say(request, problem)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return say(request, Unauthenticated())


@api.exception_handler(Http404)
def _nowhere(request: HttpRequest, _error: Http404) -> HttpResponse:
    return say(request, NotFound())


@api.exception_handler(ValidationError)
def _wrong_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return say(request, Invalid(errors=[FieldError(_path(e["loc"]), _words(e)) for e in error.errors]))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):  # the parser's own words
        return say(request, error.__cause__)
    problem = Problem(T("请求的内容无法解析", f"the request can't be read: {error.message}"), code="unreadable")
    problem.status = error.status_code
    return say(request, problem)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return say(request, TooLarge())


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnicodeDecodeError)
def _garbled(request: HttpRequest, _error: Exception) -> HttpResponse:
    return say(request, Problem(T("请求的内容无法解析（请用 UTF-8）", "the request can't be read (UTF-8 is expected)"), code="unreadable"))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("%s %s", request.method, request.path, exc_info=error)
    problem = Problem(T("系统出错，已记录；请稍后再试", "something broke and was recorded; try again later"), code="internal")
    problem.status, problem.title = 500, T("系统出错", "Internal error")
    return say(request, problem)


def _path(loc: tuple[Any, ...]) -> str:
    """Ninja puts the source first, and for a body or a filter its parameter's name: a caller knows only the fields inside. Where a field may be one of several
    things Pydantic also says which was tried (`literal['']`)."""
    source, *parts = (part for part in map(str, loc) if "[" not in part)
    if source == "query":  # flat: the last name, without the place in a list
        return [part for part in parts if not part.isdigit()][-1]
    return ".".join(parts[1:] if source == "body" else parts) or "body"


_KINDS = {
    "missing": T("必须填写", "required"),
    "extra_forbidden": T("没有这一项", "there is no such field"),
    "string_too_long": T("文字过长", "too long"),
    "string_too_short": T("不能为空", "too short"),
    "json_invalid": T("不是有效的 JSON", "not valid JSON"),
}


def _words(error: dict[str, Any]) -> T:
    known = _KINDS.get(error["type"])
    return T(known.zh if known else "格式或取值不对", error.get("msg", known.en if known else "wrong"))
