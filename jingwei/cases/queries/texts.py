"""Standard texts for a move of one case, filled in from the case."""

from typing import NamedTuple
from uuid import UUID

from django.utils.timezone import now

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.cases.models import Case, Reporter
from jingwei.cases.queries.whole import one_case
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.registry import SOURCES
from jingwei.catalogue.rules.texts import Filled, fill, holders
from jingwei.kit import crypto
from jingwei.kit.times import localdate, localtime


class Offered(NamedTuple):
    """A standard text with the case's facts in it."""

    code: str
    title: str
    filled: Filled


def case_texts(*, actor: Actor, case_id: UUID, move: str = "") -> list[Offered]:
    """The texts in force that fit the case's process and matter and the move, the most specific first. One statement for the
    case; another for the name of the place and another for the reporter only where a text wants them. Raises NotFound."""
    case, book = one_case(actor=actor, case_id=case_id), catalogue()
    process, matter = book.process_version(case.process_id), book.matter_by_id(case.matter_id)
    texts = book.texts_for(localdate(now()), process.code, move, matter.code)
    wanted = {name for text in texts for name in holders(text.text)}
    facts = _facts(actor, case, book, wanted)
    return [Offered(text.code, text.title, fill(text.text, facts)) for text in texts]


def _facts(actor: Actor, case: Case, book: Catalogue, wanted: set[str]) -> dict[str, str]:
    process = book.process_version(case.process_id)
    facts = {
        "number": case.number,
        "outer_number": case.outer_number,
        "matter": book.matter_by_id(case.matter_id).name,
        "condition": book.condition(case.condition_id).text if case.condition_id else "",
        "address": case.address,
        "unit": case.unit.name if case.unit else "",
        "state": process.states[case.state].name.zh,
        "source": SOURCES[case.source].zh if case.source in SOURCES else case.source,
        "opened_at": f"{localtime(case.opened_at):%Y-%m-%d %H:%M}",
        "due_at": f"{localtime(case.due_at):%Y-%m-%d %H:%M}" if case.due_at else "",
        "today": f"{localdate(now()):%Y-%m-%d}",
        "person": actor.name,
    }
    if "place" in wanted or ("address" in wanted and not case.address):
        facts["place"] = place_names({case.place}).get(case.place, "")
        facts["address"] = case.address or facts["place"]
    if "reporter_name_masked" in wanted:
        first = Reporter.objects.filter(district=case.district, case_id=case.id, name_sealed__isnull=False).order_by("reported_at", "id").first()
        if first and first.name_sealed:
            facts["reporter_name_masked"] = crypto.mask_name(crypto.unseal(bytes(first.name_sealed), about="reporter.name"))
    return facts
