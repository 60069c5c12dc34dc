"""Several people at once, from a table: each row is taken or refused on its own, and a dry run says what would come of it."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from jingwei.accounts.actions.grants import grant_role
from jingwei.accounts.actions.may import someone
from jingwei.accounts.actions.people import one_time_password, register_person
from jingwei.accounts.models import Person, Unit
from jingwei.accounts.rules import ROLES, Actor
from jingwei.kit.errors import Invalid, NotFound, Problem, invalid
from jingwei.kit.tables import read_table
from jingwei.kit.text import T

USERNAME = r"^[a-z0-9][a-z0-9._-]{2,59}$"
_PEOPLE = {"账号": "username", "用户名": "username", "姓名": "name", "区域": "area", "区划": "area"}
_GRANTS = {"账号": "username", "用户名": "username", "姓名": "name", "角色": "role", "区域": "area", "单位": "unit", "开始": "from", "起": "from"}
_GRANTS |= {"结束": "until", "止": "until"}
_ROLES = {word: code for code, role in ROLES.items() for word in (code, role.name.zh, role.name.en.lower())}


@dataclass(frozen=True)
class Row:
    """What came of a line. `one_time` is shown this once."""

    line: int
    username: str
    name: str
    outcome: Literal["added", "unchanged", "refused"]
    reason: T | None = None
    one_time: str | None = None


Take = Callable[[dict[str, str]], Row]


def _each(text: str, columns: dict[str, str], needed: tuple[str, ...], dry_run: bool, take: Callable[[int, dict[str, str]], Row]) -> list[Row]:
    """Each row in a savepoint of its own; a dry run undoes them all."""
    names = columns | {english: english for english in columns.values()}
    done: list[Row] = []
    with transaction.atomic():
        for line, row in read_table(text, names=names, needed=needed):
            try:
                with transaction.atomic():
                    done.append(take(line, row))
            except Problem as problem:
                reason = problem.errors[0].message if isinstance(problem, Invalid) and problem.errors else problem.message
                done.append(Row(line, row.get("username", ""), row.get("name", ""), "refused", reason))
        if dry_run:
            transaction.set_rollback(True)
    return done


@transaction.atomic
def register_people(*, actor: Actor, at: datetime, table: str, dry_run: bool) -> list[Row]:
    """Register the people of a table: username, name, area. An account that is there with that name and area is left alone."""

    def take(line: int, row: dict[str, str]) -> Row:
        username, name, area = row.get("username", ""), row.get("name", ""), row.get("area", "")
        if not re.match(USERNAME, username):
            raise invalid("username", "账号为 3 至 60 个小写字母、数字、点、横线", "3 to 60 small letters, digits, dots or dashes")
        if not 1 <= len(name) <= 60:
            raise invalid("name", "姓名为空或过长", "the name is empty or too long")
        if Person.objects.filter(username=username, name=name, area=area, is_machine=False).exists():
            return Row(line, username, name, "unchanged")
        plain = one_time_password()
        register_person(actor=actor, at=at, username=username, name=name, password=plain, area=area, check=False, one_time=True)
        return Row(line, username, name, "added", one_time=None if dry_run else plain)

    return _each(table, _PEOPLE, ("username", "name", "area"), dry_run, take)


@transaction.atomic
def grant_roles(*, actor: Actor, at: datetime, table: str, dry_run: bool) -> list[Row]:
    """Grant the roles of a table: username, role (code or name), area, unit (code or name), from, until (exclusive). What is held already
    is left alone."""
    lines = Counter[tuple[str, ...]]()

    def take(line: int, row: dict[str, str]) -> Row:
        known = Person.objects.filter(username=row.get("username", "")).first()
        try:
            person = someone(actor, known.pk if known else 0)
        except NotFound:
            raise invalid("username", f"没有账号 {row.get('username', '')}", f"no account {row.get('username', '')}") from None
        role = _ROLES.get(row.get("role", ""), _ROLES.get(row.get("role", "").lower(), ""))
        unit, area = _unit(row.get("unit", "")), row.get("area", "")
        first, until = _day(row, "from"), _day(row, "until")
        key = (person.username, role, area, row.get("unit", ""))
        lines[key] += 1
        if lines[key] == 1 and not first and person.grants.filter(role=role, area=area, unit=unit, period__contains=at.date()).exists():
            return Row(line, person.username, person.name, "unchanged")
        grant_role(actor=actor, at=at, person=person, role=role, area=area, unit=unit, from_date=first, until=until)
        return Row(line, person.username, person.name, "added")

    return _each(table, _GRANTS, ("username", "role", "area"), dry_run, take)


def _unit(said: str) -> Unit | None:
    if not said:
        return None
    found = list(Unit.objects.current().filter(code=said)) or list(Unit.objects.current().filter(name=said)[:2])
    if len(found) != 1:
        raise invalid("unit", f"没有（或不止一个）单位“{said}”", f"no unit “{said}”, or more than one")
    return found[0]


def _day(row: dict[str, str], column: str) -> date | None:
    text = row.get(column, "").replace("/", "-")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise invalid(column, f"日期应写作 2026-01-31，不是“{text}”", f"write dates as 2026-01-31, not “{text}”") from None
