"""What comes in at most, what every answer carries, and how long a session lives."""

import time
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from jingwei.kit.errors import NotFound, Problem, TooLarge, Unauthenticated
from jingwei.kit.files import MOST_BYTES
from jingwei.kit.sheets.values import MOST_BYTES as MOST_IMPORTED
from jingwei.kit.text import T
from jingwei.site.api import say

Next = Callable[[HttpRequest], HttpResponse]

# Nothing comes from another host. MapLibre starts its worker from a blob; Element Plus sets style attributes.
CONTENT_SECURITY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY),
    ("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()"),
    ("X-Frame-Options", "DENY"),
)
SLIDE = 5 * 60
UPLOADS = {"/api/v1/files": MOST_BYTES, "/api/v1/imports": MOST_IMPORTED}
LIVE = "/api/v1/live"  # asked for by the page, time and again
ENVELOPE = 64 * 1024  # what multipart puts around a file


class Bounds:
    """Refuses a body that is too large before a byte of it is read; one that doesn't say its length has none that could be bounded."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            problem = Problem(T("请求须写明长度（Content-Length）", "the request must tell its length (Content-Length)"), code="length_required")
            problem.status = 411
            return say(request, problem)
        length = request.META.get("CONTENT_LENGTH") or "0"
        upload = UPLOADS.get(request.path_info)
        most = upload + ENVELOPE if upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not (length.isascii() and length.isdigit() and len(length) < 20 and int(length) <= most):
            return say(request, TooLarge(T(f"请求超过 {most >> 20} MB", f"the request is larger than {most >> 20} MB")))
        return self.get_response(request)


class Problems:
    """Every refusal under /api/ is a problem document, also where Django or Ninja refuse before a door is reached."""

    SAY: ClassVar[dict[int, Problem]] = {401: Unauthenticated(), 404: NotFound(T("没有这个地址", "there is nothing at this address")), 413: TooLarge()}

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path_info.startswith("/api/") or "problem+json" in response.headers.get("Content-Type", ""):
            return response
        said = say(request, self.SAY.get(response.status_code) or self._problem(response.status_code))
        if "Allow" in response.headers:
            said["Allow"] = response["Allow"]
        return said

    @staticmethod
    def _problem(status: int) -> Problem:
        match status:
            case 405:
                problem = Problem(T("这个地址不支持此方法", "this address does not take that method"), code="method_not_allowed")
            case s if s >= 500:
                problem = Problem(T("系统出错，已记录；请稍后再试", "something broke and was recorded; try again later"), code="internal")
            case _:
                problem = Problem(code="unreadable")
        problem.status = status
        return problem


class Headers:
    """The headers that Django's own SecurityMiddleware doesn't set."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a host that is not ours, on every address
        response = self.get_response(request)
        for name, value in HEADERS:
            response[name] = value
        return response


class Sessions(SessionMiddleware):
    """Django's sessions; the end of one is put off while it is used, with one write in five minutes instead of one a request. What a page asks
    for by itself, while nobody touches it (`X-Unattended`), is no use."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        attended = "HTTP_X_UNATTENDED" not in request.META and request.path_info != LIVE
        if attended and session.accessed and "_auth_user_id" in session and time.time() - session.get("seen", 0) > SLIDE:
            session["seen"] = int(time.time())
        return super().process_response(request, response)
