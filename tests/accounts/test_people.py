"""People come in by a one-time password, are let in and out, and are looked up; several at once from a table."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import localdate, now

from jingwei.accounts.actions import grant_role, register_people, register_person, reset_password, set_active
from jingwei.accounts.models import Grant, Person
from jingwei.accounts.queries import work_phones
from jingwei.accounts.rules import SYSTEM
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden, Invalid, NotFound, Refused
from tests.api.conftest import Caller, problem, rows_everywhere
from tests.world import FAR, MONDAY, PASSWORD, A, World

SESSION = "/api/v1/session"
OWN = "wujinzhi-zhi-9"


def body(answer: Any) -> Any:
    assert answer.status_code < 300, answer.content
    return json.loads(answer.content)


class Browser:
    """Somebody's browser, held to the CSRF token."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.get(SESSION)

    def post(self, path: str, data: Any) -> Any:
        return self.client.post(path, data, "application/json", headers={"X-CSRFToken": self.client.cookies["csrftoken"].value})

    def log_in(self, username: str, password: str) -> Any:
        return self.post(SESSION, {"username": username, "password": password})

    def change(self, old: str, new: str) -> Any:
        return self.post(SESSION + "/password", {"old": old, "new": new})


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser()


@pytest.fixture
def newcomer(caller: Callable[..., Caller], world: World) -> dict[str, Any]:
    """Registered by the system administrator, granted a role by the security administrator."""
    person = body(caller("system_admin")("POST", "/people", {"username": "new.comer", "name": "新来的", "area": A}))
    body(caller("security_admin")("POST", f"/people/{person['id']}/grants", {"role": "station_clerk", "area": A, "unit": world.units["station"].pk}))
    return person  # type: ignore[no-any-return]


# -- one-time passwords -------------------------------------------------------------------------------------------------------------------------


def test_a_one_time_password_opens_nothing_but_its_own_change(browser: Browser, newcomer: dict[str, Any]) -> None:
    me = body(browser.log_in("new.comer", newcomer["one_time_password"]))["person"]
    assert me["must_change_password"] is True
    assert problem(browser.client.get("/api/v1/cases"), 403)["code"] == "change_password"
    me = body(browser.change(newcomer["one_time_password"], OWN))["person"]
    assert me["must_change_password"] is False and browser.client.get("/api/v1/cases").status_code == 200
    problem(Browser().log_in("new.comer", newcomer["one_time_password"]), 401)
    assert body(Browser().log_in("new.comer", OWN))["person"]["name"] == "新来的"


def test_a_one_time_password_runs_out(browser: Browser, newcomer: dict[str, Any]) -> None:
    Person.objects.filter(username="new.comer").update(one_time_until=now())
    assert problem(browser.log_in("new.comer", newcomer["one_time_password"]), 401)["code"] == "one_time_over"


def test_no_password_stands_in_the_record(newcomer: dict[str, Any]) -> None:
    assert newcomer["one_time_password"] and not [e for e in Event.objects.all() if newcomer["one_time_password"] in json.dumps(e.data)]


@pytest.mark.parametrize(
    ("old", "new", "field"), [("wrong", OWN, "old"), (PASSWORD, "short", "new"), (PASSWORD, PASSWORD, "new"), (PASSWORD, "acceptor-1", "new")]
)
def test_what_is_no_change_of_a_password(browser: Browser, old: str, new: str, field: str) -> None:
    browser.log_in("acceptor", PASSWORD)
    assert {e["field"] for e in problem(browser.change(old, new), 422)["errors"]} == {field}
    assert Browser().log_in("acceptor", PASSWORD).status_code == 200


def test_wrong_old_passwords_lock_too(browser: Browser) -> None:
    browser.log_in("acceptor", PASSWORD)
    assert [browser.change("wrong", OWN).status_code for _ in range(6)][-1] == 429


def test_the_other_sessions_end_with_the_password(browser: Browser) -> None:
    elsewhere = Browser()
    for one in (browser, elsewhere):
        one.log_in("acceptor", PASSWORD)
        assert one.client.get("/api/v1/cases").status_code == 200
    assert browser.change(PASSWORD, OWN).status_code == 200
    assert (browser.client.get("/api/v1/cases").status_code, elsewhere.client.get("/api/v1/cases").status_code) == (200, 401)


