"""People are registered, let in and out, and given passwords."""

import secrets
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jingwei.accounts.actions.may import check_area, is_over, may_administer, may_reset, someone
from jingwei.accounts.models import Person, Token
from jingwei.accounts.queries import PHONE, work_phone
from jingwei.accounts.rules import Actor
from jingwei.events.actions import record
from jingwei.kit import crypto
from jingwei.kit.errors import FieldError, Forbidden, Invalid, Refused
from jingwei.kit.numbers import NumberFault, telephone
from jingwei.kit.text import T

ONE_TIME = timedelta(days=3)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another


def one_time_password() -> str:
    """Twelve letters in three groups, 59 bits: read out at a telephone, written on a slip."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _hashed_lightly(password: str) -> str:
    """What is random and ends within days needs no slow hash, and 200 people are registered in a second; the first log-in hashes it anew."""
    return PBKDF2PasswordHasher().encode(password, secrets.token_hex(12), iterations=10_000)


def _check_password(password: str, person: Person, field: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid(errors=[FieldError(field, T("口令至少 10 位，不能是常用口令，不能与账号或姓名相近", m)) for m in error.messages]) from None


def _note(type: str, actor: Actor, at: datetime, person: Person, **data: object) -> None:
    record(type, actor=actor, at=at, subject_type="person", subject_key=person.pk, place=person.area, data=data)


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    at: datetime,
    username: str,
    name: str,
    password: str | None,
    area: str,
    is_machine: bool = False,
    check: bool = True,
    one_time: bool = False,
) -> Person:
    """Somebody who works in `area`. Without a password nobody can log in (machines). Invalid for a weak one. A `one_time` password opens
    three days long, and has to be changed at the first log-in."""
    may_administer(actor, area, "system_admin")
    check_area(area)
    person = Person(username=username, name=name, is_machine=is_machine, area=area)
    if password is not None and check:
        _check_password(password, person, "password")
    person.password = _hashed_lightly(password) if one_time and password and not check else make_password(password)
    person.one_time_until = at + ONE_TIME if one_time and password else None
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise Refused(T(f"账号 {username} 已存在", f"the account {username} exists")) from None
    _note("person.registered", actor, at, person, username=username)
    return person


@transaction.atomic
def rename_person(*, actor: Actor, at: datetime, person_id: int, name: str) -> Person:
    """Another name; the account stays."""
    person = someone(actor, person_id)
    if not is_over(actor, person, "system_admin"):
        raise Forbidden()
    if name != person.name:
        was, person.name = person.name, name
        Person.objects.filter(pk=person.pk).update(name=name)
        _note("person.renamed", actor, at, person, was=was, now=name)
    return person


@transaction.atomic
def set_work_phone(*, actor: Actor, at: datetime, person_id: int, phone: str) -> Person:
    """Where somebody is called at work, for call-out lists; "" takes it away. The record says that it changed, not what it is.

    Raises NotFound, Forbidden (not a system administrator over them), Refused (a machine, or somebody who is let out), Invalid (no telephone number).
    """
    person = someone(actor, person_id)
    if not is_over(actor, person, "system_admin"):
        raise Forbidden()
    if phone.strip() and (person.is_machine or not person.is_active):
        raise Refused(T("机器账号和已停用的账号没有工作电话", "a machine, or an account that is shut, has no work telephone"))
    try:
        number = telephone(phone) if phone.strip() else ""
    except NumberFault as wrong:
        raise Invalid(errors=[FieldError("work_phone", wrong.why)]) from None
    if number != work_phone(person):
        person.phone_sealed = crypto.seal(number, about=PHONE) if number else None
        Person.objects.filter(pk=person.pk).update(phone_sealed=person.phone_sealed)
        _note("person.work_phone_set" if number else "person.work_phone_removed", actor, at, person)
    return person


@transaction.atomic
def set_active(*, actor: Actor, at: datetime, person: Person, active: bool) -> Person:
    """Let somebody in or out; their tokens and work telephone end with them. Not oneself, nobody who holds more than the actor administers."""
    person = someone(actor, person.pk)
    if not is_over(actor, person, "system_admin", "security_admin"):
        raise Forbidden()
    if person.is_active == active:
        return person
    Person.objects.filter(pk=person.pk).update(is_active=active, **({} if active else {"phone_sealed": None}))
    if not active:
        Token.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at)
    person.refresh_from_db()
    _note("person.activated" if active else "person.deactivated", actor, at, person)
    return person


@transaction.atomic
def reset_password(*, actor: Actor, at: datetime, person_id: int) -> str:
    """A one-time password, shown this once; the old one and every session of the person end. Refused for machines."""
    person = someone(actor, person_id)
    if not may_reset(actor, person):
        raise Forbidden(T("不能重置此人的口令", "you may not reset this person's password"))
    if person.is_machine:
        raise Refused(T("机器账号没有口令", "a machine has no password"))
    plain = one_time_password()
    Person.objects.filter(pk=person.pk).update(password=_hashed_lightly(plain), one_time_until=at + ONE_TIME)
    AccessAttempt.objects.filter(username=person.username).delete()
    _note("password.reset", actor, at, person)
    return plain


@transaction.atomic
def change_password(*, actor: Actor, at: datetime, new: str) -> Person:
    """One's own password; the door has asked for the old one. Every other session of the person ends. Invalid for a weak one, or the same."""
    person: Person = Person.objects.select_for_update(no_key=True).get(pk=actor.id)
    if person.check_password(new):
        raise Invalid(errors=[FieldError("new", T("新口令不能与旧口令相同", "the new password is the old one"))])
    _check_password(new, person, "new")
    person.password, person.one_time_until = make_password(new), None
    Person.objects.filter(pk=person.pk).update(password=person.password, one_time_until=None)
    _note("password.changed", actor, at, person)
    return person


@transaction.atomic
def unlock_person(*, actor: Actor, at: datetime, person_id: int) -> Person:
    """Wrong passwords are forgotten: the name may try again at once (security administrator)."""
    person = someone(actor, person_id)
    if not is_over(actor, person, "security_admin"):
        raise Forbidden()
    if AccessAttempt.objects.filter(username=person.username).delete()[0]:
        _note("person.unlocked", actor, at, person)
    return person
