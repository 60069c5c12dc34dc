"""Addresses: the API, health, and everything else to the desk."""

from django.urls import URLPattern, URLResolver, path, re_path

from jingwei.site.api import api
from jingwei.site.desk import page
from jingwei.site.health import alive, metrics, ready
from jingwei.site.ogc import door as ogc
from jingwei.site.plates import plate

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    re_path(r"^ogc(?P<path>(/.*)?)$", ogc),
    path("healthz", alive),
    path("readyz", ready),
    path("metrics", metrics),
    path("q/<str:link>", plate),
    re_path(r"^(?!api/|static/|assets/).*$", page),
]