def test_a_reset_ends_every_session_and_forgives(browser: Browser, world: World, caller: Callable[..., Caller]) -> None:
    browser.log_in("acceptor", PASSWORD)
    for _ in range(6):
        Browser().log_in("acceptor", "wrong")
    plain = body(caller("system_admin")("POST", f"/people/{world.people['acceptor'].pk}/password"))["one_time_password"]
    assert browser.client.get("/api/v1/cases").status_code == 401
    assert body(Browser().log_in("acceptor", plain))["person"]["must_change_password"] is True


def test_nobody_becomes_another_administrator_by_a_password(world: World) -> None:
    """Whoever knows a password can log in by it: an administrator's is given by their own kind alone."""
    for by in ("system_admin", "security_admin", "audit_admin"):
        for whose in ("system_admin", "security_admin", "audit_admin"):
            with pytest.raises(Forbidden):
                reset_password(actor=world.actor(by), at=MONDAY, person_id=world.people[whose].pk)
    other = register_person(actor=SYSTEM, at=MONDAY, username="second.audit", name="第二", password=None, area="31")
    grant_role(actor=SYSTEM, at=MONDAY, person=other, role="audit_admin", area="31")
    assert reset_password(actor=world.actor("audit_admin"), at=MONDAY, person_id=other.pk)


def test_nobody_takes_over_somebody_who_stands_higher(world: World) -> None:
    """A district's administrator sees a person of the city who works in the district too, and can't shut them out."""
    local = register_person(actor=SYSTEM, at=MONDAY, username="local", name="区管", password=None, area="310101")
    grant_role(actor=SYSTEM, at=MONDAY, person=local, role="system_admin", area="310101")
    world.people["local"] = local
    grant_role(actor=SYSTEM, at=MONDAY, person=world.people["acceptor"], role="analyst", area="31")
    for act in (
        lambda: reset_password(actor=world.actor("local"), at=MONDAY, person_id=world.people["acceptor"].pk),
        lambda: set_active(actor=world.actor("local"), at=MONDAY, person=world.people["acceptor"], active=False),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        reset_password(actor=world.actor("local"), at=MONDAY, person_id=world.people["far_clerk"].pk)


def test_a_machine_has_no_password_to_reset(world: World) -> None:
    machine = register_person(actor=SYSTEM, at=MONDAY, username="m", name="机器", password=None, area="31", is_machine=True)
    with pytest.raises(Refused, match="machine"):
        reset_password(actor=world.actor("system_admin"), at=MONDAY, person_id=machine.pk)


def test_nobody_grants_themselves(world: World) -> None:
    with pytest.raises(Refused, match="themselves"):
        grant_role(actor=world.actor("security_admin"), at=MONDAY, person=world.people["security_admin"], role="shift_leader", area="310101")


def test_let_out_and_in_again(caller: Callable[..., Caller], world: World) -> None:
    path = f"/people/{world.people['analyst'].pk}/active"
    for active in (False, False, True):
        assert body(caller("security_admin")("PUT", path, {"active": active}))["is_active"] is active
    types = Event.objects.filter(type__startswith="person.").order_by("recorded_at", "id").values_list("type", flat=True)
    assert list(types)[-2:] == ["person.deactivated", "person.activated"], "let out twice is let out once"


def test_a_work_telephone_is_sealed_masked_and_ends_with_the_account(caller: Callable[..., Caller], world: World) -> None:
    worker = world.people["worker"]
    path = f"/people/{worker.pk}/work-phone"
    page = body(caller("system_admin")("PUT", path, {"work_phone": "021-1000 0007"}))
    assert page["work_phone_masked"] == "021****0007"
    kept = bytes(Person.objects.get(pk=worker.pk).phone_sealed)
    assert b"10000007" not in kept and work_phones([worker.pk, world.people["analyst"].pk]) == {worker.pk: "02110000007"}
    for other in ("security_admin", "grid_lead", "worker"):
        assert body(caller(other)("GET", f"/people/{worker.pk}"))["work_phone_masked"] == ""
    body(caller("system_admin")("PUT", path, {"work_phone": "02110000007"}))
    said = problem(caller("system_admin")("PUT", path, {"work_phone": "12345"}), 422)
    assert said["errors"][0]["field"] == "work_phone" and work_phones([worker.pk])
    [told] = Event.objects.filter(type="person.work_phone_set")
    assert "10000007" not in str(told.data), "said twice is said once, and the record holds no number"
    body(caller("security_admin")("PUT", f"/people/{worker.pk}/active", {"active": False}))
    assert work_phones([worker.pk]) == {} and Person.objects.get(pk=worker.pk).phone_sealed is None
    problem(caller("system_admin")("PUT", path, {"work_phone": "02110000007"}), 422)


def test_a_work_telephone_is_taken_away(caller: Callable[..., Caller], world: World) -> None:
    path = f"/people/{world.people['worker'].pk}/work-phone"
    for number in ("02110000007", ""):
        body(caller("system_admin")("PUT", path, {"work_phone": number}))
    assert work_phones([world.people["worker"].pk]) == {} and Event.objects.filter(type="person.work_phone_removed").count() == 1


# -- locked out ---------------------------------------------------------------------------------------------------------------------------------


def test_who_is_locked_out_is_seen_and_unlocked(browser: Browser, caller: Callable[..., Caller], world: World) -> None:
    for name in ("acceptor", "meine-katze-7"):
        for _ in range(6):
            browser.log_in(name, "wrong")
    locked = body(caller("security_admin")("GET", "/people/locked"))
    assert [p["username"] for p in locked] == ["acceptor"], "what is no name may be a password: it is not shown"
    page = body(caller("security_admin")("GET", f"/people/{locked[0]['id']}"))
    assert page["locked_until"] and "unlock" in page["may"]
    assert body(caller("security_admin")("DELETE", f"/people/{locked[0]['id']}/lock"))["locked_until"] is None
    assert browser.log_in("acceptor", PASSWORD).status_code == 200
    assert Event.objects.filter(type="person.unlocked").count() == 1
    assert AccessAttempt.objects.filter(username="acceptor").count() == 0


# -- looking up ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("role=department_clerk", {"department_clerk", "other_clerk", "far_clerk"}),
        ("role=department_clerk&area=310101", {"department_clerk", "other_clerk"}),
        ("q=other", {"other_clerk"}),
        ("q=分析", set()),
        (f"area={FAR}", {"far_worker"}),
        ("active=false", set()),
        ("machines=true", set()),
        ("role=king", set()),
    ],
)
def test_people_by_what_they_are(caller: Callable[..., Caller], query: str, names: set[str]) -> None:
    assert {p["username"] for p in body(caller("system_admin")("GET", f"/people?{query}"))} == names


