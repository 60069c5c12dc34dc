"""Who is asking, and what they hold today."""

import hashlib
from typing import Any

import orjson
from django.conf import settings

from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import Actor, Held
from jingwei.kit import db

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

_BY_PERSON = f"select p.id, p.name, {_HELD} from accounts_person p where p.id = %s and p.is_active"


def _actor(found: tuple[Any, ...] | None) -> Actor | None:
    if found is None:
        return None
    id, name, held = found
    return Actor(id=id, name=name, held=tuple(Held(*h) for h in orjson.loads(held or "[]")))


def actor_of_token(token: str) -> Actor | None:
    """The machine behind a bearer token, with its roles, in one statement; None for an unknown or ended one."""
    return _actor(db.row(_BY_TOKEN, [hashlib.sha256(token.encode()).digest()]))


def actor_of_person(person_id: int) -> Actor | None:
    """The person with the roles held today, in one statement; None when deactivated."""
    return _actor(db.row(_BY_PERSON, [person_id]))


def units_named(text: str, *, kind: str | None = None, limit: int = 50) -> list[Unit]:
    """Units at work whose name or code contains `text`, those that begin with it first."""
    found = Unit.objects.current().filter(name__icontains=text) if text else Unit.objects.current()
    if kind:
        found = found.filter(kind=kind)
    return sorted(found.order_by("path")[: limit * 4], key=lambda u: (not u.name.startswith(text), u.path))[:limit]


def people_page(*, actor: Actor, text: str = "", after: int = 0, size: int = 50) -> list[Person]:
    """People whom the actor may see, in order of id, `size` from `after` on, with their grants."""
    found = Person.objects.visible_to(actor).filter(pk__gt=after)
    if text:
        found = found.filter(name__icontains=text) | found.filter(username__icontains=text)
    return list(found.order_by("pk").prefetch_related("grants__unit")[:size])


def unit_names(actor: Actor) -> dict[int, str]:
    """The names of the units in which an actor holds roles."""
    return dict(Unit.objects.filter(pk__in=[h.unit_id for h in actor.held if h.unit_id]).values_list("pk", "name"))
