"""`jingwei learn advice`: what the job does each night, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import learn_advice
from jingwei.cases.rules.learning import LEAST_EXAMPLES


class Command(BaseCommand):
    help = "从已结案件学习事项与单位建议 learn advice on matters and units from the closed cases"

    def handle(self, **options: Any) -> None:
        start = now()
        row = learn_advice(actor=SYSTEM, at=start)
        if row is None:
            self.stdout.write(f"已结案件不足 {LEAST_EXAMPLES} 件，没有学习 fewer than {LEAST_EXAMPLES} closed cases: nothing was learnt")
            return
        self.stdout.write(
            f"{row.cases:,} 件已结案件 closed cases, {row.from_at:%Y-%m-%d} – {row.to_at:%Y-%m-%d}, {(now() - start).total_seconds():.1f} s\n"
            + "\n".join(
                f"  {name}: top-1 {s['top1']:.3f}, top-3 {s['top3']:.3f} ({s['tested']:,} cases; it said {s['said']:.3f})" for name, s in row.scores.items()
            )
        )
