"""Standard addresses come in as people write them: streets, numbers and buildings are put into the tree."""

from collections.abc import Sequence

from jingwei.accounts.rules import SYSTEM
from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.actions.address_lists import Written, enter_addresses
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.places import OUTSIDE, building_key, places_of
from jingwei.registry.queries import gazetteer
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.rules.imports.rows import RowFault, fault, short
from jingwei.registry.rules.imports.shapes import shape_of

KIND = KINDS["addresses"]
_STANDS = "select key, place from registry_address where key = any(%s) and valid_to is null"


def write_addresses(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    def read(row: Said) -> tuple[int, str, str, tuple[str, str]]:
        if not row.said.get("address"):
            raise fault(KIND, "address", T("没有填写", "is missing"))
        text = short(row.said["address"], 200)
        key = building_key(text)
        if not key[0]:
            raise fault(KIND, "address", T("读不出路名、小区或村名", "no street, estate or village can be read in it"))
        try:
            shape, _ = shape_of(row.said, job.crs)
        except RowFault as wrong:
            raise fault(KIND, "geometry", wrong.why) from None
        return row.number, text, shape, key

    wanted = read_each(rows, read, outcome)
    pointed = [n for n, (_, _, shape, _) in enumerate(wanted) if shape]
    under = dict(zip(pointed, places_of([wanted[n][2] for n in pointed], job.today), strict=True))
    stands: dict[str, list[str]] = {}
    for key, place in db.rows(_STANDS, [[key for *_, (key, _) in wanted]]):
        stands.setdefault(key, []).append(place)
    noted, seen, new = job.seen(key for *_, (key, _) in wanted), dict[str, str](), list[Written]()
    for n, (number, text, shape, (key, named)) in enumerate(wanted):
        place = under.get(n) or (named if len(named) >= 6 else job.area)
        if len(place) < 6 or not job.holds(place):
            outcome.refuse(
                number, OUTSIDE if len(place) >= 6 else T("不知道在哪个区县：请写明区划或给出位置", "its district isn't known: name it, or give a position")
            )
            continue
        if key in seen or key in noted or any(p.startswith(place[:6]) for p in stands.get(key, [])):
            outcome.took("unchanged", number)
            continue
        seen[key] = ""
        lon, lat = map(float, shape.split("(")[1].rstrip(")").split()) if "POINT" in shape else (None, None)
        new.append(Written(place, text, lon, lat))
        outcome.took("added", number, text)
    job.see(seen)
    if new and not job.dry:
        last = db.row("select coalesce(max(id), 0) from registry_address")
        enter_addresses(actor=SYSTEM, at=job.at, written=new, source=job.source, gazetteer=gazetteer())
        assert last
        # What was made here: somebody else's rows of the meantime are not seen by this statement, or have another source.
        sql = "update registry_address set import_id = %s where id > %s and import_id is null and source = %s"
        outcome.made["addresses"] += db.run(sql, [job.id, last[0], job.source])
