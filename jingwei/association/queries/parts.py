"""The parts of an association, as SQL: which things are tied to one of a kind, and how.

Every part answers the same columns: id, sort (the order), label, sealed (a name that is unsealed for shown lines only), note, place, point, tie,
since, until, source, mine (whether the actor may read it; what is not theirs is counted, never named), into_id (the record that a resident's was
merged into). It is bounded by `areas`, the actor's areas
of business, and about people by `people`, the areas where the actor reads people.
"""

from typing import NamedTuple

from jingwei.association.queries.centres import DOOR, HOUSE
from jingwei.kit.scope import lies_in


class Part(NamedTuple):
    """One list: its name, the kind of things in it, and the select."""

    name: str
    kind: str
    sql: str


def _within(column: str, areas: str = "areas") -> str:
    return lies_in(column, f"%({areas})s")


_YES = "true"


def _select(
    of: str, *, id: str, label: str, place: str, tie: str, sort: str = "''", sealed: str = "null::bytea", note: str = "''", point: str = "null::geometry",
    since: str = "null::date", until: str = "null::date", source: str = "''", mine: str = _YES, into: str = "null::uuid",
) -> str:  # fmt: skip
    """The columns in their order, from `of`."""
    sealed = sealed if sealed.startswith("null") else f"case when {mine} then {sealed} end"
    return (
        f"select {id}::text id, {sort} sort, {label} label, {sealed} sealed, {note} note, {place} place, {point} point, {tie} tie, "
        f"({since})::date since, ({until})::date until, {source} source, {mine} mine, {into} into_id {of}"
    )


_STAY = "lower(y.period)"
_LEFT = "upper(y.period)"
_PRESENT = "y.period @> %(on)s::date"
_BY_STAY = "coalesce(to_char(lower(y.period), 'YYYYMMDD'), '')"


def _people(name: str, of: str, where: str, *, present: bool) -> Part:
    """Residents by their residencies `y`; those who moved out of the actor's areas are counted, not named."""
    mine = f"({_within('y.place', 'people')} and {_within('r.place', 'people')})"
    when = _PRESENT if present else f"not ({_PRESENT})"
    return Part(
        name,
        "resident",
        _select(
            f"from {of} join registry_resident r on r.district = y.district and r.id = y.resident_id "
            f"where {where} and {when} and y.end_reason <> 'mistake' and {_within('y.place')}",
            id="y.resident_id", sort=_BY_STAY, label="''", sealed="r.name_sealed", note="y.relation", place="y.place", tie="y.kind",
            since=_STAY, until=_LEFT, source="y.source", mine=mine, into="r.merged_into",
        ),
    )  # fmt: skip


def _rooms(name: str, of: str, where: str, *, tie: str, since: str = "null::date", until: str = "null::date", source: str = "o.source", sort: str = "") -> Part:
    return Part(
        name,
        "room",
        _select(
            f"from {of} join registry_building b on b.id = o.building_id where {where} and {_within('o.place')}",
            id="o.id", sort=sort or "lpad(coalesce(o.floor, 0)::text, 4, '0') || o.unit || o.number", label=f"{HOUSE} || ' ' || {DOOR}", note="o.code",
            place="o.place", point="b.point", tie=tie, since=since, until=until, source=source,
        ),
    )  # fmt: skip


def _buildings(name: str, of: str, where: str, *, tie: str, source: str = "b.source", since: str = "lower(b.period)") -> Part:
    return Part(
        name,
        "building",
        _select(
            f"from {of} where {where} and upper_inf(b.period)",
            id="b.id", sort=HOUSE, label=HOUSE, note="b.code", place="b.place", point="b.point", tie=tie, since=since, source=source,
        ),
    )  # fmt: skip


def _households(of: str, where: str, tie: str = "'part'") -> Part:
    return Part(
        "households",
        "household",
        _select(
            f"from {of} where {where} and {_within('h.place')}",
            id="h.id", sort="(h.to_date is not null)::int || h.number", label="h.number", note="h.kind", place="h.place", tie=tie,
            since="h.from_date", until="h.to_date", mine=_within("h.place", "people"),
        ),
    )  # fmt: skip


def _organisations(
    of: str, where: str, *, tie: str = "'business'", since: str = "lower(p.period)", until: str = "upper(p.period)", source: str = "p.source"
) -> Part:
    return Part(
        "organisations",
        "organisation",
        _select(
            f"from {of} where {where} and {_within('g.place')}",
            id="g.id", sort="g.name", label="g.name", note="g.uscc", place="g.place", tie=tie, since=since, until=until, source=source,
            point="p.point" if " p " in of else "null::geometry",
        ),
    )  # fmt: skip


