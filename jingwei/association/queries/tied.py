"""Everything that is tied to one thing: one request, a handful of statements, however much there is."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.association.queries.centres import NAME, Node, centre
from jingwei.association.queries.parts import CASES, MOST_CASES, PARTS, Part
from jingwei.association.queries.scope import scope_of
from jingwei.association.rules.words import KINDS
from jingwei.cases.models import Case
from jingwei.catalogue.queries import catalogue
from jingwei.kit import crypto, db
from jingwei.kit.errors import NotFound, invalid
from jingwei.kit.ids import district_of
from jingwei.kit.paging import decode_row, encode_cursor
from jingwei.kit.scope import lies_in
from jingwei.kit.text import T
from jingwei.kit.times import localdate

PAGE = 50


@dataclass
class Edge:
    """A tie to a thing: what kind of tie, since when and until when, and how it is known. `tie_id` where it can be ended by hand."""

    tie: str
    since: date | None
    until: date | None
    source: str
    node: Node
    tie_id: UUID | None = None


@dataclass
class List:
    """A part of an association: `known` things that the actor may read (the first are in `edges`), `hidden` people that are only counted."""

    name: str
    kind: str
    known: int = 0
    hidden: int = 0
    edges: list[Edge] = field(default_factory=list)
    next: str | None = None


@dataclass
class Association:
    """A thing with what is tied to it, and the names of all places in it."""

    centre: Node
    lists: list[List]
    places: dict[str, str]


_COLUMNS = "id, sort, label, sealed, note, place, ST_X(point) lon, ST_Y(point) lat, tie, since, until, source, mine, into_id"
_FIRST = (
    "(select '{name}' part, {columns}, count(*) over () total, count(*) filter (where not mine) over () hidden from ({sql}) t "
    "order by mine desc, sort, id limit %(size)s)"
)
_MORE = "select '{name}' part, {columns}, 0, 0 from ({sql}) t where mine and (sort, id) > (%(sort)s, %(after)s) order by sort, id limit %(size)s"


def association(*, actor: Actor, kind: str, id: str, on: date, part: str = "", after: str = "", size: int = PAGE) -> Association:
    """What is tied to a thing, a list for each kind; `part` and `after` (the cursor of a list): one list further on. Raises NotFound, Invalid."""
    if kind not in KINDS:
        raise NotFound(T("没有这类对象", "no such kind of thing"))
    scope = scope_of(actor, on)
    node, district, key = centre(actor, kind, id, scope)
    parts = [p for p in PARTS[kind] if part in ("", p.name)]
    if part and not parts and (part != "cases" or kind not in CASES):
        raise invalid("part", "没有这个部分", "there is no such part")
    if after and (not part or part == "cases"):
        raise invalid("after", "翻页须指明部分", "a cursor belongs to a part")
    asked = scope | {"district": district, "id": key, "size": size + 1}
    lists = {p.name: List(p.name, p.kind) for p in parts}
    if parts:
        rows = _rows(parts, asked, after)
        survivors = _survivors({r[14] for r in rows if r[14]}, asked)
        for name, one in lists.items():
            _fill(one, [r[1:] for r in rows if r[0] == name], survivors, size)
    if kind in CASES and part in ("", "cases"):
        lists["cases"] = _cases(actor, kind, asked, size)
    if kind == "case" and not part:
        _name_ties(lists, asked)
    places = {node.place} | {e.node.place for one in lists.values() for e in one.edges}
    return Association(node, [one for one in lists.values() if one.known or one.hidden or part], place_names({p for p in places if p}))


def _rows(parts: list[Part], asked: dict[str, Any], after: str) -> list[tuple[Any, ...]]:
    if after:
        asked["sort"], asked["after"] = decode_row(after, str, str)
    form = _MORE if after else _FIRST
    return db.rows(" union all ".join(form.format(name=p.name, columns=_COLUMNS, sql=p.sql) for p in parts), asked)


def _fill(one: List, rows: list[tuple[Any, ...]], survivors: dict[UUID, tuple[UUID, bytes] | None], size: int) -> None:
    """The rows of one part as edges; a resident who was merged into another is the other, and stands here once."""
    seen: set[tuple[str, str, date | None]] = set()
    if rows:
        one.known, one.hidden = rows[0][-2] - rows[0][-1], rows[0][-1]
    rows = [r for r in rows if r[12]]
    if len(rows) > size:
        rows = rows[:size]
        one.next = encode_cursor([rows[-1][1], rows[-1][0]])
    for id, _, label, sealed, note, place, lon, lat, tie, since, until, source, _, into, *_ in rows:
        if into and (other := survivors.get(into)):
            id, sealed = str(other[0]), other[1]
        if (id, tie, since) in seen:
            one.known -= 1
            continue
        seen.add((id, tie, since))
        said = crypto.unseal(bytes(sealed), about=NAME) if sealed else label
        one.edges.append(Edge(tie, since, until, source, Node(one.kind, id, said, note, place, lon, lat)))


_MERGED = f"""
select r.id, r.name_sealed, r.merged_into from unnest(%(in)s::varchar[], %(ids)s::uuid[]) k(district, id)
  join registry_resident r on r.district = k.district and r.id = k.id
 where {lies_in("r.place", "%(people)s")}"""


def _survivors(merged: set[UUID], asked: dict[str, Any]) -> dict[UUID, tuple[UUID, bytes] | None]:
    """Who those that others were merged into turned out to be, by id; statements only where there are such. None: not the actor's to read."""
    found: dict[UUID, tuple[UUID, bytes, UUID | None]] = {}
    wanted = set(merged)
    while wanted:
        rows = db.rows(_MERGED, asked | {"in": [district_of(id) for id in wanted], "ids": list(wanted)})
        found.update({id: (id, sealed, into) for id, sealed, into in rows})
        wanted = {into for _, _, into in rows if into and into not in found}
    answer: dict[UUID, tuple[UUID, bytes] | None] = {}
    for id in merged:
        last = found.get(id)
        while last and last[2] and last[2] in found:
            last = found[last[2]]
        answer[id] = (last[0], last[1]) if last else None
    return answer


