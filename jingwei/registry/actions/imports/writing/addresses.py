"""Standard addresses come in as people write them: streets, numbers and buildings are put into the tree."""

from collections.abc import Sequence

from jingwei.accounts.rules import SYSTEM
from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.actions.address_lists import Written, enter_addresses
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.places import OUTSIDE, node_keys, places_of
from jingwei.registry.queries import gazetteer
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.rules.imports.rows import RowFault, fault, short
from jingwei.registry.rules.imports.shapes import shape_of

KIND = KINDS["addresses"]
_STANDS = "select key, place from registry_address where key = any(%s) and valid_to is null"


def write_addresses(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    def read(row: Said) -> tuple[int, str, str, tuple[tuple[str, ...], str]]:
        if not row.said.get("address"):
            raise fault(KIND, "address", T("没有填写", "is missing"))
        text = short(row.said["address"], 200)
        key = node_keys(text)
        if not key[0][-1]:
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
    for key, place in db.rows(_STANDS, [[keys[-1] for *_, (keys, _) in wanted]]):
        stands.setdefault(key, []).append(place)
    seen, new = dict[str, str](), list[Written]()
    noted = job.seen(f"{_place(job, under.get(n), named)[:6]} {keys[-1]}" for n, (*_, (keys, named)) in enumerate(wanted))
    for n, (number, text, shape, (keys, named)) in enumerate(wanted):
        place = _place(job, under.get(n), named)
        if len(place) < 6 or not job.holds(place):
            outcome.refuse(
                number, OUTSIDE if len(place) >= 6 else T("不知道在哪个区县：请写明区划或给出位置", "its district isn't known: name it, or give a position")
            )
            continue
        here = f"{place[:6]} {keys[-1]}"
        if here in seen or here in noted or any(p.startswith(place[:6]) for p in stands.get(keys[-1], [])):
            outcome.took("unchanged", number)
            continue
        seen |= dict.fromkeys((f"{place[:6]} {key}" for key in keys), "")  # with it come the street and the number that it stands at
        lon, lat = map(float, shape.split("(")[1].rstrip(")").split()) if "POINT" in shape else (None, None)
        new.append(Written(place, text, lon, lat))
        outcome.took("added", number, text)
    job.see(seen)
    if new and not job.dry:
        last = db.row("select coalesce(max(id), 0) from registry_address")
        enter_addresses(actor=SYSTEM, at=job.at, written=new, source=job.source, gazetteer=gazetteer(), import_id=job.id)
        made = db.row("select count(*) from registry_address where id > %s and import_id = %s", [*(last or [0]), job.id])
        outcome.made["addresses"] += made[0] if made else 0


def _place(job: Job, under: str | None, named: str) -> str:
    """Where an address lies: what its point or its words say, else the area of the import."""
    return under or (named if len(named) >= 6 else job.area)