_OF_PREMISES = "registry_premises p join registry_organisation g on g.district = p.district and g.id = p.organisation_id"


def _components(name: str, of: str, where: str, *, tie: str, source: str = "c.source", since: str = "c.placed_date", sort: str = "c.code") -> Part:
    return Part(
        name,
        "component",
        _select(
            f"from {of} join registry_componentclass k on k.id = c.klass_id where {where} and {_within('c.place')}",
            id="c.id", sort=sort, label="c.name", note="c.code || ' ' || k.name", place="c.place", point="ST_PointOnSurface(c.geometry)", tie=tie,
            since=since, source=source,
        ),
    )  # fmt: skip


def _pledges(where: str) -> Part:
    return Part(
        "pledges",
        "pledge",
        _select(
            f"from registry_pledge p where {where} and {_within('p.place')}",
            id="p.id", sort="to_char(p.signed_date, 'YYYYMMDD')", label="p.title", note="p.number", place="p.place", tie="'signed'",
            since="lower(p.term)", until="coalesce(p.ended_date, upper(p.term))", source="p.source",
        ),
    )  # fmt: skip


def _plates(where: str) -> Part:
    return Part(
        "plates",
        "plate",
        _select(
            f"from registry_plate p where {where} and p.voided_at is null and {_within('p.place')}",
            id="p.id", sort="p.number", label="p.number", place="p.place", tie="'plated'", since="p.issued_at::date",
        ),
    )  # fmt: skip


def _addresses(name: str, of: str, where: str, tie: str = "'address'") -> Part:
    return Part(
        name,
        "address",
        _select(
            f"from {of} where {where} and n.valid_to is null",
            id="n.id", sort="n.kind || lpad(substring(n.name from '[0-9]+'), 6, '0') || n.name", label="n.standard", note="n.code", place="n.place",
            point="n.point", tie=tie, since="n.valid_from", until="n.valid_to", source="n.source",
        ),
    )  # fmt: skip


def _grid(of: str, where: str) -> Part:
    return Part(
        "grids",
        "grid",
        _select(f"from {of} where {where} and {_within('z.code')}", id="z.code", label="z.name", note="z.code", place="z.code", tie="'in_place'",
                point="ST_PointOnSurface(z.boundary)", since="lower(z.period)", until="upper(z.period)", source="'place'"),
    )  # fmt: skip


def _near(shape: str, column: str, metres: float = 15.0) -> str:
    """Within `metres` of a shape, by the index first."""
    reach = f"{metres} / (111000 * greatest(cos(radians(ST_Y(ST_Centroid({shape})))), 0.05))"
    return f"{column} && ST_Expand({shape}, {reach}) and ST_DWithin({column}::geography, {shape}::geography, {metres})"


_OWN = "o.district = %(district)s and o.id = %(id)s"
_SAME = (  # a resident and the records that were merged into theirs
    "(with recursive same(district, id) as (select %(district)s::varchar, %(id)s::uuid union "
    "select r.district, r.id from registry_resident r join same s on r.merged_into = s.id) select * from same) s"
)

_STAYED = (
    f"{_SAME} join registry_residency y on y.district = s.district and y.resident_id = s.id and y.end_reason <> 'mistake' "
    "join registry_room o on o.district = any(%(districts)s) and o.id = y.room_id"
)


def _tie_parts() -> tuple[Part, ...]:
    """What a case is tied to; the district of each thing is in the ids (`districts`), so that its index is used."""
    of, open_ = "cases_casetie t", "t.district = %(district)s and t.case_id = %(id)s and t.ended_at is null"
    told = {"tie": "'about'", "since": "t.since::date", "source": "t.source"}
    room = _rooms("rooms", f"{of} join registry_room o on o.district = any(%(districts)s) and o.id = t.thing_id", f"{open_} and t.thing = 'room'", **told)
    mine = _within("r.place", "people")
    who = _select(
        f"from {of} join registry_resident r on r.district = any(%(districts)s) and r.id = t.thing_id "
        f"where {open_} and t.thing = 'resident' and {_within('r.place')}",
        id="r.id", label="''", sealed="r.name_sealed", place="r.place", mine=mine, into="r.merged_into", **told,
    )  # fmt: skip
    return (
        room,
        _buildings("buildings", f"{of} join registry_building b on b.id = t.building_id", f"{open_} and t.thing = 'building'", **told),
        _components(
            "components", f"{of} join registry_component c on c.district = any(%(districts)s) and c.id = t.thing_id", f"{open_} and t.thing = 'component'",
            **told,
        ),
        _organisations(
            f"{of} join registry_organisation g on g.district = any(%(districts)s) and g.id = t.thing_id", f"{open_} and t.thing = 'organisation'", **told,
            until="null::date",
        ),
        Part("residents", "resident", who),
    )  # fmt: skip


