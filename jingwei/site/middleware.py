"""What every answer carries, and how long a session lives."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]

# Nothing comes from another host. MapLibre starts its worker from a blob; Element Plus sets style attributes.
CONTENT_SECURITY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SLIDE = 5 * 60


class Headers:
    """The headers that Django's own SecurityMiddleware doesn't set."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a host that is not ours, on every address
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response


class IdleSession:
    """Puts the end of a session off while it is used, with one write in five minutes instead of one a request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and "_auth_user_id" in session and time.time() - session.get("seen", 0) > SLIDE:
            session["seen"] = int(time.time())
        return response
