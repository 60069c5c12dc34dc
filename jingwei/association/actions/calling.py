"""Who is to be called when something happens here (应急联络表): the units, who serves the grids, organisations, and for those who may, residents.

It leaves the platform on paper or as a table: that is recorded, and so is each number that was shown, with the reason.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from jingwei.accounts.queries import work_phones
from jingwei.accounts.rules import READS_PEOPLE, ROLES, SYSTEM, Actor
from jingwei.areas.queries import place_names
from jingwei.association.queries import contacts_inside, panorama, people_inside, units_over
from jingwei.association.rules.shapes import Shape
from jingwei.events.actions import Happening, record_all
from jingwei.kit import crypto
from jingwei.kit.errors import Forbidden, Refused, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.kit.times import localdate

MOST_PEOPLE = 2000
MOST_ORGANISATIONS = 500
UNIT_KINDS = {"station": T("社区工作站", "Station"), "street_centre": T("街道中心", "Street centre"), "command_centre": T("指挥中心", "Command centre")}
FEWEST_LETTERS = 4


@dataclass
class CallOut:
    """The list: lines of (section, who, as what, telephone, where)."""

    area: float
    grids: list[str] = field(default_factory=list)
    lines: list[tuple[str, str, T, str, str]] = field(default_factory=list)
    numbers: int = 0


@transaction.atomic
def call_out(*, actor: Actor, at: datetime, shape: Shape, reason: str, residents: bool, form: str) -> CallOut:
    """The call-out list of a shape, for a reason. With `residents`, people and their telephones too, where the actor reads people.

    Raises Invalid (no reason), Forbidden (residents without the right), Refused (too many people: draw a smaller shape).
    """
    why = reason.strip()
    if len(set(why)) < 3 or len(why) < FEWEST_LETTERS:
        raise invalid(
            "reason", f"请写明理由，至少 {FEWEST_LETTERS} 个字；居民会看到", f"say why, in at least {FEWEST_LETTERS} letters: the residents will read it"
        )
    may = actor is SYSTEM or bool(actor.areas_of_any(READS_PEOPLE))
    if residents and not may:
        raise Forbidden(T("您的角色不能查看居民的电话", "your roles read no resident's telephone"))
    found = panorama(actor=actor, shape=shape, at=at)
    grids = [grid.code for grid in found.grids]
    made = CallOut(shape.area, [grid.name for grid in found.grids])
    units = units_over(grids)
    names = place_names({area for *_, area in units})
    made.lines += [("units", name, UNIT_KINDS[kind], "", names.get(area, area)) for _, name, kind, area in units]
    phones = work_phones(who.person for grid in found.grids for who in grid.posted)
    seen: set[tuple[str, int]] = set()
    for grid in found.grids:
        for who in grid.posted:
            if (who.role, who.person) not in seen:
                seen.add((who.role, who.person))
                made.lines.append(("posts", who.name, ROLES[who.role].name, phones.get(who.person, ""), grid.name))
    made.numbers += len(phones)
    looks = _organisations(actor, at, shape, why, made, may) + (_residents(actor, at, shape, why, made) if residents else [])
    data = {"reason": why, "form": form, "square_metres": round(shape.area), "lines": len(made.lines), "numbers": made.numbers, "residents": residents}
    data["staff"] = sorted(phones)
    place = _common(grids)
    record_all(
        [Happening(type="panorama.exported", at=at, actor=actor, subject_type="panorama", place=place, district=place[:6].ljust(6, "0"), data=data), *looks]
    )
    return made


def _organisations(actor: Actor, at: datetime, shape: Shape, why: str, made: CallOut, may: bool) -> list[Happening]:
    looks = []
    for id, name, place, contact, phone, mine in contacts_inside(actor=actor, shape=shape, on=localdate(at), size=MOST_ORGANISATIONS):
        who, number = "", ""
        if may and mine and (contact or phone):
            who = crypto.unseal(bytes(contact), about="organisation.contact") if contact else ""
            number = crypto.unseal(bytes(phone), about="organisation.phone") if phone else ""
            looks.append(_look("organisation", id, actor, at, place, {"fields": ["contact", "phone"], "purpose": "emergency", "reason": why}))
            made.numbers += 1
        made.lines.append(("organisations", f"{name} {who}".strip(), T("联系人", "contact") if who else T("单位", "organisation"), number, ""))
    return looks


def _residents(actor: Actor, at: datetime, shape: Shape, why: str, made: CallOut) -> list[Happening]:
    page = people_inside(actor=actor, shape=shape, on=localdate(at), size=MOST_PEOPLE, phones=True)
    if page.next:
        raise Refused(
            T(f"范围内超过 {MOST_PEOPLE} 人，请缩小图形", f"more than {MOST_PEOPLE} people live inside: draw a smaller shape"), code="too_many_people"
        )
    looks = []
    for one in page.items:
        number = crypto.unseal(bytes(one.phone), about="resident.phone") if one.phone else ""
        made.lines.append(("residents", one.name, T("居民", "resident"), number, one.room))
        if number:
            made.numbers += 1
            looks.append(_look("resident", one.id, actor, at, one.place, {"fields": ["phone"], "purpose": "emergency", "reason": why}))
    return looks


def _look(kind: str, id, actor: Actor, at: datetime, place: str, data: dict[str, object]) -> Happening:  # type: ignore[no-untyped-def]
    held = actor.held_as(READS_PEOPLE, place, None)
    told = data | {"role": held.role if held else "", "by": "call_out"}
    district = district_of(id) or "000000"
    return Happening(
        type=f"{kind}.unmasked",
        at=at,
        actor=actor,
        subject_type=kind,
        subject_id=id,
        place=place,
        district=district,
        data=told,
        unit_id=actor.unit_for(place),
    )


def _common(grids: list[str]) -> str:
    """The smallest place that holds all of them."""
    for digits in (15, 12, 9, 6, 4, 2):
        if len(places := {grid[:digits] for grid in grids}) == 1:
            return places.pop()
    return ""