_CASE_POINT = "(select q.point from cases_case q where q.district = %(district)s and q.id = %(id)s)"
_THING_POINT = "(select q.geometry from registry_component q where q.district = %(district)s and q.id = %(id)s)"
_FOOTPRINT = "(select coalesce(q.geometry, q.point) from registry_building q where q.id = %(id)s)"
_BESIDE = "case when ST_Covers({big}, {small}) then 'footprint' else 'within_15m' end"

PARTS: dict[str, tuple[Part, ...]] = {
    "room": (
        _people("residents", "registry_residency y", "y.room_id = %(id)s", present=True),
        _people("former", "registry_residency y", "y.room_id = %(id)s", present=False),
        _households("registry_household h", "h.room_id = %(id)s"),
        _organisations(_OF_PREMISES, "p.room_id = %(id)s"),
        _buildings("buildings", "registry_room o join registry_building b on b.id = o.building_id", _OWN, tie="'part'"),
        _addresses("addresses", "registry_room o join registry_building b on b.id = o.building_id join registry_address n on n.id = b.address_id",
                   _OWN),
        _pledges("p.room_id = %(id)s"),
        _plates("p.district = %(district)s and p.room_id = %(id)s"),
        _grid("registry_room o join areas_grid z on z.code = o.place", _OWN),
    ),
    "building": (
        _rooms("rooms", "registry_room o", "o.building_id = %(id)s and o.ended_date is null", tie="'part'"),
        _people("residents", "registry_room o join registry_residency y on y.room_id = o.id", "o.building_id = %(id)s", present=True),
        _households("registry_room o join registry_household h on h.room_id = o.id", "o.building_id = %(id)s and h.to_date is null"),
        _organisations(_OF_PREMISES, "p.building_id = %(id)s and p.period @> %(on)s::date"),
        _components("near_components", "registry_component c", _near(_FOOTPRINT, "c.geometry"), tie="'same_place'",
                    source=_BESIDE.format(big=_FOOTPRINT, small="c.geometry")),
        _addresses("addresses", "registry_building b join registry_address n on n.id = b.address_id", "b.id = %(id)s"),
        _pledges("p.building_id = %(id)s"),
        _plates("p.building_id = %(id)s"),
        _grid("registry_building b join areas_grid z on z.code = b.place", "b.id = %(id)s"),
    ),
    "resident": (
        _rooms("rooms", _STAYED, _PRESENT, tie="y.kind", since=_STAY, until=_LEFT, source="y.source", sort=_BY_STAY),
        _rooms("former_rooms", _STAYED, f"not ({_PRESENT})", tie="y.kind", since=_STAY, until=_LEFT, source="y.source", sort=_BY_STAY),
        _households(f"{_SAME} join registry_residency y on y.district = s.district and y.resident_id = s.id join registry_household h on h.district = "
                    "any(%(districts)s) and h.id = y.household_id", _PRESENT, tie="'household'"),
        _pledges(f"p.resident_id in (select id from {_SAME})"),
    ),
    "household": (
        _people("residents", "registry_residency y", "y.household_id = %(id)s", present=True),
        _people("former", "registry_residency y", "y.household_id = %(id)s", present=False),
        _rooms("rooms", "registry_household h join registry_room o on o.district = any(%(districts)s) and o.id = h.room_id",
               "h.district = %(district)s and h.id = %(id)s", tie="'part'", since="h.from_date", until="h.to_date"),
    ),
    "organisation": (
        _rooms("rooms", "registry_premises p join registry_room o on o.district = any(%(districts)s) and o.id = p.room_id",
               "p.district = %(district)s and p.organisation_id = %(id)s", tie="'business'",
               since="lower(p.period)", until="upper(p.period)", source="p.source"),
        _buildings("buildings", "registry_premises p join registry_building b on b.id = p.building_id",
                   "p.district = %(district)s and p.organisation_id = %(id)s", tie="'business'", source="p.source", since="lower(p.period)"),
        _components("components", "registry_component c", "c.organisation_id = %(id)s", tie="'belongs'"),
        _pledges("p.organisation_id = %(id)s"),
        _grid("registry_organisation g join areas_grid z on z.code = g.place", "g.district = %(district)s and g.id = %(id)s"),
    ),
    "component": (
        _organisations("registry_component c join registry_organisation g on g.district = any(%(districts)s) and g.id = c.organisation_id",
                       "c.district = %(district)s and c.id = %(id)s", tie="'belongs'", since="c.placed_date", until="null::date", source="c.source"),
        _buildings("near_buildings", "registry_building b", _near(_THING_POINT, "b.geometry"), tie="'same_place'",
                   source=_BESIDE.format(big="b.geometry", small=_THING_POINT), since="null::date"),
        _components("near_components", "registry_component c", f"c.id <> %(id)s and {_near(_THING_POINT, 'c.geometry')}", tie="'same_place'",
                    source="'within_15m'"),
        _pledges("p.component_id = %(id)s"),
        _grid("registry_component c join areas_grid z on z.code = c.place", "c.district = %(district)s and c.id = %(id)s"),
    ),
    "address": (
        _addresses("addresses", "registry_address m join registry_address n on n.id = m.parent_id", "m.id = %(id)s", tie="'part'"),
        _addresses("below", "registry_address n", "n.parent_id = %(id)s", tie="'part'"),
        _buildings("buildings", "registry_building b", "b.address_id = %(id)s", tie="'address'"),
    ),
    "grid": (
        _buildings("buildings", "registry_building b", "b.place = %(id)s", tie="'in_place'", source="'place'"),
        _people("residents", "registry_residency y", "y.place = %(id)s", present=True),
        _households("registry_household h", "h.place = %(id)s and h.to_date is null", tie="'in_place'"),
        _organisations("registry_organisation g", "g.place = %(id)s and g.ended_date is null", tie="'in_place'",
                       since="null::date", until="g.ended_date", source="'place'"),
        _components("components", "registry_component c", "c.place = %(id)s", tie="'in_place'", source="'place'"),
    ),
    "case": (
        *_tie_parts(),
        _buildings("near_buildings", "registry_building b", _near(_CASE_POINT, "b.geometry"), tie="'same_place'",
                   source=_BESIDE.format(big="b.geometry", small=_CASE_POINT), since="null::date"),
        _components("near_components", "registry_component c", _near(_CASE_POINT, "c.geometry"), tie="'same_place'", source="'within_15m'"),
        _components("offered", "cases_case q join catalogue_matter m on m.id = q.matter_id join catalogue_edition e on e.id = m.edition_id,"
                    " registry_component c",
                    f"q.district = %(district)s and q.id = %(id)s and ((k.edition = e.code and k.code = m.code and m.name ^@ k.name) or k.name = m.name)"
                    f" and c.state <> 'removed' and {_near(_CASE_POINT, 'c.geometry', 100)} and not exists (select from cases_casetie t where"
                    " t.district = q.district and t.case_id = q.id and t.thing_id = c.id and t.ended_at is null)",
                    tie="'offered'", source="'within_100m'",
                    sort=f"lpad((ST_Distance(c.geometry::geography, {_CASE_POINT}::geography) * 100)::int::text, 6, '0')"),
        _grid("cases_case q join areas_grid z on z.code = q.grid_id", "q.district = %(district)s and q.id = %(id)s"),
    ),
}  # fmt: skip

