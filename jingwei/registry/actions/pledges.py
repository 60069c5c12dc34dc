"""Pledges are signed for a term, renewed and ended; their scans are kept, and read on record where a person signed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from jingwei.accounts.rules import READS_PEOPLE, Actor
from jingwei.events.actions import record
from jingwei.kit import files
from jingwei.kit.errors import NotFound, Refused, Unsupported, invalid
from jingwei.kit.ids import district_of, new_id
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_keeps, done_before, lock_one, note, write
from jingwei.registry.actions.organisations import KEEPS_ORGANISATIONS
from jingwei.registry.models import Building, Component, Organisation, Pledge, Resident, Room
from jingwei.registry.queries import require_on
from jingwei.registry.rules import pledges as rules


@dataclass(frozen=True)
class PledgeFacts:
    """A pledge as it stands on paper. Signed by an organisation or a resident, one of both; `last_date` is the last day on which it holds."""

    kind: str
    title: str
    signed_date: date
    first_date: date
    last_date: date
    number: str = ""
    organisation_id: UUID | None = None
    resident_id: UUID | None = None
    room_id: UUID | None = None
    component_id: UUID | None = None
    building_id: int | None = None


def said(pledge: Pledge) -> dict[str, Any]:
    """How it stands, for somebody who saw an older version."""
    return {"title": pledge.title, "last_date": str(pledge.term.upper - timedelta(days=1)), "ended_date": str(pledge.ended_date or "")}


@transaction.atomic
def sign_pledge(*, actor: Actor, at: datetime, facts: PledgeFacts, source: str = "", command: str | None = None) -> Pledge:
    """A pledge is on the register, at the place of who signed it. Raises Invalid (naming the field), Forbidden, Refused (`pledge_number_taken`)."""
    if facts.kind not in rules.KINDS:
        raise invalid("kind", "没有这一类责任书", "there is no such kind")
    if not facts.title.strip():
        raise invalid("title", "请填写名称", "it has a title")
    if (facts.organisation_id is None) == (facts.resident_id is None):
        raise invalid("organisation_id", "签订人为一个单位或一位居民", "it is signed by one organisation or one resident")
    place = _place(actor, facts)
    check_keeps(actor, place, READS_PEOPLE if facts.resident_id else KEEPS_ORGANISATIONS)
    district = district_of(facts.organisation_id or facts.resident_id or UUID(int=0)) or ""
    if done := done_before(command, actor, district, "pledge.signed"):
        return Pledge.objects.get(district=district, id=done)
    if fault := rules.term_fault(facts.signed_date, facts.first_date, facts.last_date, localdate(at)):
        raise invalid(fault[0], *fault[1])
    return _sign(actor, at, facts, district, place, source, None, command)


@transaction.atomic
def renew_pledge(
    *, actor: Actor, at: datetime, pledge_id: UUID, seen_version: int, signed_date: date, first_date: date, last_date: date, number: str = ""
) -> Pledge:
    """The same is pledged for another term, after the one that stands. Answers the new pledge.

    Raises NotFound, Conflict, Forbidden, Invalid, Refused when it was ended, or renewed already.
    """
    old = lock_one(Pledge, actor, pledge_id, seen_version, said)
    check_keeps(actor, old.place, READS_PEOPLE if old.resident_id else KEEPS_ORGANISATIONS)
    if old.ended_date is not None:
        raise Refused(T("已解除的责任书不能续签，请另行签订", "what was ended is not renewed: sign another"), code="pledge_ended")
    if Pledge.objects.filter(district=old.district, previous_id=old.id).exists():
        raise Refused(T("这份责任书已经续签", "it has been renewed already"), code="pledge_renewed")
    if fault := rules.term_fault(signed_date, first_date, last_date, localdate(at)):
        raise invalid(fault[0], *fault[1])
    if first_date < old.term.upper:
        raise invalid("first_date", f"上一期到 {old.term.upper - timedelta(days=1)} 为止，新一期应在其后", "the new term begins after the one before")
    facts = PledgeFacts(
        old.kind, old.title, signed_date, first_date, last_date, number, old.organisation_id, old.resident_id, old.room_id, old.component_id, old.building_id
    )
    return _sign(actor, at, facts, old.district, old.place, old.source, old.id, None)


@transaction.atomic
def end_pledge(*, actor: Actor, at: datetime, pledge_id: UUID, seen_version: int, on: date, reason: str) -> Pledge:
    """The pledge holds no longer from `on` on, before its term is over. Raises NotFound, Conflict, Forbidden, Invalid, Refused."""
    pledge = lock_one(Pledge, actor, pledge_id, seen_version, said)
    check_keeps(actor, pledge.place, READS_PEOPLE if pledge.resident_id else KEEPS_ORGANISATIONS)
    if pledge.ended_date is not None:
        raise Refused(T("这份责任书已解除", "it was ended already"), code="pledge_ended")
    if not reason.strip():
        raise invalid("reason", "请填写解除原因", "say why it ends")
    if not pledge.signed_date <= on <= localdate(at):
        raise invalid("on", "解除日期在签订日期与今天之间", "it ends between the day of signing and today")
    pledge.ended_date, pledge.end_reason = on, reason.strip()
    pledge.version += 1
    write(pledge, "ended_date", "end_reason")
    note("pledge.ended", actor=actor, at=at, row=pledge, subject="pledge", data={"on": on, "version": pledge.version})
    return pledge


@transaction.atomic
def keep_scan(*, actor: Actor, at: datetime, pledge_id: UUID, name: str, stream: BinaryIO) -> Pledge:
    """The paper's scan, a PDF or a picture; another takes the place of the one before, which stays on record.

    Raises NotFound, Forbidden, TooLarge, Unsupported, Invalid.
    """
    pledge = lock_one(Pledge, actor, pledge_id)
    check_keeps(actor, pledge.place, READS_PEOPLE if pledge.resident_id else KEEPS_ORGANISATIONS)
    require_on("pledge", ["scan"])
    kept = files.keep(stream)
    if kept.mime not in rules.SCANS:
        raise Unsupported(T("扫描件应为 PDF 或图片", "a scan is a PDF or a picture"))
    before = pledge.scan_sha256
    pledge.scan_sha256, pledge.scan_mime, pledge.scan_name = kept.sha256, kept.mime, files.plain_name(name)
    pledge.version += 1
    write(pledge, "scan_sha256", "scan_mime", "scan_name")
    note("pledge.scanned", actor=actor, at=at, row=pledge, subject="pledge", data={"sha256": kept.sha256, "before": before, "version": pledge.version})
    return pledge


@transaction.atomic
def read_scan(*, actor: Actor, at: datetime, pledge_id: UUID) -> Pledge:
    """The pledge whose scan is about to be shown; where a person signed, that it was read stands on that person's record. Raises NotFound."""
    pledge = Pledge.objects.visible_to(actor).filter(district=district_of(pledge_id) or "", id=pledge_id).first()
    if pledge is None or not pledge.scan_sha256:
        raise NotFound(T("没有扫描件", "there is no scan"))
    if pledge.resident_id:
        record(
            "resident.pledge_read", actor=actor, at=at, subject_type="resident", subject_id=pledge.resident_id, place=pledge.place,
            district=district_of(pledge.resident_id), data={"pledge": pledge.id},
        )  # fmt: skip
    return pledge


