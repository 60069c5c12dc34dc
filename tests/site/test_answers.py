"""What every answer carries, and how the desk's one page is served."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def desk(tmp_path: Path, settings: Any) -> Path:
    settings.DESK = tmp_path
    (tmp_path / "index.html").write_text("<!doctype html><title>经纬</title>")
    return tmp_path


@pytest.mark.parametrize("address", ["/", "/cases/0190", "/queue?light=red", "/intake/"])
def test_every_address_of_the_desk_is_its_one_page(client: Client, desk: Path, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "经纬" in b"".join(answer).decode()
    assert answer["Cache-Control"] == "no-cache"
    assert "csrftoken" in answer.cookies


@pytest.mark.parametrize("address", ["/assets/gone.js", "/static/gone.css"])
def test_a_missing_file_is_not_the_page(client: Client, desk: Path, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_page_is_not_written_to(client: Client, desk: Path) -> None:
    assert client.post("/").status_code == 405


def test_an_unbuilt_desk_says_what_to_do(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DESK = tmp_path / "nowhere"
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make demo" in answer.content.decode()


def test_nothing_may_come_from_another_host(client: Client, desk: Path) -> None:
    answer = client.get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "http" not in policy and "*" not in policy and "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_an_unknown_host_is_refused(client: Client, desk: Path) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
