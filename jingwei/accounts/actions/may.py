"""Who may administer what: one question for units and places, one for people."""

from django.db.models import Q
from django.utils.timezone import localdate

from jingwei.accounts.models import Person
from jingwei.accounts.rules import ADMINISTRATORS, SYSTEM, Actor
from jingwei.kit.codes import is_place
from jingwei.kit.errors import Forbidden, NotFound, invalid
from jingwei.kit.text import T


def may_administer(actor: Actor, area: str, *roles: str) -> None:
    """The program itself (installation, the demonstration) or one of `roles` over `area`; else Forbidden."""
    if actor is not SYSTEM and not actor.roles_at(area) & set(roles):
        raise Forbidden()


def check_area(area: str) -> None:
    if not is_place(area):
        raise invalid("area", "区划代码无效", "not the code of an area")


def lasting_grants(person: Person) -> list[tuple[str, str]]:
    """(role, area) of what the person holds today or is to hold."""
    today = localdate()
    found = person.grants.filter(Q(period__contains=today) | Q(period__startswith__gt=today))
    return list(found.values_list("role", "area"))


def is_over(actor: Actor, person: Person, *roles: str) -> bool:
    """Whether `actor` has one of `roles` over the person's area and over everything that the person holds: nobody takes over or shuts out
    somebody who stands higher. Oneself is never below oneself."""
    if actor is SYSTEM:
        return True
    areas = {person.area, *(area for _, area in lasting_grants(person))}
    return actor.id != person.pk and all(actor.roles_at(area) & set(roles) for area in areas)


def may_reset(actor: Actor, person: Person) -> bool:
    """A system administrator gives one-time passwords, but an administrator's only another of the same kind: whoever knows a password can
    log in by it, and would be two of the three."""
    kinds = {role for role, _ in lasting_grants(person)} & set(ADMINISTRATORS)
    return is_over(actor, person, *(kinds or {"system_admin"}))


def someone(actor: Actor, person_id: int, *, lock: bool = True) -> Person:
    """A person whom the actor may see, locked. NotFound."""
    people = Person.objects.select_for_update(no_key=True) if lock else Person.objects.all()
    found: Person | None = (people if actor is SYSTEM else people.visible_to(actor)).filter(pk=person_id).first()
    if found is None:
        raise NotFound(T("没有这个人", "no such person"))
    return found
