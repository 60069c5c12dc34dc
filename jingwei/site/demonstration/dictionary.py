"""The field dictionary of an invented city: what ships, owned by its command centre, with a basis that is said to be invented where none ships; all on."""

from datetime import datetime

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import Description, describe_field, load_fields, switch_on
from jingwei.registry.management.commands.load_fields import SHIPPED
from jingwei.registry.queries import dictionary
from jingwei.registry.rules.fields import missing

INVENTED = "演示：虚构的《示范市网格化服务管理条例》第十条，实际使用时须换成本地依据"


def fill_dictionary(now: datetime, owner: str) -> None:
    """`owner`: the unit's code. Again changes nothing that somebody has described or switched since."""
    if not load_fields(actor=SYSTEM, at=now, text=SHIPPED.read_text("utf-8"), owner=owner).added:
        return
    for field in [f for fields in dictionary().things.values() for f in fields.values()]:
        if not field.legal_basis and field.owner_id:
            said = Description(field.title.zh, field.title.en, field.owner_id, field.purpose, INVENTED, field.retention_months, field.sharing, field.standard)
            describe_field(actor=SYSTEM, at=now, thing=field.thing, name=field.name, seen_version=field.version, said=said)
    ready = [f for fields in dictionary().things.values() for f in fields.values() if not missing(f)]
    switch_on(actor=SYSTEM, at=now, fields=[(f.thing, f.name) for f in ready])