def _sign(
    actor: Actor, at: datetime, facts: PledgeFacts, district: str, place: str, source: str, previous: UUID | None, command: str | None
) -> Pledge:  # fmt: skip
    pledge = Pledge(
        district=district,
        id=new_id(district, at),
        place=place,
        number=facts.number.strip(),
        kind=facts.kind,
        title=facts.title.strip(),
        organisation_id=facts.organisation_id,
        resident_id=facts.resident_id,
        room_id=facts.room_id,
        component_id=facts.component_id,
        building_id=facts.building_id,
        signed_date=facts.signed_date,
        term=DateRange(facts.first_date, facts.last_date + timedelta(days=1)),
        source=source,
        previous_id=previous,
    )
    written = ("number", "organisation_id", "resident_id", "room_id", "component_id", "building_id")
    require_on("pledge", {name.removesuffix("_id") for name in written if getattr(pledge, name)}, new=True)
    try:
        with transaction.atomic():
            pledge.save(force_insert=True)
    except IntegrityError as error:
        if "pledge_renewed_once" in str(error):
            raise Refused(T("这份责任书已经续签", "it has been renewed already"), code="pledge_renewed") from None
        if "pledge_number" not in str(error):
            raise
        raise Refused(T(f"编号 {pledge.number} 已有责任书", f"the number {pledge.number} is another pledge's"), code="pledge_number_taken") from None
    data = {"kind": pledge.kind, "organisation": pledge.organisation_id, "resident": pledge.resident_id, "previous": previous}
    note("pledge.signed", actor=actor, at=at, row=pledge, subject="pledge", data=data | {"until": facts.last_date}, command=command)
    return pledge


def _place(actor: Actor, facts: PledgeFacts) -> str:
    """Where the pledge stands: at its room, component or building, else where its organisation is. Raises Invalid naming what isn't there."""
    place = ""
    for field, model, id in (
        ("organisation_id", Organisation, facts.organisation_id),
        ("resident_id", Resident, facts.resident_id),
        ("component_id", Component, facts.component_id),
        ("room_id", Room, facts.room_id),
    ):
        if id is not None:
            rows: Any = model._default_manager
            row = rows.visible_to(actor).filter(district=district_of(id) or "", id=id).only("district", "id", "place").first()
            if row is None:
                raise invalid(field, "没有找到", "there is no such thing")
            place = row.place or place
    if facts.building_id is not None:
        building = Building.objects.filter(pk=facts.building_id).first()
        if building is None:
            raise invalid("building_id", "没有这个楼栋", "there is no such building")
        place = place if facts.room_id else building.place or place
    return place