def test_people_of_a_unit_and_of_those_below(caller: Callable[..., Caller], world: World) -> None:
    found = body(caller("system_admin")("GET", f"/people?unit={world.units['street'].pk}"))
    assert {p["username"] for p in found} == {"street_operator", "grid_lead", "station_clerk", "worker", "second_worker"}


def test_page_after_page_everybody_once(caller: Callable[..., Caller]) -> None:
    seen: list[str] = []
    after = 0
    while page := body(caller("system_admin")("GET", f"/people?size=4&after={after}")):
        seen += [p["username"] for p in page]
        after = page[-1]["id"]
    assert len(seen) == len(set(seen)) == Person.objects.count()


def test_a_page_shows_roles_of_all_times(caller: Callable[..., Caller], world: World) -> None:
    person = world.people["analyst"]
    grant_role(actor=SYSTEM, at=MONDAY, person=person, role="supervisor", area="310101", from_date=date(2026, 1, 1), until=date(2026, 2, 1))
    page = body(caller("security_admin")("GET", f"/people/{person.pk}"))
    assert {g["role"] for g in page["grants"]} == {"analyst", "supervisor"} and page["last_log_in"] is None
    assert [g["role"] for g in body(caller("security_admin")("GET", "/people?q=analyst"))[0]["grants"]] == ["analyst"], "the list, those that run"
    assert page["may"] == ["set_active", "grant"]
    assert body(caller("system_admin")("GET", f"/people/{person.pk}"))["may"] == ["rename", "set_work_phone", "set_active", "reset_password", "post"]


