"""/ogc: who knocks, and how refusals are said there."""

from django.http import HttpRequest, HttpResponse

from jingwei.kit.errors import Problem, Unauthenticated
from jingwei.kit.text import T
from jingwei.registry.api import ogc
from jingwei.site.api import knock, say


def door(request: HttpRequest, path: str = "") -> HttpResponse:
    """A machine by its bearer token, or a person by their session, as at the API. Reading is all there is."""
    try:
        if request.method not in ("GET", "HEAD"):
            raise _only_reading()
        actor = knock(request)
        if not actor:
            raise Unauthenticated()
        return ogc.serve(request, actor, path)
    except Problem as problem:
        return say(request, problem)


def _only_reading() -> Problem:
    problem = Problem(T("这里只能读取", "there is only reading here"), code="method")
    problem.status = 405
    return problem
