"""Advice is learnt anew from the closed cases."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.cases.models import LearnedAdvice
from jingwei.cases.queries.advice import Closed, closed_cases, pickable
from jingwei.cases.rules.advice import circumstances
from jingwei.cases.rules.learning import Example, Learnt, learn
from jingwei.events.actions import record

KEPT = 5  # rows: the newest is in use, the others tell how it did before


def learn_advice(*, actor: Actor, at: datetime, learner: Callable[[list[Example]], Learnt | None] = learn) -> LearnedAdvice | None:
    """Learns matters and units from the newest closed cases and writes it down with its scores; nothing where there are too few.
    Reading and learning happen before the transaction: nothing waits for them."""
    cases = closed_cases()
    matters, units = learner(list(matter_examples(cases))), learner(list(unit_examples(cases)))
    if not cases or not (matters or units):
        return None
    scores = {name: found.score._asdict() for name, found in (("matters", matters), ("units", units)) if found}
    with transaction.atomic():
        row = LearnedAdvice.objects.create(
            learnt_at=at,
            cases=len(cases),
            from_at=cases[0].opened_at,
            to_at=cases[-1].opened_at,
            matters=matters.opinion.dump() if matters else None,
            units=units.opinion.dump() if units else None,
            scores=scores,
        )
        LearnedAdvice.objects.exclude(pk__in=LearnedAdvice.objects.order_by("-id").values("id")[:KEPT]).delete()
        record("advice.learnt", actor=actor, at=at, subject_type="advice", subject_key=row.pk, data={"cases": row.cases, "scores": scores})
    return row


def matter_examples(cases: Iterable[Closed]) -> Iterable[Example]:
    """Words and place, and the matter under which the case was closed, where it can still be picked."""
    today = localdate()
    for case in cases:
        if case.matter.valid_on(today) and pickable(case.matter.code) == case.matter:
            yield Example(case.text, circumstances(place=case.place), case.matter.code)


def unit_examples(cases: Iterable[Closed]) -> Iterable[Example]:
    """Words, place and matter, and the unit that handled it, where it is still at work."""
    working = set(Unit.objects.current().values_list("pk", flat=True))
    for case in cases:
        if case.unit in working:
            yield Example(case.text, circumstances(place=case.place, matter=case.matter.code), case.unit)
