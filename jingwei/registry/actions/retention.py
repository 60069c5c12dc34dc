"""What was recorded of people is erased when its time is over (Personal Information Protection Law art. 19, 47): set-based, once a day, on the record.

The dictionary says how many months after the end of what a field belongs to. A resident has ended when they live nowhere here any more (or never
did: then the day of the record counts), in none of the records that were found to be the same person; a residency on its last day; a household, an
organisation, a pledge on theirs. Rows stay, nameless, so that histories and counts hold: docs/decisions/0041.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingwei.accounts.rules import SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit import crypto, db
from jingwei.kit.errors import Forbidden, Refused, invalid
from jingwei.kit.ids import new_id
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.models import Field
from jingwei.registry.queries.fields import dictionary
from jingwei.registry.queries.retention import RETENTION
from jingwei.registry.rules.fields import FieldValue

NOBODY = "00000000-0000-0000-0000-000000000000"
ERASED_NAME = "已删除"


@dataclass(frozen=True, slots=True)
class Erasure:
    """How a field is emptied: `change` where `has` says that something is there."""

    change: str
    has: str


ERASURES: dict[tuple[str, str], Erasure] = {
    ("resident", "name"): Erasure("name_sealed = %(erased)s, grams = '{}', erased_date = %(day)s", "t.erased_date is null"),
    ("resident", "identity"): Erasure("identity_sealed = null, identity_index = null", "t.identity_index is not null"),
    ("resident", "identity_kind"): Erasure("identity_kind = ''", "t.identity_kind <> ''"),
    ("resident", "phone"): Erasure("phone_sealed = null, phone_index = null", "t.phone_index is not null"),
    ("resident", "sex"): Erasure("sex = '0'", "t.sex <> '0'"),
    ("resident", "born"): Erasure("born = null", "t.born is not null"),
    ("resident", "home_place"): Erasure("home_place = ''", "t.home_place <> ''"),
    ("resident", "end_reason"): Erasure("end_reason = ''", "t.end_reason <> ''"),
    ("household", "number"): Erasure("number = ''", "t.number <> ''"),
    ("household", "head"): Erasure("head_id = null", "t.head_id is not null"),
    ("residency", "household"): Erasure("household_id = null", "t.household_id is not null"),
    ("residency", "relation"): Erasure("relation = ''", "t.relation <> ''"),
    ("residency", "tenure"): Erasure("tenure = ''", "t.tenure <> ''"),
    ("residency", "end_reason"): Erasure("end_reason = ''", "t.end_reason <> ''"),
    ("organisation", "contact"): Erasure("contact_sealed = null", "t.contact_sealed is not null"),
    ("organisation", "phone"): Erasure("phone_sealed = null, phone_index = null", "t.phone_sealed is not null"),
    ("pledge", "resident"): Erasure(f"resident_id = '{NOBODY}'", f"t.resident_id <> '{NOBODY}'"),
    ("pledge", "scan"): Erasure("scan_sha256 = '', scan_mime = '', scan_name = ''", "t.scan_sha256 <> ''"),
}
# The room of a past residency: the tie to the person is cut, the row stays with a resident who is nobody.
CUT = ("residency", "room")
_ENDS = {
    "household": "select district, id, to_date from registry_household where to_date <= %(day)s",
    "residency": "select district, id, upper(period) from registry_residency where upper(period) <= %(day)s",
    "organisation": "select district, id, ended_date from registry_organisation where ended_date <= %(day)s",
    "pledge": "select district, id, coalesce(ended_date, upper(term)) from registry_pledge where coalesce(ended_date, upper(term)) <= %(day)s",
    # The id tells the moment of the record (kit.ids): its first 48 bits are milliseconds.
    "resident": """