# Cases tied to a thing: (district, id, tie, since, source, the tie's own id), the newest first; whether the actor sees each is asked of all at once.
MOST_CASES = 500
_TIES = "select t.district, t.case_id id, 'about' tie, t.since, t.source, t.id tie_id from cases_casetie t where {where} and t.ended_at is null"
_PLACED = "select q.district, q.id, 'same_place', null::timestamptz, {source}, null::uuid from cases_case q where q.point is not null and {where}"
CASES: dict[str, str] = {
    "room": _TIES.format(where="t.thing_id = %(id)s"),
    "organisation": _TIES.format(where="t.thing_id = %(id)s"),
    "resident": _TIES.format(where=f"t.thing_id in (select id from {_SAME})"),
    "building": _TIES.format(where="t.building_id = %(id)s")
    + " union all "
    + _PLACED.format(
        source="'footprint'",
        where="q.point && {shape} and ST_Covers({shape}, q.point)".format(shape="(select geometry from registry_building where id = %(id)s)"),
    ),
    "component": _TIES.format(where="t.thing_id = %(id)s")
    + " union all "
    + _PLACED.format(source="'within_15m'", where=_near(_THING_POINT, "q.point"))
    + " union all select n.district, n.case_id, 'condition', n.from_at, 'case', null::uuid from registry_componentcondition n"
    " where n.district = %(district)s and n.component_id = %(id)s and n.case_id is not null",
    "grid": "(select q.district, q.id, 'in_place', null::timestamptz, 'place', null::uuid from cases_case q where q.place = %(id)s and q.is_open"
    f" order by q.opened_at desc limit {MOST_CASES})",
}
