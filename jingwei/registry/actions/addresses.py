"""Standard addresses are entered, renamed, moved, judged, ended and given other names; a former name stays, with its days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction

from jingwei.accounts.rules import KEEPS_REGISTER, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import coords, db
from jingwei.kit.codes import is_place
from jingwei.kit.errors import FieldError, Invalid, NotFound, Refused, invalid
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.actions.keeping import check_keeps, check_seen, lock_many
from jingwei.registry.models import Address, AddressAlias
from jingwei.registry.queries.addresses import subject
from jingwei.registry.rules import addresses as rules


@dataclass(frozen=True)
class NewAddress:
    """What is said of a new node. `x`, `y` with `crs` where its point is known."""

    kind: str
    name: str
    parent_id: int | None = None
    place: str = ""
    code: str = ""
    crs: coords.Crs = "EPSG:4326"
    x: float | None = None
    y: float | None = None
    source: str = ""


def _locked(actor: Actor, address_id: int, seen: int | None = None, *, keeps: bool = True) -> Address:
    """The standing node, locked. NotFound; Forbidden outside the area that the actor `keeps`; Conflict with the present state."""
    rows = Address.objects.all() if actor is SYSTEM or actor.held else Address.objects.none()
    row: Address = lock_many(rows, [address_id])[address_id]
    if keeps:
        check_keeps(actor, row.place, KEEPS_REGISTER)
    check_seen(row, seen, **present(row))
    if row.valid_to is not None:
        raise Refused(T("地址已废止，不能再改", "the address has ended and can't be changed"), code="address_ended")
    return row


def present(row: Address) -> dict[str, Any]:
    """The state that a conflict carries."""
    return {k: getattr(row, k) for k in ("id", "parent_id", "kind", "name", "standard", "place", "code", "status", "version")}


def _note(type: str, actor: Actor, at: datetime, row: Address, **data: Any) -> None:
    record(
        f"address.{type}", actor=actor, at=at, subject_type="address", subject_id=subject(row.pk), subject_key=row.pk, place=row.place,
        data={"standard": row.standard} | data,
    )  # fmt: skip


def _twice(name: str) -> Refused:
    return Refused(
        T(f"同一上级下已有“{name}”（或写法不同的同一名称）", f"“{name}” stands here already, perhaps written otherwise"),
        code="address_twice",
        errors=[FieldError("name", T("已有同名地址", "this name is taken"))],
    )


def _name(name: str, field: str = "name", longest: int = rules.NAME) -> str:
    tidy = rules.tidy(name)
    if fault := rules.name_fault(tidy, longest):
        raise Invalid(errors=[FieldError(field, fault)])
    return tidy


def _whole(parent: Address | None, name: str) -> str:
    whole = (parent.standard if parent else "") + name
    if len(whole) > rules.WHOLE:
        raise invalid("name", f"连同上级超过 {rules.WHOLE} 字", f"with what stands above it is longer than {rules.WHOLE} characters")
    return whole


@transaction.atomic
def enter_address(*, actor: Actor, at: datetime, new: NewAddress) -> Address:
    """A node below another, or a street, estate or village at the top of a place. Refused where its name stands there already, in whatever writing."""
    name = _name(new.name)
    parent = _locked(actor, new.parent_id, keeps=False) if new.parent_id is not None else None  # a street is its district's, a number on it the community's
    if fault := rules.kind_fault(new.kind, parent.kind if parent else None):
        raise Invalid(errors=[FieldError("kind", fault)])
    place = new.place or (parent.place if parent else "")
    if not is_place(place) or len(place) < 6:
        raise invalid("place", "须为区县以下的区划或网格代码", "the code of a district, or of what lies in one")
    if parent and not (place.startswith(parent.place) or parent.place.startswith(place)):
        raise invalid("place", "不在上级地址所在的区划内", "lies outside the place of the address above")
    check_keeps(actor, place, KEEPS_REGISTER)
    crs, point = _point(new)
    whole = _whole(parent, name)
    row = Address(
        parent=parent, kind=new.kind, name=name, standard=whole, key=rules.normal(whole), code=new.code.strip(), place=place,
        point=point, crs=crs, source=new.source, valid_from=localdate(at),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "address_code" in str(error):
            raise invalid("code", "编码已被使用", "the code is taken") from None
        raise _twice(name) from None
    _note("entered", actor, at, row, kind=new.kind)
    return row


def _point(new: NewAddress) -> tuple[str, Point | None]:
    if new.x is None or new.y is None:
        return "EPSG:4326", None
    try:
        lon, lat = coords.to_wgs84(new.crs, new.x, new.y)
    except ValueError:
        raise invalid("position", "坐标超出经纬度范围", "the position lies outside longitude and latitude") from None
    return new.crs if new.crs == "EPSG:4490" else "EPSG:4326", Point(lon, lat, srid=4326)


@transaction.atomic
def rename_address(*, actor: Actor, at: datetime, address_id: int, name: str, seen_version: int | None = None) -> Address:
    """Another name; all below follow, and so do the keys of the rooms. What it was called stays as a former name with its days."""
    row = _locked(actor, address_id, seen_version)
    name = _name(name)
    if name == row.name:
        return row
    before = row.standard
    _carry(row, row.parent, name, at)
    _note("renamed", actor, at, row, before=before)
    return row


@transaction.atomic
def move_address(*, actor: Actor, at: datetime, address_id: int, parent_id: int | None, seen_version: int | None = None) -> Address:
    """Below another node, with all that stands below it; its whole former name stays. Refused below itself."""
    db.rows("select pg_advisory_xact_lock(hashtext('address tree'))")  # two moves at once could make a ring
    row = _locked(actor, address_id, seen_version)
    parent = _locked(actor, parent_id) if parent_id is not None else None
    if parent_id == row.parent_id:
        return row
    if fault := rules.kind_fault(row.kind, parent.kind if parent else None):
        raise Invalid(errors=[FieldError("parent", fault)])
    if parent and parent.pk in {below for below, _, _ in _subtree(row.pk)}:
        raise invalid("parent", "上级不能是它自己或它的下级", "an address can't stand below itself")
    if parent and not (row.place.startswith(parent.place) or parent.place.startswith(row.place)):
        raise invalid("parent", "新上级在另一处区划", "that address lies in another place")
    before = row.standard
    _carry(row, parent, row.name, at)
    _note("moved", actor, at, row, before=before)
    return row


_SUBTREE = """
with recursive below as (
  select id, name, standard, 0 depth from registry_address where id = %s
  union all select a.id, a.name, a.standard, depth + 1 from registry_address a join below b on a.parent_id = b.id where depth < 20)