select r.district, r.id,
       greatest(max(upper(y.period)), r.ended_date,
                case when count(y.id) = 0 and r.ended_date is null
                     then to_timestamp(('x' || left(replace(r.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)::date end)
  from registry_resident r left join registry_residency y on y.district = r.district and y.resident_id = r.id
 group by r.district, r.id
having r.ended_date <= %(day)s or count(y.id) filter (where upper_inf(y.period) or upper(y.period) > %(day)s) = 0""",
}
# Records of one person end together, with the last of them.
_TOGETHER = """
with recursive link as (select district, id, merged_into from registry_resident where merged_into is not null),
root as (select id, merged_into top, 1 depth from link
         union all select root.id, link.merged_into, depth + 1 from root join link on link.id = root.top where depth < 20),
person as (select distinct on (id) id, top from root order by id, depth desc),
member as (select id, top from person union select top, top from person),
ending as (select top, max(e.ends) ends, count(e.id) = count(*) whole from member left join pg_temp.ended e using (id) group by top)
"""
_LIVING_YET = _TOGETHER + "delete from pg_temp.ended e using member m join ending g using (top) where m.id = e.id and not g.whole"
_LAST_OF_ALL = _TOGETHER + "update pg_temp.ended e set ends = g.ends from member m join ending g using (top) where m.id = e.id and g.whole and e.ends <> g.ends"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run erased, or would: how many values of each field ("resident.name")."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@transaction.atomic
def apply_retention(*, actor: Actor, at: datetime, dry_run: bool = False) -> Applied:
    """Erase what is past its time on the day of `at`; with `dry_run` only count. A run leaves `retention.applied` with the counts by field: no names."""
    if actor is not SYSTEM and not (actor.roles & {"security_admin"} or (dry_run and actor.roles & {"system_admin", "audit_admin"})):
        raise Forbidden()
    day, counts = localdate(at), {}
    for thing, fields in dictionary().things.items():
        if (timed := [f for f in fields.values() if f.retention_months and _erasure(f)]) or thing == "residency":
            _find_ended(thing, day)
            for field in timed:
                counts[f"{thing}.{field.name}"] = _erase(field, day, dry_run)
            cut = fields.get(CUT[1]) if thing == CUT[0] else None
            if cut and cut.retention_months:
                counts[".".join(CUT)] = _cut_ties(cut.retention_months, day, at, dry_run)
    counts = {name: count for name, count in counts.items() if count}
    if not dry_run:
        _forget_journal()
        record("retention.applied", actor=actor, at=at, subject_type="retention", subject_id=RETENTION, data={"counts": counts, "day": day})
    return Applied(counts)


@transaction.atomic
def erase_field(*, actor: Actor, at: datetime, thing: str, name: str, reason: str) -> int:
    """Empty a field that is off in every row, at once; answers in how many. A security administrator's, with a reason; Refused while it is on."""
    if actor is not SYSTEM and "security_admin" not in actor.roles:
        raise Forbidden()
    row = Field.objects.select_for_update().filter(thing=thing, name=name).first()
    field = dictionary().of(thing).get(name)
    if row is None or field is None or (erasure := _erasure(field)) is None:
        raise Refused(T("这个数据项不能单独删除", "this field can't be erased by itself"), code="not_erasable")
    if row.is_on:
        raise Refused(T("请先停用，再删除已登记的内容", "switch it off first"), code="field_on")
    if not reason.strip():
        raise invalid("reason", "请写明理由", "say why")
    done = db.run(f"update registry_{thing} t set {erasure.change}, version = t.version + 1 where {erasure.has}", _values(field, localdate(at)))
    record("field.erased", actor=actor, at=at, subject_type="field", subject_key=f"{thing}.{name}", data={"rows": done, "reason": reason.strip()})
    return done


def erasable(field: FieldValue) -> bool:
    """Whether the field can be emptied by itself."""
    return _erasure(field) is not None


def _erasure(field: FieldValue) -> Erasure | None:
    if field.own:
        return Erasure("more = t.more - %(name)s::text", "t.more ? %(name)s::text")
    return ERASURES.get((field.thing, field.name))


def _values(field: FieldValue, day: date) -> dict[str, Any]:
    return {"name": field.name, "day": day, "erased": crypto.seal(ERASED_NAME, about="resident.name")}


def _find_ended(thing: str, day: date) -> None:
    """pg_temp.ended: what of the thing has ended by the day, and when."""
    db.run("drop table if exists pg_temp.ended")
    db.run("create temp table ended (district varchar(6), id uuid, ends date, primary key (district, id)) on commit drop")
    ends = _ENDS.get(thing)
    if thing in ("building", "room"):
        return  # nothing personal, and no end of its own that is counted from
    if ends:
        db.run(f"insert into pg_temp.ended {ends}", {"day": day})
    if thing == "resident":
        db.run(_LIVING_YET)
        db.run(_LAST_OF_ALL)
    db.run("analyze pg_temp.ended")


_DUE = "(e.ends + make_interval(months => %(months)s))::date <= %(day)s"


def _erase(field: FieldValue, day: date, dry_run: bool) -> int:
    erasure = _erasure(field)
    assert erasure
    values = _values(field, day) | {"months": field.retention_months}
    where = f"t.district = e.district and t.id = e.id and {_DUE} and {erasure.has}"
    if dry_run:
        found = db.row(f"select count(*) from registry_{field.thing} t, pg_temp.ended e where {where}", values)
        return int(found[0]) if found else 0
    return db.run(f"update registry_{field.thing} t set {erasure.change}, version = t.version + 1 from pg_temp.ended e where {where}", values)


# Whoever is nobody already is not replaced by another nobody.
_TIED = f"""registry_residency y, pg_temp.ended e, registry_resident r
 where y.district = e.district and y.id = e.id and r.district = y.district and r.id = y.resident_id and r.erased_date is null and {_DUE}"""


def _cut_ties(months: int, day: date, at: datetime, dry_run: bool) -> int:
    """Past residencies go over to residents who are nobody, each to one of its own, so that who lived where is forgotten and how many is not."""
    values = {"months": months, "day": day}
    if dry_run:
        found = db.row(f"select count(*) from {_TIED}", values)
        return int(found[0]) if found else 0
    tied = db.rows(f"select y.district, y.id, y.place from {_TIED} order by 1, 2 for update of y", values)
    for first in range(0, len(tied), 5000):
        batch = tied[first : first + 5000]
        districts, ids, places = [t[0] for t in batch], [t[1] for t in batch], [t[2] for t in batch]
        nobodies = [new_id(district, at) for district in districts]
        db.run(
            """insert into registry_resident (district, id, place, name_sealed, ended_date, erased_date)
               select n.*, %(erased)s, %(day)s::date, %(day)s::date from unnest(%(districts)s::text[], %(nobodies)s::uuid[], %(places)s::text[]) n""",
            {"districts": districts, "nobodies": nobodies, "places": places, "erased": crypto.seal(ERASED_NAME, about="resident.name"), "day": day},
        )
        db.run(
            """update registry_residency y set resident_id = n.nobody, household_id = null, version = y.version + 1
                 from unnest(%(districts)s::text[], %(ids)s::uuid[], %(nobodies)s::uuid[]) n (district, id, nobody)
                where y.district = n.district and y.id = n.id""",
            {"districts": districts, "ids": ids, "nobodies": nobodies},
        )
    return len(tied)


def _forget_journal() -> None:
    """What imports keep to be undone by goes with the person: nobody's former values are kept."""
    db.run(
        """delete from registry_importedrow j using registry_resident r
            where j.thing = 'resident' and j.district = r.district and j.thing_id = r.id::text and r.erased_date is not null"""
    )
