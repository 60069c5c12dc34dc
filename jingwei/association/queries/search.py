"""One box for everything: people by name or number, addresses, codes, organisations, components, cases; ranked across kinds, within one's areas."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from jingwei.accounts.rules import READS_PEOPLE, SYSTEM, Actor
from jingwei.association.queries.centres import DOOR, HOUSE, Node
from jingwei.association.queries.scope import scope_of
from jingwei.association.rules.asked import KINDS, RANK, Asked, asked, fit
from jingwei.cases.models import Case
from jingwei.catalogue.queries import catalogue
from jingwei.kit import db
from jingwei.kit.scope import begins_with
from jingwei.kit.words import patterns
from jingwei.registry.queries import address_match, residents_search
from jingwei.registry.rules.rooms import full_number


@dataclass(frozen=True)
class Hit:
    """Something that was found, and why. `rank` orders hits of all kinds; `at` those of the same rank."""

    node: Node
    why: str
    at: float = 0.0

    @property
    def rank(self) -> tuple[int, float, int, int]:
        return RANK[self.why], self.at, KINDS.index(self.node.kind), len(self.node.label)


CANDIDATES = 60  # of a kind that are looked at more closely
_DOOR_OF = "left join registry_room o on o.district = p.district and o.id = p.room_id"


class Looked(NamedTuple):
    """How a kind of thing is looked up: id, label, note and place (alias.column), point, and where they are from."""

    id: str
    label: str
    note: str
    place: str
    point: str
    of: str


_LOOKED = {
    "organisation": Looked("g.id", "g.name", "g.uscc", "g.place", "null::geometry", "registry_organisation g"),
    "component": Looked("c.id", "c.name", "c.code", "c.place", "ST_PointOnSurface(c.geometry)", "registry_component c"),
    "building": Looked("b.id", HOUSE, "b.code", "b.place", "b.point", "registry_building b"),
    "room": Looked(
        "o.id", f"{HOUSE} || ' ' || {DOOR}", "o.code", "o.place", "b.point", "registry_room o join registry_building b on b.id = o.building_id"
    ),
    "plate": Looked(
        "coalesce(p.room_id::text, p.building_id::text)", f"{HOUSE} || coalesce(' ' || {DOOR}, '')", "p.number", "p.place", "b.point",
        f"registry_plate p join registry_building b on b.id = p.building_id {_DOOR_OF}",
    ),
    "address": Looked("n.id", "n.standard", "n.code", "n.place", "n.point", "registry_address n"),
    "grid": Looked("z.code", "z.name", "z.code", "z.code", "ST_PointOnSurface(z.boundary)", "areas_grid z"),
}  # fmt: skip
# Exact codes: each by an index of its own. Rooms and plates are told apart within a district, so that the districts are named.
_CODES = {
    "organisation": "g.uscc = %(code)s and g.uscc <> ''",
    "component": "c.code = %(code)s",
    "building": "b.code = %(code)s and b.code <> ''",
    "room": "o.district = any(%(districts)s) and o.code = %(code)s and o.code <> ''",
    "plate": "p.district = any(%(districts)s) and p.number = %(code)s and p.voided_at is null",
    "address": "n.code = %(code)s and n.code <> ''",
    "grid": "z.code = %(code)s",
}
# Parts of names: folded texts by trigrams; a building's words are not folded, so that two letters are not enough there.
_WORDS = {"organisation": "g", "component": "c", "building": "b"}


def search(*, actor: Actor, text: str, on: date, kinds: Collection[str] = (), limit: int = 20) -> list[Hit]:
    """What `text` may mean, the best first; `kinds`: only these. A statement for codes, one for names, and those of addresses, people and cases,
    each only where the text can be one."""
    wanted, said = [kind for kind in KINDS if not kinds or kind in kinds], asked(text)
    if said is None or (not actor.held and actor is not SYSTEM):
        return []
    scope = scope_of(actor, on)
    hits = _by_code(said, wanted, scope) + _by_words(said, wanted, scope)
    if "case" in wanted and said.is_case:
        hits += _cases(actor, said, scope)
    if {"address", "room", "building"} & {*wanted} and said.words:
        hits += _by_address(actor, said, wanted)
    if "resident" in wanted and (actor is SYSTEM or actor.areas_of_any(READS_PEOPLE)):
        hits += _people(actor, said)
    best: dict[tuple[str, str], Hit] = {}
    for hit in sorted(hits, key=lambda hit: hit.rank):
        best.setdefault((hit.node.kind, hit.node.id), hit)
    return list(best.values())[:limit]


def _select(kind: str, test: str, scope: dict[str, Any], given: dict[str, Any], most: int) -> str:
    """Things of a kind that pass `test`, within the areas as patterns, so that the planner knows how much they hold."""
    of = _LOOKED[kind]
    here = begins_with(of.place, scope["areas"], given)
    said = "case when p.room_id is null then 'building' else 'room' end" if kind == "plate" else f"'{kind}'"
    return (
        f"(select {said} kind, {of.id}::text id, {of.label} label, {of.note} note, {of.place} place, {of.point} point "
        f"from {of.of} where {test} and {here} limit {most})"
    )


def _found(parts: list[str], given: dict[str, Any]) -> list[Node]:
    sql = f"select kind, id, label, note, place, ST_X(point), ST_Y(point) from ({' union all '.join(parts)}) t"
    return [Node(*row) for row in db.rows_anew(sql, given)] if parts else []


def _by_code(said: Asked, wanted: list[str], scope: dict[str, Any]) -> list[Hit]:
    if not said.code:
        return []
    given = {"code": said.code, "districts": scope["districts"]}
    return [Hit(node, "code") for node in _found([_select(kind, test, scope, given, 10) for kind, test in _CODES.items() if kind in wanted], given)]


def _by_words(said: Asked, wanted: list[str], scope: dict[str, Any]) -> list[Hit]:
    if not said.words and len(said.code) < 6:
        return []
    given: dict[str, Any] = {"grid": "%" + "%".join(said.text.replace("%", "").replace("_", "").replace("\\", "").split()) + "%"}
    parts = [_select("grid", "z.name like %(grid)s and upper_inf(z.period)", scope, given, CANDIDATES)] if "grid" in wanted and said.words else []
    for kind, alias in _WORDS.items():
        if kind not in wanted or (kind == "building" and min(map(len, said.text.split())) < 3):
            continue
        looked = patterns(said.text, twice=kind != "building")
        given.update({f"{alias}{n}": pattern for n, pattern in enumerate(looked)})
        parts.append(_select(kind, " and ".join(f"{alias}.words like %({alias}{n})s" for n in range(len(looked))), scope, given, CANDIDATES))
    return [Hit(node, fit(node.label, said.text)) for node in _found(parts, given)]


def _by_address(actor: Actor, said: Asked, wanted: list[str]) -> list[Hit]:
    """Standard addresses with their buildings and rooms, as the register reads the text; only within the actor's areas."""
    areas = ("",) if actor is SYSTEM else actor.areas()
    hits = []
    for found in address_match(actor=actor, text=said.text, limit=10).candidates:
        if found.score < LIKELY or not found.place.startswith(areas):
            continue
        why, at = ("address" if found.score >= SURE else "like"), 1 - found.score
        if "room" in wanted:
            for room in found.rooms:
                label = f"{found.standard} {full_number(room.unit, room.number)}"
                hits.append(Hit(Node("room", str(room.id), label, room.code, found.place, found.lon, found.lat), why, at - 0.001))
        if "address" in wanted:
            hits.append(Hit(Node("address", str(found.id), found.standard, found.through, found.place, found.lon, found.lat), why, at))
        if "building" in wanted:
            hits += [Hit(Node("building", str(id), found.standard, "", found.place, found.lon, found.lat), why, at - 0.0005) for id in found.buildings[:5]]
    return hits


LIKELY, SURE = 0.5, 0.9  # of an address's score


def _people(actor: Actor, said: Asked) -> list[Hit]:
    hits = []
    for n, found in enumerate(residents_search(actor=actor, text=said.text).items):
        label = found.room.label if found.room else ""
        why = found.way if found.way in RANK else "part"
        hits.append(Hit(Node("resident", str(found.who.id), found.who.name, label, found.who.place), why, n / 1000))
    return hits


def _cases(actor: Actor, said: Asked, scope: dict[str, Any]) -> list[Hit]:
    book = catalogue()
    cases = Case.objects.visible_to(actor).filter(district__in=scope["districts"], number=said.code)
    return [
        Hit(
            Node(
                "case",
                str(case.id),
                f"{case.number} {book.matter_by_id(case.matter_id).name}",
                book.process_version(case.process_id).states[case.state].name.zh,
                case.place,
                case.point.x if case.point else None,
                case.point.y if case.point else None,
            ),
            "number",
        )
        for case in cases[:5]
    ]
