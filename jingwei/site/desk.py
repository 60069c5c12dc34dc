"""The desk is one page: every address that isn't a file of it answers with that page, and the page finds its way."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponseBase:
    """index.html of the built desk, never cached, so that a new build is seen at once."""
    try:
        answer: HttpResponseBase = FileResponse((settings.DESK / "index.html").open("rb"), content_type="text/html; charset=utf-8")
    except FileNotFoundError:
        answer = HttpResponse("网页尚未构建 · The desk has not been built: make demo\n", status=503, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
