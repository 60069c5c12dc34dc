"""Codes are given out by the rule in force, each once; a city's rule changes from a day on."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.errors import FieldError, Forbidden, Invalid, invalid
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.models import CodingRule
from jingwei.registry.rules import rooms as rules

Kind = Literal["building", "room"]
_TABLES = {"building": "registry_building", "room": "registry_room"}
# In the order of their names, so that two that give at once wait and do not lock each other out.
_GIVE = """
insert into registry_givennumber as g (kind, within, last)
select %s, w, n from unnest(%s::text[], %s::int[]) t(w, n) order by w
on conflict (kind, within) do update set last = g.last + excluded.last
returning within, last"""


def rule_on(kind: Kind, day: date) -> tuple[dict[str, Any], ...]:
    """The parts of the rule in force on a day; where the city has chosen none, the shipped one's."""
    found = CodingRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), kind=kind, valid_from__lte=day).first()
    return tuple(found.parts) if found else tuple(dict(part) for part in rules.DEFAULT.of(kind))


def give_numbers(kind: str, within: Sequence[str]) -> dict[str, int]:
    """The first of as many fresh numbers as each name stands in `within`. Until the transaction ends, nobody else is given any there."""
    wanted = Counter(within)
    found = db.rows(_GIVE, [kind, list(wanted), list(wanted.values())])
    return {name: last - wanted[name] + 1 for name, last in found}


def give_codes(kind: Kind, day: date, facts: Sequence[rules.Facts]) -> list[str | T]:
    """A code for each, or why there is none; in two statements, whatever their number. A code that another rule gave before is passed over."""
    parts = rule_on(kind, day)
    drafts = [rules.draft(parts, one) for one in facts]
    codes: list[str | T] = [one if isinstance(one, T) else "" for one in drafts]
    while waiting := [(i, one) for i, one in enumerate(drafts) if codes[i] == "" and not isinstance(one, T)]:
        last = {before: n - 1 for before, n in give_numbers(kind, [one.before for _, one in waiting]).items()}
        for i, one in waiting:
            last[one.before] += 1
            codes[i] = rules.code_of(one, last[one.before])
        made = [code for i, _ in waiting if isinstance(code := codes[i], str)]
        taken = {code for (code,) in db.rows(f"select code from {_TABLES[kind]} where code = any(%s) and code <> ''", [made])} if made else set()
        for i, _ in waiting:
            if codes[i] in taken:
                codes[i] = ""
    return codes


@transaction.atomic
def change_coding_rule(*, actor: Actor, at: datetime, kind: Kind, name: str, standard: str, parts: Sequence[dict[str, Any]], valid_from: date) -> CodingRule:
    """Codes of `kind` are made of `parts` from a day on, today at the earliest; those given before stay. One that was announced for a later
    day is replaced. For the system administrator."""
    if actor is not SYSTEM and "system_admin" not in actor.roles:
        raise Forbidden()
    if faults := rules.rule_faults(kind, parts):
        raise Invalid(errors=[FieldError(f"parts.{i}", why) for i, why in faults])
    today = localdate(at)
    if valid_from < today:
        raise invalid("valid_from", "只能从今天或以后起生效", "it can hold from today on, not earlier")
    db.run("select pg_advisory_xact_lock(hashtextextended('coding_rule.' || %s, 0))", [kind])
    values = {"name": name, "standard": standard, "parts": list(parts), "valid_from": valid_from}
    CodingRule.objects.filter(kind=kind, valid_from__gte=valid_from).delete()  # announced, or of the same day: the log keeps it
    CodingRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), kind=kind).update(valid_to=valid_from)
    made = CodingRule.objects.create(kind=kind, **values)
    record("coding_rule.changed", actor=actor, at=at, subject_type="coding_rule", subject_key=kind, data=values | {"valid_from": str(valid_from)})
    return made