select id, name, standard from below"""
_FOLLOW = """
update registry_address a set standard = n.standard, key = n.key, version = version + 1
  from unnest(%s::bigint[], %s::text[], %s::text[]) n(id, standard, key) where a.id = n.id"""
# A room's key begins with that of its building's address.
_ROOMS = """
update registry_room r set address_key = left(n.after || substr(r.address_key, length(n.before) + 1), 200), version = r.version + 1
  from unnest(%s::bigint[], %s::text[], %s::text[]) n(id, before, after) join registry_building b on b.address_id = n.id
 where r.building_id = b.id and r.address_key ^@ n.before and r.address_key <> ''"""


def _subtree(address_id: int) -> list[tuple[int, str, str]]:
    return [(id, name, standard) for id, name, standard in db.rows(_SUBTREE, [address_id])]


def _carry(row: Address, parent: Address | None, name: str, at: datetime) -> None:
    """`row` under `name` below `parent`; all below it follow, the former name is kept."""
    today, before, key = localdate(at), row.standard, row.key
    whole = _whole(parent, name)
    below = _subtree(row.pk)
    after = [whole + standard[len(before) :] for _, _, standard in below]
    if any(len(one) > rules.WHOLE for one in after):
        raise invalid("name", f"下级地址会超过 {rules.WHOLE} 字", f"an address below would be longer than {rules.WHOLE} characters")
    try:
        with transaction.atomic():
            Address.objects.filter(pk=row.pk).update(name=name, parent=parent)
            ids, keys = [id for id, _, _ in below], [rules.normal(one) for one in after]
            db.run(_FOLLOW, [ids, after, keys])
            db.run(_ROOMS, [ids, [rules.normal(standard) for _, _, standard in below], keys])
    except IntegrityError:
        raise _twice(name) from None
    last = AddressAlias.objects.filter(address=row, kind="former").order_by("-valid_to").values_list("valid_to", flat=True).first()
    AddressAlias.objects.filter(address=row, key=rules.normal(whole)).delete()  # it bears this name again
    if rules.normal(whole) != key:
        AddressAlias.objects.update_or_create(
            address=row, key=key, defaults={"name": before, "kind": "former", "valid_from": last or row.valid_from, "valid_to": today}
        )
    row.refresh_from_db()


@transaction.atomic
def end_address(*, actor: Actor, at: datetime, address_id: int, reason: str, seen_version: int | None = None) -> Address:
    """The address is no more (AB 废弃). Refused while something stands below it or a building is registered at it."""
    row = _locked(actor, address_id, seen_version)
    if not 0 < len(reason.strip()) <= 200:
        raise invalid("reason", "请写明原因，至多 200 字", "say why, in at most 200 characters")
    if Address.objects.filter(parent=row, valid_to__isnull=True).exists():
        raise Refused(T("还有下级地址，请先逐一处理", "addresses stand below it: see to them first"), code="address_in_use")
    if row.buildings.filter(period__endswith__isnull=True).exists():
        raise Refused(T("有楼栋登记在此地址，请先改登", "a building is registered at it: move it first"), code="address_in_use")
    row.valid_to = max(localdate(at), date.fromordinal(row.valid_from.toordinal() + 1))
    Address.objects.filter(pk=row.pk).update(valid_to=row.valid_to, status="AB", version=row.version + 1)
    _note("ended", actor, at, row, reason=reason.strip())
    row.refresh_from_db()
    return row


@transaction.atomic
def judge_address(*, actor: Actor, at: datetime, address_id: int, status: str, seen_version: int | None = None) -> Address:
    """What was found on the spot (GB/T 37149): OC in use, IN inconsistent, UN unverified. AB comes by ending it."""
    row = _locked(actor, address_id, seen_version)
    if status not in rules.STATUSES or status == "AB":
        raise invalid("status", "应为 OC、IN 或 UN", "OC, IN or UN")
    if status != row.status:
        before = row.status
        Address.objects.filter(pk=row.pk).update(status=status, version=row.version + 1)
        _note("judged", actor, at, row, before=before, status=status)
        row.refresh_from_db()
    return row


@transaction.atomic
def add_alias(*, actor: Actor, at: datetime, address_id: int, name: str, kind: str = "popular", source: str = "") -> AddressAlias:
    """Another name of the whole address. Refused where it has it already."""
    row = _locked(actor, address_id)
    name = _name(name, longest=rules.WHOLE)
    if kind not in rules.ALIAS_KINDS:
        raise invalid("kind", "没有这种别名", "there is no such kind of name")
    key = rules.normal(name)
    if key == row.key:
        raise _twice(name)
    try:
        with transaction.atomic():
            alias = AddressAlias.objects.create(address=row, name=name, key=key, kind=kind, source=source, valid_from=localdate(at))
    except IntegrityError:
        raise _twice(name) from None
    _note("alias_added", actor, at, row, alias=name, kind=kind)
    return alias


@transaction.atomic
def drop_alias(*, actor: Actor, at: datetime, address_id: int, alias_id: int) -> None:
    """A name that was entered by mistake. A former name is history and stays."""
    row = _locked(actor, address_id)
    alias = AddressAlias.objects.filter(pk=alias_id, address=row).first()
    if alias is None:
        raise NotFound()
    if alias.kind == "former" and alias.valid_to is not None:
        raise Refused(T("曾用名是历史，不能删除", "a former name is history and stays"), code="alias_is_history")
    alias.delete()
    _note("alias_dropped", actor, at, row, alias=alias.name)
