"""Two records turn out to be one person. Nothing is moved: one points to the other, reads follow, and taking it back is exact."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from jingwei.accounts.rules import KEEPS_REGISTER, Actor
from jingwei.events.actions import Happening, record_all
from jingwei.kit.errors import NotFound, Refused, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.registry.actions.keeping import check_keeps, check_seen
from jingwei.registry.actions.residents.holding import NOBODY, locked, residencies_of, settle, stay
from jingwei.registry.models import Resident, ToldApart
from jingwei.registry.queries.residents.places import rooms_named
from jingwei.registry.rules.residents import overlap


@transaction.atomic
def merge_residents(*, actor: Actor, at: datetime, kept: UUID, kept_version: int, other: UUID, other_version: int) -> Resident:
    """`other` is the same person as `kept`: from now on both are read as one.

    Raises NotFound, Forbidden (who keeps the register at both places), Conflict, Refused with the reason: merged already, two different identity
    cards, or permanent residencies that overlap, one of which has to end first.
    """
    if kept == other:
        raise invalid("other", "不能与自己合并", "a record is not merged with itself")
    rows = locked(actor, {kept: kept_version, other: other_version})
    keep, away = rows[kept], rows[other]
    for row in (keep, away):
        check_keeps(actor, row.place, KEEPS_REGISTER)
    both = [bytes(row.identity_index or b"") for row in (keep, away)]
    if all(both) and both[0] != both[1] and keep.identity_kind == away.identity_kind == "identity_card":
        raise Refused(
            T("两条记录的身份证号码不同，不是同一人；号码有误的请先更正", "two different identity cards are two persons: if one is wrong, correct it first"),
            code="different_people",
        )
    stays = residencies_of([kept, other])
    for mine in stays[kept]:
        if clash := overlap([stay(s) for s in stays[other]], stay(mine)):
            theirs = next(s for s in stays[other] if stay(s) == clash)
            named = rooms_named([mine.room_id, theirs.room_id])
            rooms = [named[s.room_id].label if s.room_id in named else "" for s in (mine, theirs)]
            raise Refused(
                T(
                    f"两条记录在同一时间各有常住房屋（{'、'.join(rooms)}），请先结束其中一个",
                    f"both live permanently somewhere at once ({', '.join(rooms)}): end one first",
                ),
                code="permanent_overlap",
            )
    away.merged_into = kept
    for row in (keep, away):
        row.version += 1
        row.save(update_fields=["merged_into", "version"])
    settle([kept])
    told = {"kept": str(kept), "other": str(other)}
    record_all(
        [
            Happening("resident.merged", at, actor, "resident", row.district, row.id, place=row.place, data=told, unit_id=actor.unit_for(row.place))
            for row in (keep, away)
        ]
    )
    keep.refresh_from_db()
    return keep


@transaction.atomic
def unmerge_residents(*, actor: Actor, at: datetime, other: UUID, seen_version: int) -> Resident:
    """`other` was somebody else after all: it is read on its own again, as it was. Raises NotFound, Forbidden, Conflict, Refused (not merged)."""
    found = Resident.objects.visible_to(actor).filter(district=district_of(other) or "", id=other).values_list("merged_into", flat=True).first()
    pair = Resident.objects.filter(district__in=[district_of(id) or "" for id in (other, found or other)], id__in=[other, found or other])
    rows = {row.id: row for row in pair.order_by("district", "id").select_for_update(no_key=True)}
    away = rows.get(other)
    if away is None or not Resident.objects.visible_to(actor).filter(district=away.district, id=other).exists():
        raise NotFound(NOBODY)
    check_keeps(actor, away.place, KEEPS_REGISTER)
    check_seen(away, seen_version)
    if away.merged_into is None:
        raise Refused(T("这条记录没有合并", "this record is not merged"), code="not_merged")
    kept = away.merged_into
    away.merged_into = None
    for row in rows.values():
        row.version += 1
        row.save(update_fields=["merged_into", "version"])
    settle([kept, other])
    told = {"kept": str(kept), "other": str(other)}
    record_all(
        [
            Happening("resident.unmerged", at, actor, "resident", row.district, row.id, place=row.place, data=told, unit_id=actor.unit_for(row.place))
            for row in rows.values()
        ]
    )
    away.refresh_from_db()
    return away


@transaction.atomic
def tell_apart(*, actor: Actor, at: datetime, one: UUID, other: UUID) -> None:
    """Two records that look like one person are two: they are no longer put forward. Saying it again changes nothing; they can still be merged.

    Raises NotFound, Forbidden (who keeps the register at both places), Refused (merged already).
    """
    if one == other:
        raise invalid("other", "不能与自己比较", "a record is not compared with itself")
    rows = locked(actor, {one: None, other: None})
    for row in rows.values():
        check_keeps(actor, row.place, KEEPS_REGISTER)
    first, second = sorted((one, other))
    said, new = ToldApart.objects.get_or_create(district=rows[first].district, one=first, other=second, defaults={"told_at": at})
    if not new:
        return
    record_all(
        [
            Happening(
                "resident.told_apart", said.told_at, actor, "resident", row.district, row.id, place=row.place, unit_id=actor.unit_for(row.place),
                data={"other": str(other if row.id == one else one)},
            )
            for row in rows.values()
        ]
    )  # fmt: skip
