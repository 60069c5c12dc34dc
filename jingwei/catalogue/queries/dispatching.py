"""The dispatch table as it stands, and as somebody proposes it."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from jingwei.accounts.models import Unit
from jingwei.catalogue.models import DispatchRule
from jingwei.catalogue.queries.reading import catalogue
from jingwei.catalogue.rules import dispatch
from jingwei.catalogue.rules.editing import tag
from jingwei.catalogue.rules.table import DraftRule, Table
from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T


def standing_rules(today: date) -> list[DispatchRule]:
    """The rules that hold today or will later, in the table's order, each with its unit."""
    return list(DispatchRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).select_related("unit").order_by("position", "valid_from", "pk"))


def table_tag(rules: Iterable[DispatchRule]) -> str:
    """The mark of a table: the same as long as no rule of it is changed, added or ended."""
    return tag(getattr(r, f.attname) for r in rules for f in DispatchRule._meta.concrete_fields)


def proposed_table(drafts: Sequence[DraftRule], on: date) -> Table:
    """The proposed rules that would hold on that day, examined like those in force. Invalid for a unit that isn't known."""
    book = catalogue()
    units = {u.pk: u for u in Unit.objects.filter(pk__in={d.unit_id for d in drafts})}
    unknown = [FieldError(f"rules.{n}.unit_id", T("没有这个单位", "there is no such unit")) for n, d in enumerate(drafts) if d.unit_id not in units]
    if unknown:
        raise Invalid(errors=unknown)
    rules = (d.rule(n + 1, units[d.unit_id].name, units[d.unit_id].closed_date) for n, d in enumerate(drafts) if d.holds_on(on))
    return Table(dispatch.examine(rules, matters=book.matter_beginnings), book.calendar())


def table_in_force(on: date) -> Table:
    """The rules that hold on that day, as if they had always held."""
    book = catalogue()
    return Table((dispatch.timeless(r) for r in book.dispatch_rules if r.valid_from <= on and (r.valid_to is None or on < r.valid_to)), book.calendar())
