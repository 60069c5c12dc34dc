"""The address of the database, and the secrets."""

from pathlib import Path

import pytest

from jingwei.site import env


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://u:p%40ss@db.example:5433/city", {"USER": "u", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433", "NAME": "city"}),
        ("postgres://jingwei@/jingwei?host=%2Frun%2Fpg", {"USER": "jingwei", "HOST": "/run/pg", "PORT": "", "NAME": "jingwei"}),
        ("postgis://localhost", {"USER": "", "HOST": "localhost", "NAME": "jingwei"}),
        ("postgresql://h/x?sslmode=require", {"HOST": "h", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_an_address_becomes_settings(url: str, wanted: dict[str, object]) -> None:
    entry = env.database(url)
    assert {key: entry[key] for key in wanted} == wanted


@pytest.mark.parametrize("url", ["mysql://h/x", "x", "sqlite:///x"])
def test_another_engine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="postgresql"):
        env.database(url)


def test_a_secret_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "VAR", tmp_path)
    first = env.secret("secret")
    assert env.secret("secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["secret"]
