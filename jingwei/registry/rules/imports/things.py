"""Rows about organisations and pledges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jingwei.kit.text import T
from jingwei.registry.rules.components import CodeFault, read_code
from jingwei.registry.rules.imports.kinds import KINDS, ORGANISATION_KINDS, ORGANISATION_STATUSES
from jingwei.registry.rules.imports.rows import RowFault, choice, day, digits, each, fault, short
from jingwei.registry.rules.imports.shapes import shape_of
from jingwei.registry.rules.numbers import NumberFault, identity, telephone, uscc
from jingwei.registry.rules.organisations import industry_fault
from jingwei.registry.rules.pledges import KINDS as PLEDGES
from jingwei.registry.rules.pledges import term_fault

ORGANISATION, PLEDGE = KINDS["organisations"], KINDS["pledges"]
_PLEDGE_WORDS = {word: code for code, title in PLEDGES.items() for word in (code, title.zh, title.en)} | {
    "房屋租赁安全": "landlord",
    "出租房屋": "landlord",
    "消防": "fire",
}


def _number(read: Any) -> Any:
    """A reader of numbers as a reader of cells."""

    def taken(text: str) -> str:
        try:
            found: str = read(digits(text))
        except NumberFault as wrong:
            raise RowFault(wrong.why) from None
        except CodeFault as wrong:
            raise RowFault(wrong.why) from None
        return found

    return taken


def _industry(text: str) -> str:
    if wrong := industry_fault(text.strip().upper()):
        raise RowFault(wrong)
    return text.strip().upper()


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    number: int
    uscc: str
    name: str
    facts: Mapping[str, Any]
    contact: str
    phone: str
    address: str
    room: str
    shape: str
    first: date


def read_organisation(line: int, said: Mapping[str, str], crs: str, today: date) -> OrganisationRow:
    """Raises RowFault."""
    facts = each(
        ORGANISATION,
        said,
        {
            "uscc": _number(uscc),
            "name": lambda t: short(" ".join(t.split()), 120),
            "kind": lambda t: ORGANISATION_KINDS.get(t, "enterprise" if "公司" in t else "other"),
            "status": lambda t: choice(ORGANISATION_STATUSES, t),
            "industry": _industry,
            "contact": lambda t: short(t, 60),
            "phone": _number(telephone),
            "address": lambda t: short(t, 200),
            "from_date": day,
        },
    )
    if not facts.get("name"):
        raise fault(ORGANISATION, "name", T("没有填写", "is missing"))
    shape = ""
    if said.get("lon") or said.get("lat"):
        try:
            shape, _ = shape_of(said, crs)
        except RowFault as wrong:
            raise fault(ORGANISATION, "lon", wrong.why) from None
    own: dict[str, Any] = {k: facts[k] for k in ("name", "kind", "status", "industry") if k in facts}
    first = facts.get("from_date") or today
    assert isinstance(first, date)
    return OrganisationRow(
        line, str(facts.get("uscc", "")), str(facts["name"]), own, str(facts.get("contact", "")), str(facts.get("phone", "")), str(facts.get("address", "")),
        said.get("room", ""), shape, first,
    )  # fmt: skip


def _code(text: str) -> str:
    try:
        read_code(text)
    except CodeFault as wrong:
        raise RowFault(wrong.why) from None
    return text.strip()


@dataclass(frozen=True, slots=True)
class PledgeRow:
    line: int
    number: str
    kind: str
    title: str
    uscc: str
    identity: str
    address: str
    room: str
    component: str
    signed: date
    first: date
    last: date


def read_pledge(line: int, said: Mapping[str, str], today: date) -> PledgeRow:
    """Without an end it holds a year. Raises RowFault."""
    facts = each(
        PLEDGE,
        said,
        {
            "number": lambda t: short(t, 40),
            "kind": lambda t: _PLEDGE_WORDS.get(t) or _PLEDGE_WORDS.get(t.removesuffix("责任书"), "other"),
            "title": lambda t: short(t, 120),
            "uscc": _number(uscc),
            "identity": _number(lambda t: identity(t, today=today).number),
            "component": lambda t: _code(digits(t)),
            "signed_date": day,
            "from_date": day,
            "to_date": day,
        },
    )
    signed = facts.get("signed_date")
    if not isinstance(signed, date):
        raise fault(PLEDGE, "signed_date", T("没有填写", "is missing"))
    first = facts.get("from_date") or signed
    last = facts.get("to_date") or date.fromordinal(signed.toordinal() + 364)
    assert isinstance(first, date) and isinstance(last, date)
    if wrong := term_fault(signed, first, last, today):
        raise fault(PLEDGE, {"last_date": "to_date", "first_date": "from_date"}.get(wrong[0], wrong[0]), wrong[1])
    if not facts.get("uscc") and not facts.get("identity"):
        raise fault(PLEDGE, "uscc", T("没有签订人：请填写统一社会信用代码或证件号码", "nobody has signed it: give the credit code or the identity number"))
    kind = str(facts.get("kind", "other"))
    title = str(facts.get("title", "")) or said.get("kind", "")[:120] or PLEDGES[kind].zh
    return PledgeRow(
        line, str(facts.get("number", "")), kind, title, str(facts.get("uscc", "")), str(facts.get("identity", "")), said.get("address", "")[:200],
        said.get("room", ""), str(facts.get("component", "")), signed, first, last + timedelta(days=1),
    )  # fmt: skip