def test_whoever_was_registered_is_found_before_any_role(caller: Callable[..., Caller]) -> None:
    new = body(caller("system_admin")("POST", "/people", {"username": "bare.one", "name": "还没授权", "area": A}))
    assert body(caller("security_admin")("GET", "/people?q=bare"))[0]["id"] == new["id"]
    assert body(caller("shift_leader")("GET", "/people?q=bare")) == []


# -- several at once ----------------------------------------------------------------------------------------------------------------------------

TABLE = f"""账号\t姓名\t区域
one.new\t甲一\t{A}
two.new\t乙二\t{A}
One\t大写\t{A}
acceptor\t已有\t{A}
one.new\t甲一\t{A}
three.new\t丙三\t4403
"""


def test_a_table_of_people(world: World, caller: Callable[..., Caller]) -> None:
    # A national administrator would take all areas; this one is Shanghai's: the row of another province is refused.
    ask = caller("system_admin")
    before = rows_everywhere()
    trial = body(ask("POST", "/people/table", {"table": TABLE}))
    assert rows_everywhere() == before, "a dry run writes nothing"
    done = body(ask("POST", "/people/table", {"table": TABLE, "dry_run": False}))
    assert [r["outcome"] for r in trial["rows"]] == [r["outcome"] for r in done["rows"]] == ["added", "added", "refused", "refused", "unchanged", "refused"]
    assert (done["read"], done["added"], done["unchanged"], done["refused"]) == (6, 2, 1, 3)
    assert all(r["reason"]["zh"] and r["reason"]["en"] for r in done["rows"] if r["outcome"] == "refused")
    assert [bool(r["one_time_password"]) for r in done["rows"]] == [True, True, False, False, False, False]
    assert not any(r["one_time_password"] for r in trial["rows"])
    assert body(Browser().log_in("two.new", done["rows"][1]["one_time_password"]))["person"]["must_change_password"]
    again = body(ask("POST", "/people/table", {"table": TABLE, "dry_run": False}))
    assert (again["added"], again["unchanged"]) == (0, 3)


def test_a_table_of_roles(world: World, caller: Callable[..., Caller]) -> None:
    table = """username,role,area,unit,from,until
analyst,督查员,310101,,2026-12-01,
analyst,supervisor,310101,,2026-12-02,
analyst,department_clerk,310101,chengguan单位,,2027/01/01
acceptor,受理员,310101,centre,,
nobody,受理员,310101,,,
analyst,国王,310101,,,
analyst,analyst,4403,,,
analyst,department_lead,310101,没有的单位,,
analyst,dispatcher,310101,,明天,
"""
    ask = caller("security_admin")
    before = rows_everywhere()
    trial = body(ask("POST", "/grants/table", {"table": table}))
    assert rows_everywhere() == before
    done = body(ask("POST", "/grants/table", {"table": table, "dry_run": False}))
    outcomes = [r["outcome"] for r in done["rows"]]
    assert outcomes == [r["outcome"] for r in trial["rows"]] == ["added", "refused", "added", "unchanged", *["refused"] * 5]
    clerk = Grant.objects.get(person=world.people["analyst"], role="department_clerk")
    assert (clerk.unit, clerk.period.lower, clerk.period.upper) == (world.units["chengguan"], localdate(), date(2027, 1, 1))


@pytest.mark.parametrize("table", ["", "姓名\n甲", "账号,姓名,区域,密码\n", "账号,账号,姓名,区域", '账号,姓名,区域\n"', "账号,姓名,区域\n" + "a,b,c\n" * 501])
def test_what_is_no_table(world: World, table: str) -> None:
    with pytest.raises(Invalid) as refused:
        register_people(actor=SYSTEM, at=MONDAY, table=table, dry_run=False)
    assert {e.field for e in refused.value.errors} == {"table"}


def test_a_session_without_a_password_s_proof_is_none(browser: Browser) -> None:
    browser.log_in("acceptor", PASSWORD)
    session = browser.client.session
    session["_auth_user_hash"] = "0" * 64
    session.save()
    assert browser.client.get("/api/v1/cases").status_code == 401 and Session.objects.exists()
