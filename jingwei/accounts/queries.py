"""Who is asking, what they hold today; units and people in lists and one by one."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.timezone import localdate

from jingwei.accounts.models import Grant, Person, Unit
from jingwei.accounts.rules import Actor, Held
from jingwei.kit import crypto, db
from jingwei.kit.errors import NotFound
from jingwei.kit.text import T

# The day on the wall here: the database counts in UTC.
_TODAY = f"(now() at time zone '{settings.TIME_ZONE}')::date"
_HELD = f"""
  (select jsonb_agg(jsonb_build_array(g.role, g.area, g.unit_id, coalesce(u.path, '')) order by g.id)
     from accounts_grant g left join accounts_unit u on u.id = g.unit_id
    where g.person_id = p.id and g.period @> {_TODAY})"""

_BY_TOKEN = f"""
select p.id, p.name, {_HELD}
  from accounts_token t join accounts_person p on p.id = t.person_id
 where t.digest = %s and t.revoked_at is null and t.expires_at > now() and p.is_active"""

_BY_PERSON = f"select p.id, p.name, {_HELD}, p.one_time_until is not null, p.password from accounts_person p where p.id = %s and p.is_active"


def _actor(found: tuple[Any, ...] | None) -> Actor | None:
    if found is None:
        return None
    id, name, held, *more = found
    return Actor(id=id, name=name, held=tuple(Held(*h) for h in orjson.loads(held or "[]")), must_change=bool(more and more[0]))


def actor_of_token(token: str) -> Actor | None:
    """The machine behind a bearer token, with its roles, in one statement; None for an unknown or ended one."""
    return _actor(db.row(_BY_TOKEN, [hashlib.sha256(token.encode()).digest()]))


def actor_of_person(person_id: int) -> Actor | None:
    """The person with the roles held today, in one statement; None when deactivated."""
    return _actor(db.row(_BY_PERSON, [person_id]))


def actor_of_session(person_id: int, proof: str) -> Actor | None:
    """The same for a session. `proof` is what Django made of the password when the session began: another password since, and it ended."""
    found = db.row(_BY_PERSON, [person_id])
    if found is None or not constant_time_compare(proof, Person(password=found[-1]).get_session_auth_hash()):
        return None
    return _actor(found)


# Units


def _counted(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """With `below`: how many units at work stand directly below each."""
    return units.annotate(below=Count("children", filter=Q(children__closed_date__isnull=True)))


def units_named(text: str, *, kind: str | None = None, under: int | None = None, area: str = "", closed: bool = False, limit: int = 50) -> list[Unit]:
    """Units at work (`closed`: those no longer) whose name or code contains `text`, those that begin with it first. `under`: only those
    directly below that unit, 0: those without a parent."""
    found = Unit.objects.filter(closed_date__isnull=not closed, area__startswith=area)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text))
    if kind:
        found = found.filter(kind=kind)
    if under is not None:
        found = found.filter(parent_id=under or None)
    return sorted(_counted(found).order_by("path")[: limit * 4], key=lambda u: (not u.name.startswith(text), u.path))[:limit]


@dataclass(frozen=True)
class UnitWhole:
    """A unit, those above it from the root, those below it, how many people hold a role in it today, and how many roles run or are to begin."""

    unit: Unit
    above: list[Unit]
    below: list[Unit]
    people: int
    grants: int


def unit_whole(unit_id: int) -> UnitWhole:
    """One unit with its surroundings. NotFound."""
    unit = _counted(Unit.objects.filter(pk=unit_id)).first()
    if unit is None:
        raise NotFound(T("没有这个单位", "no such unit"))
    ids = [int(part) for part in unit.path.split("/") if part]
    running = Grant.objects.filter(unit=unit).filter(_lasting())
    people = running.filter(period__contains=localdate()).aggregate(n=Count("person", distinct=True))["n"]
    return UnitWhole(
        unit=unit,
        above=list(Unit.objects.filter(pk__in=ids[:-1]).order_by("path")),
        below=list(_counted(Unit.objects.filter(parent=unit)).order_by("closed_date", "path")),
        people=people,
        grants=running.count(),
    )


def unit_names(actor: Actor) -> dict[int, str]:
    """The names of the units in which an actor holds roles."""
    return dict(Unit.objects.filter(pk__in=[h.unit_id for h in actor.held if h.unit_id]).values_list("pk", "name"))


# People


def _lasting() -> Q:
    """Grants of today and of later."""
    today = localdate()
    return Q(period__contains=today) | Q(period__startswith__gt=today)


def people_page(
    *,
    actor: Actor,
    text: str = "",
    unit: int | None = None,
    role: str = "",
    area: str = "",
    active: bool | None = None,
    machines: bool | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Person]:
    """People whom the actor may see, in order of id, `size` from `after` on, with the grants of today and later. `unit` means those who hold a
    role in it or below it, `area` those who hold one there, or are registered there."""
    found = Person.objects.visible_to(actor).filter(pk__gt=after)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    if active is not None:
        found = found.filter(is_active=active)
    if machines is not None:
        found = found.filter(is_machine=machines)
    held = Grant.objects.filter(_lasting(), person=OuterRef("pk"))
    if role:
        held = held.filter(role=role)
    if unit:
        held = held.filter(unit__in=Unit.objects.filter(path__contains=f"/{unit}/"))
    if role or unit:
        found = found.filter(Exists(held.filter(area__startswith=area)))
    elif area:
        found = found.filter(Q(area__startswith=area) | Exists(held.filter(area__startswith=area)))
    grants = Prefetch("grants", Grant.objects.filter(_lasting()).select_related("unit").order_by("pk"))
    return list(found.order_by("pk").prefetch_related(grants)[:size])


def one_person(*, actor: Actor, person_id: int) -> Person:
    """A person with all grants, past ones too, and tokens. NotFound, also for one whom the actor may not see."""
    grants = Prefetch("grants", Grant.objects.select_related("unit").order_by("-period"))
    found: Person | None = Person.objects.visible_to(actor).filter(pk=person_id).prefetch_related(grants, "tokens").first()
    if found is None:
        raise NotFound(T("没有这个人", "no such person"))
    return found


PHONE = "person.phone"  # what a work telephone is sealed for


def work_phone(person: Person) -> str:
    """Where somebody is called at work; "" where nobody has said, U+FFFD where its key is not here."""
    try:
        return crypto.unseal(bytes(person.phone_sealed), about=PHONE) if person.phone_sealed else ""
    except crypto.Unreadable:
        return "\ufffd"


def work_phones(people: Iterable[int]) -> dict[int, str]:
    """Where these people are called at work, by their ids; who has said nothing is left out. For call-out lists, which record it. One statement."""
    found = Person.objects.filter(pk__in=set(people), is_active=True, phone_sealed__isnull=False).only("phone_sealed")
    return {person.pk: work_phone(person) for person in found}


_LOCKED = """
select username, max(until) from (
    select username, max(attempt_time) + make_interval(secs => %(seconds)s) until from axes_accessattempt
     where attempt_time > now() - make_interval(secs => %(seconds)s) and (%(names)s::text[] is null or username = any(%(names)s))
     group by username, ip_address having sum(failures_since_start) >= %(most)s) l
 group by username"""


def locked_names(names: Iterable[str] | None = None) -> dict[str, datetime]:
    """Names that were given too many wrong passwords, and until when they are locked out (at some address)."""
    asked = None if names is None else list(names)
    seconds = settings.AXES_COOLOFF_TIME.total_seconds()
    return dict(db.rows(_LOCKED, {"seconds": seconds, "names": asked, "most": settings.AXES_FAILURE_LIMIT}))


def locked_people(*, actor: Actor) -> list[tuple[Person, datetime]]:
    """Who is locked out among the people whom the actor may see; a name that is nobody's is not shown, for it may be a password typed into
    the wrong field."""
    locked = locked_names()
    people = Person.objects.visible_to(actor).filter(username__in=locked).order_by("username")
    return [(person, locked[person.username]) for person in people]
