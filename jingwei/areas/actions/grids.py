"""A community's grids are adopted as one plan: inside it, without gap or overlap."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.areas import rules
from jingwei.areas.actions.postings import close_posting, post_worker
from jingwei.areas.models import CRS, Division, Grid, Posting
from jingwei.events.actions import record
from jingwei.kit import db
from jingwei.kit.codes import GRID_DIGITS
from jingwei.kit.errors import FieldError, Forbidden, Invalid, NotFound, Refused, invalid
from jingwei.kit.text import T


@dataclass(frozen=True)
class GridPlan:
    """One grid of a plan: 15-digit code, kind, name, GeoJSON geometry in degrees, its parent (micro grids), its predecessors."""

    code: str
    kind: str
    name: str
    geometry: dict[str, Any]
    parent: str | None = None
    predecessors: Sequence[str] = field(default=())


_STAGE = """
create temp table plan on commit drop as
select s.code, s.kind, s.name, s.parent, string_to_array(nullif(s.predecessors, ''), ' ')::varchar[] predecessors,
       ST_Multi(ST_Force2D(ST_SetSRID(ST_GeomFromGeoJSON(s.json), 4326))) boundary
  from unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::text[])
       s(code, kind, name, parent, predecessors, json)"""

_SHAPES = """
select 'invalid', code, ST_IsValidReason(boundary) from plan where not ST_IsValid(boundary)
union all select 'empty', code, '' from plan where ST_IsEmpty(boundary) or GeometryType(boundary) <> 'MULTIPOLYGON'"""

# Asked only where every shape is sound: PostGIS breaks off at the others.
_FAULTS = """
select 'outside', p.code, '' from plan p, areas_division c
  where c.code = %(community)s and ST_Area(ST_Difference(p.boundary, c.boundary)) > %(tolerance)s
union all select 'overlap', a.code, b.code from plan a join plan b on a.code < b.code and a.boundary && b.boundary
    and (a.kind = 'micro') = (b.kind = 'micro')
  where ST_Area(ST_Intersection(a.boundary, b.boundary)) > %(tolerance)s
union all select 'gap', %(community)s, round(gap::numeric * 1e10, 0)::text from (
    select ST_Area(ST_Difference((select boundary from areas_division where code = %(community)s),
                                 (select ST_Union(boundary) from plan where kind <> 'micro'))) gap) g
  where gap > %(tolerance)s * (select count(*) from plan)
union all select 'parent', p.code, p.parent from plan p where p.parent is not null and not exists (
    select from plan q where q.code = p.parent and q.kind <> 'micro' and ST_Area(ST_Difference(p.boundary, q.boundary)) <= %(tolerance)s)
union all select 'reused', p.code, '' from plan p join areas_grid g on g.code = p.code
  where upper(g.period) is not null or g.kind <> p.kind or ST_Area(ST_SymDifference(g.boundary, p.boundary)) > %(tolerance)s
