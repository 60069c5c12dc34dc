"""A row about somebody: who, where, since when. The same functions read it that read the form (rules.residents)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jingwei.kit.errors import FieldError
from jingwei.kit.text import T
from jingwei.registry.rules.imports.kinds import KINDS
from jingwei.registry.rules.imports.rows import RowFault, choice, day, digits, fault, short, together
from jingwei.registry.rules.relations import relation
from jingwei.registry.rules.residents import Facts, read_facts, stay_faults

KIND = KINDS["residents"]
_FIELDS = {"identity_number": "identity", "born": "birth_date"}


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """What a row says: the facts, the room (its code, or an address as written), and the stay there."""

    number: int
    facts: Facts
    address: str
    room: str
    kind: str
    relation: str
    household: str
    first: date
    end: date | None


def read(number: int, said: Mapping[str, str], today: date) -> Inhabitant:
    """Raises RowFault with everything that is wrong with the row."""
    faults: list[RowFault] = []
    facts = dict(said)
    for column in ("identity", "phone", "birth_date", "from_date", "to_date", "residency_kind", "household"):
        if column not in facts:
            continue
        try:
            if column in ("identity", "phone", "household"):
                facts[column] = digits(facts[column])
            elif column == "residency_kind":
                facts[column] = choice(KIND.columns[column].words, facts[column])
            else:
                facts[column] = day(facts[column]).isoformat()
        except RowFault as wrong:
            faults.append(fault(KIND, column, wrong.why))
            facts.pop(column)
            if column == "identity":
                facts.pop("identity_kind", None)
    facts["identity_number"] = facts.get("identity", "")
    facts["born"] = facts.get("birth_date", "")
    known, wrong_facts = read_facts(facts, today=today)
    faults += [_fault(one) for one in wrong_facts]
    if known.identity and known.identity.birth_date and facts["born"] and not wrong_facts and facts["born"][8:] != "01":
        tells = known.identity.birth_date
        if tells.isoformat() != facts["born"]:
            faults.append(fault(KIND, "birth_date", T(f"与证件号码不符：证件上为 {tells}", f"the number says {tells}")))
    link = relation(facts.get("relation", ""))
    if link is None:
        faults.append(fault(KIND, "relation", T(f"没有“{facts['relation'][:20]}”这种关系", f"there is no relation “{facts['relation'][:20]}”")))
    first = date.fromisoformat(facts["from_date"]) if facts.get("from_date") else None
    end = date.fromisoformat(facts["to_date"]) if facts.get("to_date") else None
    faults += [_fault(one) for one in stay_faults(first or (min(today, end) if end else today), end, born=known.born, today=today)] if first or end else []
    if end and not first:
        faults.append(fault(KIND, "from_date", T("有搬离日期的须填写入住日期", "who left came on some day: say when")))
    address, room = facts.get("address", ""), facts.get("room", "")
    if not address and not room:
        faults.append(fault(KIND, "address", T("没有填写", "is missing")))
    if faults:
        raise together(faults)
    household = short(facts.get("household", ""), 40)
    return Inhabitant(number, known, address[:200], room, facts.get("residency_kind", "permanent"), link or "", household, first or today, end)


def _fault(one: FieldError) -> RowFault:
    return fault(KIND, _FIELDS.get(one.field, one.field), one.message)