def _cases(actor: Actor, kind: str, asked: dict[str, Any], size: int) -> List:
    """The cases tied to the thing, or at the same place, that the actor sees: the newest first, at most MOST_CASES are looked through."""
    told: dict[UUID, tuple[str, str, Any, str, UUID | None]] = {}
    for district, id, tie, since, source, tie_id in db.rows(f"select * from ({CASES[kind]}) t limit {MOST_CASES}", asked):
        if tie == "about" or id not in told:
            told[id] = (district, tie, since, source, tie_id)
    one, book = List("cases", "case"), catalogue()
    seen = Case.objects.visible_to(actor).filter(district__in={d for d, *_ in told.values()}, id__in=list(told)) if told else Case.objects.none()
    cases = list(seen.order_by("-opened_at", "id").defer("text"))
    one.known = len(cases)
    for case in cases[: asked["size"] - 1]:
        _, tie, since, source, tie_id = told[case.id]
        process, matter = book.process_version(case.process_id), book.matter_by_id(case.matter_id)
        at = (case.point.x, case.point.y) if case.point else (None, None)
        node = Node("case", str(case.id), f"{case.number} {matter.name}", process.states[case.state].name.zh, case.place, *at)
        first, last = localdate(since or case.opened_at), localdate(case.closed_at) if case.closed_at else None
        one.edges.append(Edge(tie, first, last, source, node, tie_id))
    return one


def _name_ties(lists: dict[str, List], asked: dict[str, Any]) -> None:
    """The case's own ties get their ids, by which they are ended."""
    sql = "select id, coalesce(thing_id::text, building_id::text) from cases_casetie where district = %(district)s and case_id = %(id)s and ended_at is null"
    ties = {thing: id for id, thing in db.rows(sql, asked)}
    for edge in (e for one in lists.values() for e in one.edges if e.tie == "about"):
        edge.tie_id = ties.get(edge.node.id)
