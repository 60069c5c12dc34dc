"""Logging in and out. It stands here because a person's areas have their names above the accounts."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.timezone import now
from ninja import Router
from ninja.utils import check_csrf

from jingwei.accounts.api import find_actor
from jingwei.accounts.models import Person
from jingwei.accounts.queries import actor_of_person, unit_names
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.accounts.schemas import LoginIn, SessionOut, me_out
from jingwei.areas.queries import place_names
from jingwei.events.actions import record
from jingwei.kit.errors import Forbidden, TooMany, Unauthenticated
from jingwei.kit.schemas import PROBLEMS
from jingwei.kit.text import T

router = Router(tags=["session"])


def _session(actor: Actor | None) -> SessionOut:
    if actor is None:
        return SessionOut(person=None)
    return SessionOut(person=me_out(actor, place_names({h.area for h in actor.held}), unit_names(actor)))


def _note(type: str, actor: Actor, data: dict[str, str]) -> None:
    """Coming and going is on the record, also who was turned away (GB/T 22239 8.1.4.3)."""
    record(type, actor=actor, at=now(), subject_type="session", subject_key=actor.id or "", data=data)


@router.get("/session", response={200: SessionOut, **PROBLEMS}, auth=None, summary="Who is logged in")
def get_session(request: HttpRequest) -> SessionOut:
    get_token(request)
    return _session(find_actor(request))


@router.post("/session", response={200: SessionOut, **PROBLEMS}, auth=None, summary="Log in; five wrong passwords lock for a quarter of an hour")
def log_in(request: HttpRequest, body: LoginIn) -> SessionOut:
    person = authenticate(request, username=body.username, password=body.password)
    locked = getattr(request, "axes_locked_out", False)
    if locked or person is None:
        # What is no account's name may be a password typed into the wrong field: it is not kept.
        known = Person.objects.filter(username=body.username).exists()
        _note("session.locked" if locked else "session.refused", SYSTEM, {"username": body.username if known else "?"})
    if locked:
        raise TooMany(T("连续输错口令，已锁定 15 分钟", "too many wrong passwords: locked for 15 minutes"), code="locked")
    if person is None:
        raise Unauthenticated(T("账号或口令不对", "wrong name or password"), code="wrong_password")
    login(request, person)
    actor = actor_of_person(person.pk)
    _note("session.opened", actor or SYSTEM, {"username": body.username})
    return _session(actor)


@router.delete("/session", response={204: None, **PROBLEMS}, auth=None, summary="Log out")
def log_out(request: HttpRequest) -> HttpResponse:
    if request.session.get("_auth_user_id") and check_csrf(request):
        raise Forbidden(code="csrf")
    if actor := find_actor(request):
        _note("session.closed", actor, {})
    logout(request)
    return HttpResponse(status=204)
