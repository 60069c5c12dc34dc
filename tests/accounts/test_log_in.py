"""Logging in, locking out, tokens, and sessions that end."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils.timezone import now

from jingwei.accounts.actions import issue_token, register_person, revoke_token, set_active
from jingwei.accounts.models import Grant, Person, Token
from jingwei.accounts.rules import ADMINISTRATORS, SYSTEM
from jingwei.kit.errors import Forbidden, Invalid, Refused
from tests.api.conftest import problem
from tests.world import IN_A1, MONDAY, PASSWORD, START, World, machine_like

SESSION = "/api/v1/session"
REPORT = {"matter": "06001", "source": "hotline", "text": "路边堆放杂物", "position": {"crs": "EPSG:4326", "x": IN_A1[0], "y": IN_A1[1]}}


@pytest.fixture
def browser(world: World) -> Client:
    """A browser that has opened the page: it has the CSRF cookie, and is held to it."""
    client = Client(enforce_csrf_checks=True)
    assert json.loads(client.get(SESSION).content) == {"person": None, "training": False} and "csrftoken" in client.cookies
    return client


def log_in(browser: Client, username: str = "acceptor", password: str = PASSWORD) -> Any:
    return browser.post(SESSION, {"username": username, "password": password}, "application/json", headers=csrf(browser))


def csrf(browser: Client) -> dict[str, str]:
    return {"X-CSRFToken": browser.cookies["csrftoken"].value}


def post(browser: Client, **headers: str) -> Any:
    return browser.post("/api/v1/cases", REPORT, "application/json", headers=headers)


def test_in_and_out(browser: Client) -> None:
    me = json.loads(log_in(browser).content)["person"]
    assert me["name"] == "acceptor甲" and me["may_open"] is True
    assert [(g["role"], g["area"], g["area_name"], g["unit"]["name"]) for g in me["grants"]] == [("acceptor", "310101", "黄浦区", "centre单位")]
    assert json.loads(browser.get(SESSION).content)["person"] == me
    assert browser.get("/api/v1/cases").status_code == 200
    assert browser.delete(SESSION, headers=csrf(browser)).status_code == 204
    problem(browser.get("/api/v1/cases"), 401)


def test_the_cookie_is_closed_to_scripts_and_to_others(browser: Client) -> None:
    log_in(browser)
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_logging_in_changes_the_session_s_key(browser: Client) -> None:
    log_in(browser)
    first = browser.cookies["sessionid"].value
    log_in(browser, "dispatcher")
    assert browser.cookies["sessionid"].value != first


def test_a_window_acts_for_nobody_else(browser: Client) -> None:
    """Somebody else logs in beside it: what the window still asks for the first person is refused, and nothing is done in the other's name."""
    first = json.loads(log_in(browser).content)["person"]["id"]
    other = json.loads(log_in(browser, "hotline_operator").content)["person"]["id"]
    assert problem(post(browser, **csrf(browser), **{"X-Person": str(first)}), 401)["code"] == "other_person"
    assert problem(browser.get("/api/v1/cases", headers={"X-Person": str(first)}), 401)["code"] == "other_person"
    assert post(browser, **csrf(browser), **{"X-Person": str(other)}).status_code == 201


