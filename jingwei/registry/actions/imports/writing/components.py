"""Components come in: the class by its code, its name, or a word that other cities use for it; the rest is taken in sets."""

import csv
from collections.abc import Sequence
from functools import cache

from jingwei.kit.text import T
from jingwei.registry.actions.components.bulk import WHY, TakenComponent, take_components
from jingwei.registry.actions.components.classes import SHIPPED
from jingwei.registry.actions.imports.job import Job, Outcome, Said, read_each
from jingwei.registry.actions.imports.writing.copying import note_before
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


def write_components(job: Job, rows: Sequence[Said], outcome: Outcome) -> None:
    wanted: list[ComponentRow] = read_each(rows, lambda row: read_component(row.number, row.said, job.crs), outcome)
    more = {row.number: row.more for row in rows}
    classes, sound = _classes(), []
    noted = job.seen(key for row in wanted if (key := row.code or row.source_id))
    for row in wanted:
        word = row.klass.lower()
        found = classes.get(word) or classes.get(_words().get(word, "")) if row.klass else classes.get(read_code(row.code).klass)
        if (row.code or row.source_id) in noted:
            outcome.refuse(row.number, WHY["twice"])
        elif found is None:
            outcome.refuse(row.number, T(f"没有“{row.klass or row.code}”这一类部件", f"there is no class “{row.klass or row.code}”"))
        elif row.code and read_code(row.code).klass != found[1]:
            outcome.refuse(row.number, T("标识码与类别不符", "the code is of another class"))
        else:
            sound.append(TakenComponent(row.number, *found, row.shape, row.crs, row.code, row.source_id, row.facts, more.get(row.number, {})))
    done = take_components(
        at=job.at, rows=sound, source=job.source, area=job.area, import_id=job.id, dry=job.dry,
        before_change=lambda keys: note_before(job, "component", "registry_component", keys),
    )  # fmt: skip
    job.see({key: "" for row in wanted if (key := row.code or row.source_id)})
    names = {row.number: row.source_id or row.code for row in wanted}
    for what in ("added", "changed", "unchanged"):
        for line in getattr(done, what):
            outcome.took(what, line, names[line])
    for line, why in done.refused.items():
        outcome.refuse(line, why)
    if not job.dry:
        outcome.made["components"] += len(done.added)
