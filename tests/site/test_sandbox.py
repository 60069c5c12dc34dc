"""The training sandbox: apart from everything else, and thrown away whole."""

import fcntl

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from jingwei.site import sandbox


def filled(place):
    place.mkdir()
    (place / sandbox.MARK).touch()
    (place / "files").mkdir()
    (place / "files" / "picture").write_text("x")
    return place


def test_it_lives_in_surroundings_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://the/real/one")
    monkeypatch.setenv("SECRET_KEY", "the real one")
    monkeypatch.delenv("PORT", raising=False)
    env = sandbox.surroundings(tmp_path)
    assert env["JINGWEI_VAR"] == str(tmp_path) and env["JINGWEI_TRAINING"] == "1" and env["PORT"] == sandbox.PORT
    assert "DATABASE_URL" not in env and "SECRET_KEY" not in env


def test_destroying_removes_it_whole_and_nothing_else(tmp_path):
    beside = tmp_path / "files"
    beside.mkdir()
    (beside / "real").write_text("kept")
    place = filled(tmp_path / "sandbox")
    assert sandbox.destroy(place) is True
    assert not place.exists() and (beside / "real").read_text() == "kept"
    assert sandbox.destroy(place) is False


def test_a_folder_that_it_did_not_make_is_left_alone(tmp_path):
    place = filled(tmp_path / "sandbox")
    (place / sandbox.MARK).unlink()
    for refused in (lambda: sandbox.destroy(place), lambda: sandbox.start([], place)):
        with pytest.raises(sandbox.Refused):
            refused()
    assert (place / "files" / "picture").exists()
    link = tmp_path / "link"
    link.symlink_to(filled(tmp_path / "elsewhere"))
    with pytest.raises(sandbox.Refused):
        sandbox.destroy(link)
    assert (tmp_path / "elsewhere" / "files" / "picture").exists()


def test_while_it_runs_it_is_not_destroyed(tmp_path):
    place = filled(tmp_path / "sandbox")
    with (place / ".cluster-users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with pytest.raises(sandbox.Refused, match="Ctrl-C"):
            sandbox.destroy(place)
    assert (place / "files" / "picture").exists()


def test_a_wrong_word_is_answered_with_what_there_is():
    with pytest.raises(sandbox.Refused, match="destroy"):
        sandbox.command(["destory"])


def test_outside_a_sandbox_nothing_is_filled():
    with pytest.raises(CommandError, match="jingwei sandbox"):
        call_command("run_sandbox")


@pytest.mark.django_db
def test_the_session_says_whether_it_is_training():
    assert Client().get("/api/v1/session").json()["training"] is False
    with override_settings(TRAINING=True):
        assert Client().get("/api/v1/session").json()["training"] is True
