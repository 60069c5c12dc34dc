"""Addresses: the API, health, and everything else to the desk."""

from django.urls import URLPattern, URLResolver, re_path

from jingwei.site.desk import page

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^(?!api/|static/|assets/).*$", page),
]
