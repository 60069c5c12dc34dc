"""Logging in and out. It stands here because a person's areas have their names above the accounts."""

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.timezone import now
from ninja import Router
from ninja.utils import check_csrf

from jingwei.accounts.actions import change_password
from jingwei.accounts.api import find_actor
from jingwei.accounts.models import Person
from jingwei.accounts.queries import actor_of_person, unit_names
from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.accounts.schemas import LoginIn, PasswordIn, SessionOut, me_out
from jingwei.areas.queries import place_names
from jingwei.events.actions import record
from jingwei.kit.errors import Forbidden, TooMany, Unauthenticated, invalid
from jingwei.kit.schemas import PROBLEMS
from jingwei.kit.text import T

router = Router(tags=["session"])


def _session(actor: Actor | None) -> SessionOut:
    if actor is None:
        return SessionOut(person=None, training=settings.TRAINING)
    return SessionOut(person=me_out(actor, place_names({h.area for h in actor.held}), unit_names(actor)), training=settings.TRAINING)


def _note(type: str, actor: Actor, data: dict[str, str]) -> None:
    """Coming and going is on the record, also who was turned away (GB/T 22239 8.1.4.3)."""
    record(type, actor=actor, at=now(), subject_type="session", subject_key=actor.id or "", data=data)


@router.get("/session", response={200: SessionOut, **PROBLEMS}, auth=None, summary="Who is logged in")
def get_session(request: HttpRequest) -> SessionOut:
    get_token(request)
    return _session(find_actor(request))


def _known(request: HttpRequest, username: str, password: str) -> Person:
    """Whose password this is. Unauthenticated for a wrong one; TooMany after five."""
    person = authenticate(request, username=username, password=password)
    locked = getattr(request, "axes_locked_out", False)
    if locked or person is None:
        # What is no account's name may be a password typed into the wrong field: it is not kept.
        known = Person.objects.filter(username=username).exists()
        _note("session.locked" if locked else "session.refused", SYSTEM, {"username": username if known else "?"})
    if locked:
        raise TooMany(T("连续输错口令，已锁定 15 分钟", "too many wrong passwords: locked for 15 minutes"), code="locked")
    if person is None:
        raise Unauthenticated(T("账号或口令不对", "wrong name or password"), code="wrong_password")
    return person


@router.post("/session", response={200: SessionOut, **PROBLEMS}, auth=None, summary="Log in; five wrong passwords lock for a quarter of an hour")
def log_in(request: HttpRequest, body: LoginIn) -> SessionOut:
    person = _known(request, body.username, body.password)
    if person.one_time_until and person.one_time_until <= now():
        _note("session.refused", SYSTEM, {"username": body.username})
        raise Unauthenticated(T("一次性口令已过期，请再要一个", "the one-time password has run out: ask for another"), code="one_time_over")
    login(request, person)
    actor = actor_of_person(person.pk)
    _note("session.opened", actor or SYSTEM, {"username": body.username})
    return _session(actor)


@router.post("/session/password", response={200: SessionOut, **PROBLEMS}, auth=None, summary="Change my password; my other sessions end")
def change_my_password(request: HttpRequest, body: PasswordIn) -> SessionOut:
    actor = find_actor(request)
    person = Person.objects.filter(pk=actor.id, is_machine=False).first() if actor else None
    if actor is None or person is None:
        raise Unauthenticated()
    try:
        _known(request, person.username, body.old)
    except Unauthenticated:
        raise invalid("old", "现在的口令不对", "this is not your present password") from None
    changed = change_password(actor=actor, at=now(), new=body.new)
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = changed.get_session_auth_hash()  # this session goes on
    return _session(actor_of_person(person.pk))


@router.delete("/session", response={204: None, **PROBLEMS}, auth=None, summary="Log out")
def log_out(request: HttpRequest) -> HttpResponse:
    if request.session.get("_auth_user_id") and check_csrf(request):
        raise Forbidden(code="csrf")
    if actor := find_actor(request):
        _note("session.closed", actor, {})
    logout(request)
    return HttpResponse(status=204)
