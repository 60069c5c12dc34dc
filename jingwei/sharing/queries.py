"""What has come in from another system before."""

from collections.abc import Collection
from uuid import UUID

from jingwei.kit import db
from jingwei.kit.codes import district_of_place
from jingwei.sharing.rules.mapping import Mapping

_PREFIX = "0:"  # the import acts as the program itself (cases.actions put the actor's id before a command)


def home_districts(mapping: Mapping) -> list[str]:
    """The districts in which a case of this mapping may have its home: those under its area and under its tables' places."""
    roots = {mapping.area} if mapping.area else set()
    roots |= {code[:6] for code in mapping.places.values()}
    found = db.rows("select distinct left(d.place, 6) from areas_division d, unnest(%s::varchar[]) r where d.level = 3 and d.place ^@ r", [list(roots)])
    return sorted({district_of_place(r) for r in roots} | {d for (d,) in found})


def cases_in(districts: list[str], commands: Collection[str]) -> dict[str, tuple[str, UUID]]:
    """command → (district, id) of the cases that one of these commands opened."""
    found = db.rows(
        # One look into the unique index for each pair: as two lists, PostgreSQL would read a district's whole index.
        """select e.command, e.district, e.subject_id from unnest(%s::varchar[]) d cross join unnest(%s::varchar[]) c
            cross join lateral (select * from events_event where district = d and command = c limit 1) e""",
        [districts, [_PREFIX + c for c in commands]],
    )
    return {command[len(_PREFIX) :]: (district, id) for command, district, id in found}


def commands_of(cases: Collection[tuple[str, UUID]]) -> set[str]:
    """The commands already carried out on cases (district, id)."""
    found = db.rows(
        """select e.command from unnest(%s::varchar[], %s::uuid[]) c(district, id)
             join events_event e on e.district = c.district and e.subject_id = c.id where e.command is not null""",
        [[d for d, _ in cases], [i for _, i in cases]],
    )
    return {command[len(_PREFIX) :] for (command,) in found}


_COUNTS = """
with c as (
    select c.* from events_event e join cases_case c on c.district = e.district and c.id = e.subject_id
     where e.type = 'case.opened' and e.district = any(%(districts)s) and e.command ^@ %(prefix)s)
select 'unit', coalesce(u.code, ''), coalesce(u.name, ''), count(*) from c left join accounts_unit u on u.id = c.unit_id group by 1, 2, 3
union all select 'class', m.code, m.name, count(*) from c join catalogue_matter m on m.id = c.matter_id group by 1, 2, 3
union all select 'month', to_char(c.opened_at at time zone %(zone)s, 'YYYY-MM'), '', count(*) from c group by 1, 2, 3"""


def counts_in(mapping: Mapping, districts: list[str]) -> dict[tuple[str, str], tuple[str, int]]:
    """(unit | class | month, code) → name, number of this mapping's cases as they stand in the tables."""
    values = {"districts": districts, "prefix": _PREFIX + mapping.command(""), "zone": str(mapping.zone)}
    return {(group, code): (name, number) for group, code, name, number in db.rows(_COUNTS, values)}
