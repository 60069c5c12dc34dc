"""Codes for many buildings or rooms at once, by the rule in force: the numbers of each place or building are taken in one statement."""

from collections import Counter
from collections.abc import Sequence

from jingwei.kit import db
from jingwei.kit.text import T
from jingwei.registry.models import CodingRule
from jingwei.registry.rules.rooms import DEFAULT, Facts, code_of, draft

_TAKE = """
insert into registry_givennumber as g (kind, within, last) select %s, w, n from unnest(%s::varchar[], %s::int[]) t(w, n) order by w
on conflict (kind, within) do update set last = g.last + excluded.last returning within, last"""


def give_codes(kind: str, things: Sequence[Facts]) -> list[str]:
    """A code for each thing; "" where the rule can't make one (it lies in no grid, its floor isn't known …)."""
    rule = CodingRule.objects.filter(kind=kind, valid_to__isnull=True).values_list("parts", flat=True).first()
    parts = rule or list(DEFAULT.of(kind))
    drafts = [draft(parts, facts) for facts in things]
    wanted = Counter(d.before for d in drafts if not isinstance(d, T) and d.digits)
    if not wanted:
        return [d.before + d.after if not isinstance(d, T) else "" for d in drafts]
    last = dict(db.rows(_TAKE, [kind, list(wanted), list(wanted.values())]))
    coming = {before: last[before] - count for before, count in wanted.items()}
    codes = []
    for one in drafts:
        if isinstance(one, T):
            codes.append("")
            continue
        if one.digits:
            coming[one.before] += 1
        code = code_of(one, coming.get(one.before, 0)) if one.digits else one.before + one.after
        codes.append("" if isinstance(code, T) else code)
    return codes