def test_a_link_that_somebody_follows_is_refused_in_words(browser: Client) -> None:
    address = "/api/v1/cases/019a0000-0000-7000-8000-000000000000/file.pdf"
    said = browser.get(address, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh-CN"})
    assert said.status_code == 401 and said["Content-Type"].startswith("text/html") and "请先登录" in said.content.decode()
    assert problem(browser.get(address, headers={"Accept": "*/*"}), 401)["code"] == "unauthenticated"


def test_a_write_wants_the_page_s_token(browser: Client) -> None:
    log_in(browser)
    assert problem(post(browser), 403)["code"] == "csrf"
    assert problem(post(browser, **{"X-CSRFToken": "x" * 32}), 403)["code"] == "csrf"
    assert problem(browser.delete(SESSION), 403)["code"] == "csrf"
    assert post(browser, **csrf(browser)).status_code == 201


@pytest.mark.parametrize(
    ("username", "password"), [("acceptor", "wrong"), ("nobody", PASSWORD), ("ACCEPTOR", PASSWORD), ("acceptor ", PASSWORD), ("acceptor", PASSWORD + " ")]
)
def test_a_wrong_name_and_a_wrong_password_sound_alike(browser: Client, username: str, password: str) -> None:
    said = problem(log_in(browser, username, password), 401)
    assert (said["code"], said["detail"]) == ("wrong_password", "账号或口令不对") and "sessionid" not in browser.cookies


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(browser: Client) -> None:
    said = [log_in(browser, password="wrong").status_code for _ in range(5)]
    assert said[:4] == [401] * 4 and said[4] in (401, 429)
    assert problem(log_in(browser), 429)["code"] == "locked", "the right password does not help now"
    assert log_in(browser, "dispatcher").status_code == 200, "others are not locked out"
    AccessAttempt.objects.update(attempt_time=now() - timedelta(minutes=16))
    assert log_in(browser).status_code == 200


def test_the_right_password_forgives_four_wrong_ones(browser: Client) -> None:
    for _ in range(2):
        assert [log_in(browser, password="wrong").status_code for _ in range(4)] == [401] * 4
        assert log_in(browser).status_code == 200


def test_a_machine_has_no_password(browser: Client, world: World) -> None:
    register_person(actor=SYSTEM, at=MONDAY, username="machine", name="机器", password=None, area="31", is_machine=True)
    for password in ("", "!", "None", " "):
        assert log_in(browser, "machine", password).status_code in (401, 422)


@pytest.mark.parametrize("password", ["short", "1234567890", "password12"])
def test_a_weak_password_is_refused(db: None, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        register_person(actor=SYSTEM, at=MONDAY, username="weak", name="弱", password=password, area="31")
    assert {e.field for e in refused.value.errors} == {"password"} and not Person.objects.filter(username="weak").exists()


# -- sessions end -------------------------------------------------------------------------------------------------------------------------------


def test_an_idle_session_ends(browser: Client) -> None:
    log_in(browser)
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    problem(browser.get("/api/v1/cases"), 401)
    problem(post(browser, **csrf(browser)), 401)
    assert json.loads(browser.get(SESSION).content) == {"person": None, "training": False}


def test_a_session_in_use_lives_on_without_a_write_each_time(browser: Client) -> None:
    log_in(browser)
    browser.get("/api/v1/cases")
    Session.objects.update(expire_date=(soon := now() + timedelta(minutes=3)))
    browser.get("/api/v1/cases")
    assert Session.objects.get().expire_date == soon, "within five minutes nothing is written"
    session = browser.session
    session["seen"] = int(now().timestamp()) - 6 * 60
    session.save()
    Session.objects.update(expire_date=soon)
    browser.get("/api/v1/cases")
    assert Session.objects.get().expire_date > soon + timedelta(minutes=25)


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(browser: Client) -> None:
    log_in(browser)
    session = browser.session
    session["seen"] = int(now().timestamp()) - 6 * 60
    session.save()
    Session.objects.update(expire_date=(soon := now() + timedelta(minutes=3)))
    assert browser.get("/api/v1/cases", headers={"X-Unattended": "1"}).status_code == 200
    assert Session.objects.get().expire_date == soon
    browser.get("/api/v1/cases")
    assert Session.objects.get().expire_date > soon


def test_whoever_is_let_go_is_out_at_once(browser: Client, world: World) -> None:
    log_in(browser)
    set_active(actor=world.actor("security_admin"), at=MONDAY, person=world.people["acceptor"], active=False)
    problem(browser.get("/api/v1/cases"), 401)
    assert log_in(browser).status_code == 401
    set_active(actor=world.actor("security_admin"), at=MONDAY, person=world.people["acceptor"], active=True)
    assert log_in(browser).status_code == 200


# -- tokens -------------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def token(world: World) -> tuple[Token, str]:
    return machine_like(world.people["acceptor"], at=now())


@pytest.fixture
def knock(token: tuple[Token, str]) -> Callable[[], int]:
    return lambda: (
        Client(enforce_csrf_checks=True).post("/api/v1/cases", REPORT, "application/json", headers={"Authorization": f"Bearer {token[1]}"}).status_code
    )


def test_a_token_opens_the_door_without_a_page(knock: Callable[[], int]) -> None:
    assert knock() == 201


def test_a_token_stands_nowhere_in_the_database(token: tuple[Token, str]) -> None:
    """Neither as text nor as bytes, in no column of any table."""
    plain = token[1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'select count(*) from "{table}" t where t::text like %s or t::text like %s', [f"%{plain}%", f"%{plain.encode().hex()}%"])
            assert cursor.fetchone() == (0,), table


def test_an_expired_token(token: tuple[Token, str], knock: Callable[[], int]) -> None:
    Token.objects.update(expires_at=now() - timedelta(days=1))
    assert knock() == 401


def test_a_revoked_token(world: World, token: tuple[Token, str], knock: Callable[[], int]) -> None:
    for _ in range(2):
        revoke_token(actor=world.actor("system_admin"), at=now(), token_id=token[0].pk)
    assert knock() == 401


def test_the_tokens_of_whoever_is_let_go(world: World, token: tuple[Token, str], knock: Callable[[], int]) -> None:
    set_active(actor=SYSTEM, at=now(), person=token[0].person, active=False)
    set_active(actor=SYSTEM, at=now(), person=token[0].person, active=True)
    assert knock() == 401, "back again, one asks for a new token"


def test_a_token_is_for_a_while_and_for_a_machine(world: World, token: tuple[Token, str]) -> None:
    machine = token[0].person
    for days in (0, 731, -1):
        with pytest.raises(Invalid):
            issue_token(actor=SYSTEM, at=MONDAY, person=machine, name="x", days=days)
    for name in ("acceptor", "system_admin"):
        with pytest.raises(Refused, match="machines"):
            issue_token(actor=SYSTEM, at=MONDAY, person=world.people[name], name="x")
    with pytest.raises(Forbidden):
        issue_token(actor=world.actor("security_admin"), at=MONDAY, person=machine, name="x")


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_machine_is_an_administrator(world: World, token: tuple[Token, str], role: str) -> None:
    Grant.objects.create(person=token[0].person, role=role, area="310101", period=DateRange(START, None))
    with pytest.raises(Refused, match="administrators"):
        issue_token(actor=SYSTEM, at=MONDAY, person=token[0].person, name="x")