union all select 'lineage', p.code, o from plan p, unnest(p.predecessors) o where not exists (select from areas_grid g where g.code = o)"""

_ADOPT = """
insert into areas_grid (code, community_id, kind, name, parent_id, period, predecessors, boundary, crs, schematic)
select code, %s, kind, name, parent, daterange(%s, null), coalesce(predecessors, '{}'), boundary, %s, %s from plan
 order by kind = 'micro', code on conflict (code) do nothing returning code"""

_RENAME = "update areas_grid g set name = p.name from plan p where g.code = p.code and g.name <> p.name returning g.code"

_SAY = {
    "invalid": T("网格 {0} 的边界无效：{1}", "grid {0} has an invalid boundary: {1}"),
    "empty": T("网格 {0} 没有面", "grid {0} has no area"),
    "outside": T("网格 {0} 超出社区边界", "grid {0} reaches outside the community"),
    "overlap": T("网格 {0} 与 {1} 重叠", "grids {0} and {1} overlap"),
    "gap": T("社区 {0} 尚有约 {1} 平方米未划入网格", "about {1} m² of community {0} lie in no grid"),
    "parent": T("微网格 {0} 不在上级网格 {1} 之内", "micro grid {0} does not lie inside its parent {1}"),
    "reused": T("网格代码 {0} 已用过，新的边界须用新代码", "the grid code {0} was used before: a new shape needs a new code"),
    "lineage": T("网格 {0} 的前身 {1} 不存在", "grid {0} names a predecessor {1} that does not exist"),
}


def _say(kind: str, a: str, b: str) -> T:
    return T(_SAY[kind].zh.format(a, b), _SAY[kind].en.format(a, b))


def _where(code: str) -> str:
    """The field of a finding: the grid it is about, or the plan."""
    return f"grids.{code}" if len(code) == GRID_DIGITS else "plan"


@dataclass(frozen=True)
class Losing:
    """A posting that ends with its grid. `until`: how long it would have run. `successors`: the plan's grids that come from the ended one.
    `moved_to`: the one of them to which the worker is posted from then on."""

    posting: Posting
    until: date | None
    successors: list[str]
    moved_to: str | None = None


@dataclass(frozen=True)
class Adopted:
    """What a plan does: codes that are new, that end, that get another name, that stay; and who loses a posting by it."""

    new: list[str]
    ended: list[str]
    renamed: list[str]
    kept: list[str]
    postings: list[Losing]


@transaction.atomic
def adopt_grids(
    *, actor: Actor, at: datetime, community: str, plan: Sequence[GridPlan], valid_from: date, crs: str = "EPSG:4326", schematic: bool = False
) -> list[str]:
    """From `valid_from` on, `plan` is the community's division into grids. Grids of before that aren't in it end that day, and the postings to
    them; one that stays may have another name.

    Answers the codes that are new. Refused, with every finding, when a grid is invalid, leaves the community,
    overlaps another, or when a part of the community stays uncovered; then nothing changes.
    """
    return _adopt(actor=actor, at=at, community=community, plan=plan, valid_from=valid_from, crs=crs, schematic=schematic).new


@transaction.atomic
def try_grids(
    *,
    actor: Actor,
    at: datetime,
    community: str,
    plan: Sequence[GridPlan],
    valid_from: date,
    crs: str = "EPSG:4326",
    schematic: bool = False,
    dry_run: bool = True,
    post_on: Sequence[int] = (),
) -> Adopted:
    """The same, and everything that comes of it; a dry run is undone. `post_on`: postings (by id) whose workers go on in the grid that alone comes
    from theirs; refused where there is no such grid, or where somebody else serves it."""
    found = _adopt(actor=actor, at=at, community=community, plan=plan, valid_from=valid_from, crs=crs, schematic=schematic, post_on=post_on)
    if dry_run:
        transaction.set_rollback(True)
    return found


def _adopt(
    *, actor: Actor, at: datetime, community: str, plan: Sequence[GridPlan], valid_from: date, crs: str, schematic: bool, post_on: Sequence[int] = ()
) -> Adopted:
    if actor is not SYSTEM and "system_admin" not in actor.roles_at(community):
        raise Forbidden()
    if crs not in CRS:
        raise invalid("crs", "网格边界须为 EPSG:4326 或 EPSG:4490", "grid boundaries are EPSG:4326 or EPSG:4490")
    if not plan:
        raise invalid("plan", "方案为空", "the plan is empty")
    # Two plans for one community wait for each other here.
    division = Division.objects.select_for_update(no_key=True).filter(code=community, level=5).defer("boundary").first()
    if division is None:
        raise NotFound(T("没有这个社区", "no such community"))
    faults = [FieldError(_where(g.code), f) for g in plan if (f := rules.grid_fault(g.code, community, g.kind, g.parent))]
    if len({g.code for g in plan}) < len(plan):
        faults.append(FieldError("plan", T("方案中网格代码重复", "a grid code stands twice in the plan")))
    if faults:
        raise Refused(errors=faults)
    if not db.row("select 1 from areas_division where code = %s and boundary is not null", [community]):
        raise Refused(T("该社区尚无边界，不能划分网格", "the community has no boundary yet"))
    db.run("drop table if exists pg_temp.plan")
    try:
        with transaction.atomic():
            db.run(
                _STAGE,
                [
                    [g.code for g in plan],
                    [g.kind for g in plan],
                    [g.name for g in plan],
                    [g.parent for g in plan],
                    [" ".join(g.predecessors) for g in plan],
                    [json.dumps(g.geometry) for g in plan],
                ],
            )
    except DatabaseError as error:
        raise Refused(T(f"边界不是 GeoJSON：{error}", f"a boundary is not GeoJSON: {error}")) from None
    found = db.rows(_SHAPES) or db.rows(_FAULTS, {"community": community, "tolerance": rules.TOLERANCE})
    if found:
        raise Refused(T("网格划分方案有误", "the plan of grids is wrong"), errors=[FieldError(_where(a), _say(kind, a, b)) for kind, a, b in found])
    kept = [g.code for g in plan]
    ended = Grid.objects.filter(community=division, period__contains=valid_from).exclude(code__in=kept)
    ended_codes = list(ended.values_list("code", flat=True))
    try:
        with transaction.atomic():
            db.run("update areas_grid set period = daterange(lower(period), %s) where code = any(%s)", [valid_from, ended_codes])
            fresh = [code for (code,) in db.rows(_ADOPT, [community, valid_from, crs, schematic])]
            renamed = [code for (code,) in db.rows(_RENAME)]
            db.run("set constraints grid_ground immediate")  # the database's own check, now instead of at commit
    except IntegrityError:
        raise Refused(T("与以后生效的网格划分冲突", "it is in the way of a division into grids that begins later"), code="later_plan") from None
    db.run("set constraints grid_ground deferred")
    if fresh or ended_codes or renamed:
        record(
            "grids.adopted",
            actor=actor,
            at=at,
            subject_type="division",
            subject_key=community,
            place=division.place,
            data={"new": fresh, "ended": ended_codes, "from": valid_from} | ({"renamed": renamed} if renamed else {}),
        )
    losing = _end_postings(actor, at, ended_codes, plan, valid_from, post_on, community)
    return Adopted(sorted(fresh), sorted(ended_codes), sorted(renamed), sorted(set(kept) - set(fresh) - set(renamed)), losing)


def _end_postings(
    actor: Actor, at: datetime, ended: Sequence[str], plan: Sequence[GridPlan], day: date, post_on: Sequence[int], community: str
) -> list[Losing]:
    """The postings to grids that end, end with them; the workers of `post_on` are posted to the one grid that comes from theirs."""
    running = Q(period__endswith__isnull=True) | Q(period__endswith__gt=day)
    rows = Posting.objects.select_for_update(of=("self",)).filter(running, grid__in=ended, period__isempty=False).select_related("person", "grid")
    heirs = rules.successors(ended, {g.code: g.predecessors for g in plan if g.kind != "micro"})
    wanted = {id: n for n, id in enumerate(post_on)}
    losing, moves = [], []
    for posting in rows.order_by("grid_id", "pk"):
        since, until, found = posting.period.lower, posting.period.upper, heirs[posting.grid_id]
        unit = close_posting(posting, day, actor=actor, at=at, plan=community)
        n = wanted.pop(posting.pk, None)
        if n is not None and len(found) != 1:
            raise invalid(f"post_on.{n}", "没有唯一的后继网格，请另行委派", "no single grid comes from this one: post the worker by hand")
        losing.append(Losing(posting, until, found, found[0] if n is not None else None))
        if n is not None:
            moves.append((n, posting, found[0], max(since, day), until, unit))
    for n in wanted.values():
        raise invalid(f"post_on.{n}", "这个任职不在停用的网格上", "this posting is not to a grid that ends")
    for n, posting, grid, first, until, unit in moves:
        try:
            post_worker(actor=actor, at=at, person=posting.person, grid=grid, from_date=first, until=until, unit=unit, sole=posting.sole)
        except Refused as served:
            raise Invalid(errors=[FieldError(f"post_on.{n}", served.message)]) from None
    return losing
