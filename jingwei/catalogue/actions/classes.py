"""A city's own classes, one by one: added below a class, changed and switched off from a day on. What a national standard lists is not changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from jingwei.accounts.rules import Actor
from jingwei.catalogue.actions.editing import Revised, cease, check_seen, compared, empty, finish, first_day, refuse, succeed
from jingwei.catalogue.actions.loading import begin_edit
from jingwei.catalogue.actions.matters import FIXED
from jingwei.catalogue.models import Edition, Matter, Module
from jingwei.catalogue.rules.codes import faults_of_code, next_code
from jingwei.catalogue.rules.values import MATTER_KINDS, is_national
from jingwei.events.actions import record
from jingwei.kit.errors import NotFound, Refused
from jingwei.kit.text import T
from jingwei.kit.times import localdate


@dataclass(frozen=True, slots=True)
class MatterDraft:
    """A class as somebody writes it. `module` by its code."""

    name: str
    module: str


@transaction.atomic
def open_edition(*, actor: Actor, at: datetime, code: str, name: str, source: str, valid_from: date | None = None) -> Edition:
    """An edition of the city's own, to which classes are added one by one. Invalid for a code that is taken or a national standard's."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    faults = empty(code=code, name=name, source=source)
    if is_national(code):
        faults.append(("code", T("国家标准整份载入，不能在这里新建", "a national standard is loaded whole, not written here")))
    if Edition.objects.filter(code=code.strip()).exists():
        faults.append(("code", T(f"已有版本 {code}", f"there is an edition {code}")))
    refuse(faults)
    edition = Edition.objects.create(code=code.strip(), name=name.strip(), source=source.strip(), valid_from=day)
    data = {"code": edition.code, "name": edition.name, "source": edition.source, "from": day}
    record("edition.opened", actor=actor, at=at, subject_type="edition", subject_key=edition.code, data=data)
    return edition


@transaction.atomic
def add_matter(
    *,
    actor: Actor,
    at: datetime,
    edition: str,
    kind: str,
    major: str,
    draft: MatterDraft,
    code: str = "",
    major_name: str = "",
    valid_from: date | None = None,
    dry_run: bool = False,
) -> Revised[Matter]:
    """A class of the city's own below the major class `major`, from a day on (by default today). Without a code it gets the next free one;
    a major class that no edition has yet needs its name. Invalid names what is wrong at its field."""
    begin_edit(actor)
    day = first_day(at, valid_from)
    home = Edition.objects.filter(code=edition).first()
    standing = Matter.objects.ever().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=localdate(at)), kind=kind)
    taken = set(standing.values_list("code", flat=True))
    known = Matter.objects.filter(major_code=major).order_by("-valid_from").values_list("major_name", flat=True).first()
    code = code.strip() or next_code(major, [*taken, *Matter.objects.filter(edition=home, kind=kind).values_list("code", flat=True)])
    faults = [*_faults(draft), *(("code", fault) for fault in (faults_of_code(code, major, taken) if major else ()))]
    if home is None:
        faults.append(("edition", T(f"没有版本 {edition}", f"there is no edition {edition}")))
    elif is_national(home.code):
        faults.append(("edition", FIXED))
    elif (home.valid_to and home.valid_to <= day) or day < home.valid_from:
        faults.append(("edition", T(f"版本 {edition} 在 {day} 不在用", f"the edition {edition} is not in use on {day}")))
    if kind not in MATTER_KINDS:
        faults.append(("kind", T("种类应为事项或部件", "the kind is event or component")))
    if not major:
        faults.append(("major", T("请选择大类", "choose a major class")))
    elif known is None and not major_name.strip():
        faults.append(("major", T(f"没有大类 {major}", f"there is no major class {major}")))
    refuse(faults)
    assert home
    row = Matter.objects.create(
        edition=home,
        kind=kind,
        code=code,
        major_code=major,
        major_name=known or major_name.strip(),
        valid_from=day,
        valid_to=home.valid_to,
        **_written(draft),
    )
    return _done("matter.added", Revised(row, day, compared(None, shown_matter(row))), actor, at, dry_run)


@transaction.atomic
def change_matter(
    *, actor: Actor, at: datetime, edition: str, kind: str, code: str, seen: str, draft: MatterDraft, valid_from: date | None = None, dry_run: bool = False
) -> Revised[Matter]:
    """The class under another name or in another module, from a day on; cases keep the row they were opened with. Conflict when it was changed
    since it was `seen`."""
    begin_edit(actor)
    row, day = _standing(edition, kind, code, at, seen), first_day(at, valid_from)
    refuse(_faults(draft))
    was = shown_matter(row)
    held = succeed(row, _written(draft), day, localdate(at))
    return _done("matter.changed", Revised(held, day, compared(was, shown_matter(held))), actor, at, dry_run)


@transaction.atomic
def end_matter(
    *, actor: Actor, at: datetime, edition: str, kind: str, code: str, seen: str, valid_to: date | None = None, dry_run: bool = False
) -> Revised[Matter]:
    """No case is opened under the class from a day on (by default today); running ones go on."""
    begin_edit(actor)
    row, day = _standing(edition, kind, code, at, seen), first_day(at, valid_to, "valid_to")
    was = shown_matter(row)
    cease(row, day)
    row.refresh_from_db()
    return _done("matter.ended", Revised(row, day, compared(was, shown_matter(row))), actor, at, dry_run)


def standing_matter(edition: str, kind: str, code: str, today: date) -> Matter:
    """The newest row of a class that has not ended. NotFound."""
    found = Matter.objects.ever().select_related("edition", "module").filter(edition__code=edition, kind=kind, code=code).order_by("-valid_from").first()
    if found is None or (found.valid_to and found.valid_to <= today):
        raise NotFound(T(f"版本 {edition} 里没有在用的 {code} 类", f"the edition {edition} has no class {code} in use"))
    return found


def shown_matter(row: Matter) -> dict[str, Any]:
    """The class as an event, a conflict and a comparison tell it."""
    return {
        "edition": row.edition.code,
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "major": row.major_code,
        "module": row.module.code,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _standing(edition: str, kind: str, code: str, at: datetime, seen: str) -> Matter:
    row = standing_matter(edition, kind, code, localdate(at))
    if is_national(edition):
        raise Refused(FIXED, code="national_standard")
    check_seen(row, seen, shown_matter(row))
    return row


def _faults(draft: MatterDraft) -> list[tuple[str, T]]:
    faults = []
    if not draft.name.strip():
        faults.append(("name", T("请写名称", "write the name")))
    if not Module.objects.filter(code=draft.module).exists():
        faults.append(("module", T(f"没有业务板块 {draft.module}", f"there is no module {draft.module}")))
    return faults


def _written(draft: MatterDraft) -> Mapping[str, Any]:
    return {"name": draft.name.strip(), "module_id": Module.objects.get(code=draft.module).pk}


def _done(type: str, what: Revised[Matter], actor: Actor, at: datetime, dry_run: bool) -> Revised[Matter]:
    row = what.row
    return finish(type, what, actor, at, dry_run, subject=("matter", f"{row.edition.code} {row.code}"), shown=shown_matter(row))
