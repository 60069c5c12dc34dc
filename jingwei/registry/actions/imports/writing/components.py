"""Components come in: the class by its code, its name, or a word that other cities use for it; the rest is taken in sets."""

import csv
from collections.abc import Callable, Sequence
from functools import cache
from uuid import UUID

import orjson

from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.actions.components.bulk import Moved, TakenComponent, take_components
from jingwei.registry.actions.components.classes import SHIPPED
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.copying import ids, note_before
from jingwei.registry.models import ComponentClass
from jingwei.registry.rules.components import read_code
from jingwei.registry.rules.imports.components import ComponentRow, read_component

WORDS = SHIPPED / "words" / "classes.csv"
_PAST = "GB/T 30428.2-2013"  # where a name stands in both editions, the present one's is meant


@cache
def _words() -> dict[str, str]:
    """What files of other cities call a class: word → code."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["code"] for row in csv.DictReader(line for line in file if not line.startswith("#"))}


def _classes() -> dict[str, tuple[int, str]]:
    """(id, code) of a class by its code, its name and its English name."""
    known: dict[str, tuple[int, str]] = {}
    for id, code, edition, *names in ComponentClass.objects.order_by("id").values_list("id", "code", "edition", "name", "name_en"):
        for word in (code, *(name.lower() for name in names if name)):
            if word not in known or edition != _PAST:
                known[word] = (id, code)
    return known


def _meant(classes: dict[str, tuple[int, str]], said: str) -> tuple[int, str] | None:
    word = said.lower()
    return classes.get(word) or classes.get(_words().get(word, ""))


def classes_meant() -> Callable[[str], str]:
    """The code of the class that a word of a file means; the word where it means none."""
    classes = _classes()

    def meant(said: str) -> str:
        found = _meant(classes, said)
        return found[1] if found else said

    return meant


_NOTE_CONDITIONS = """
insert into registry_importedrow (district, id, import_id, thing, thing_id, version, before)
select district, note, %s, 'condition', id::text, 1, before from unnest(%s::varchar[], %s::uuid[], %s::uuid[], %s::jsonb[]) n(district, note, id, before)
on conflict (district, import_id, thing, thing_id) do nothing"""


class _Journal:
    """What components were before this import, and which of their conditions it has ended or begun."""

    def __init__(self, job: Job) -> None:
        self.job, self.make = job, ids(job.at)

    def changing(self, keys: Sequence[tuple[str, UUID]]) -> None:
        note_before(self.job, "component", "registry_component", keys)

    def conditions(self, moved: Sequence[Moved]) -> None:
        before = [orjson.dumps({"component_id": one.component_id, "made": one.made}).decode() for one in moved]
        districts = [one.district for one in moved]
        db.run(_NOTE_CONDITIONS, [self.job.id, districts, [self.make(d) for d in districts], [one.id for one in moved], before])


def write_components(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[ComponentRow] = read_each(rows, lambda row: read_component(row.number, row.said, job.crs), outcome)
    more = {row.number: row.more for row in rows}
    classes, sound = _classes(), []
    for row in wanted:
        found = _meant(classes, row.klass) if row.klass else classes.get(read_code(row.code).klass)
        if found is None:
            outcome.refuse(row.number, T(f"没有“{row.klass or row.code}”这一类部件", f"there is no class “{row.klass or row.code}”"))
        elif row.code and read_code(row.code).klass != found[1]:
            outcome.refuse(row.number, T("标识码与类别不符", "the code is of another class"))
        else:
            sound.append(TakenComponent(row.number, *found, row.shape, row.crs, row.code, row.source_id, row.facts, more.get(row.number, {})))
    done = take_components(
        at=job.at, rows=sound, source=job.source, area=job.area, import_id=job.id, dry=job.dry,
        journal=_Journal(job),
    )  # fmt: skip
    names = {row.number: row.source_id or row.code for row in wanted}
    for what in ("added", "changed", "unchanged"):
        for line in getattr(done, what):
            outcome.took(what, line, names[line])
    for line, why in done.refused.items():
        outcome.refuse(line, why)
    if not job.dry:
        outcome.made["components"] += len(done.added)
