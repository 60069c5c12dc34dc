"""Is it alive, is it ready, and what does Prometheus want to know?"""

import time
from collections.abc import Callable
from functools import cache

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

registry = CollectorRegistry()
REQUESTS = Counter("jingwei_requests", "Answered requests", ["method", "status"], registry=registry)
SECONDS = Histogram("jingwei_request_seconds", "Seconds an answer took", ["method"], registry=registry)


_count = cache(REQUESTS.labels)
_time = cache(SECONDS.labels)


class Measure:
    """Counts every answer of this process, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        method = request.method or ""
        _count(method, response.status_code).inc()
        _time(method).observe(time.perf_counter() - start)
        return response


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and its tables are there; else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select number from catalogue_revision")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format: this process's answers, and what stands in the database."""
    lines = generate_latest(registry).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from cases_case where is_open), (select count(*) from cases_case where is_open and due_at < now()),"
            " (select count(*) from procrastinate_jobs where status = 'todo'), (select count(*) from procrastinate_jobs where status = 'failed')"
        )
        found = cursor.fetchone()
    for name, value in zip(("jingwei_open_cases", "jingwei_overdue_cases", "jingwei_jobs_waiting", "jingwei_jobs_failed"), found, strict=True):
        lines += f"# TYPE {name} gauge\n{name} {value}\n"
    return HttpResponse(lines, content_type=CONTENT_TYPE_LATEST)
