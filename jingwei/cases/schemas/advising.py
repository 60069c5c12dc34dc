"""What the door of advice takes and answers."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from jingwei.cases.models import LearnedAdvice
from jingwei.cases.queries import Advised
from jingwei.cases.rules.advice import READ
from jingwei.cases.rules.learning import LEAST_EXAMPLES
from jingwei.kit.schemas import Coded, In, Name, UnitRef
from jingwei.kit.text import T


class AdviceIn(In):
    """What is known of a case; `place`: the significant digits of a code."""

    text: Annotated[str, Field(max_length=READ)] = ""
    place: Annotated[str, Field(max_length=15, pattern=r"^[0-9]*$")] = ""
    matter: Annotated[str, Field(max_length=40)] = ""


class LikelyMatter(Coded):
    """A matter and how likely it is, 0 to 1."""

    major: str
    probability: float


class LikelyUnit(UnitRef):
    """A unit and how likely it is to handle the case, 0 to 1."""

    probability: float


class ScoreOut(BaseModel):
    """How it did on the newest cases, learnt from the older: how often the first answer was right, how often one of the first three,
    and the mean probability that it gave its first answer."""

    tested: int
    top1: float
    top3: float
    said: float


class LearntOut(BaseModel):
    """What the advice was learnt from, and how good it is; null where there were too few cases."""

    learnt_at: AwareDatetime
    cases: int
    from_at: AwareDatetime
    to_at: AwareDatetime
    matters: ScoreOut | None
    units: ScoreOut | None


class LikelyOut(BaseModel):
    """`why`: in words, where nothing has been learnt yet."""

    matters: list[LikelyMatter]
    units: list[LikelyUnit]
    model: LearntOut | None
    why: Name | None


_TOO_FEW = T(
    f"已结案件不足 {LEAST_EXAMPLES} 件，还没有可用的建议；每天夜里会重新学习。",
    f"Fewer than {LEAST_EXAMPLES} cases have been closed: there is no advice yet. It is learnt anew each night.",
)


def likely_out(advised: Advised) -> LikelyOut:
    return LikelyOut(
        matters=[LikelyMatter(code=m.code, name=m.name, major=m.major_name, probability=round(p, 3)) for m, p in advised.matters],
        units=[LikelyUnit(id=u.pk, name=u.name, probability=round(p, 3)) for u, p in advised.units],
        model=learnt_out(advised.learnt) if advised.learnt else None,
        why=None if advised.learnt else Name.of(_TOO_FEW),
    )


def learnt_out(row: LearnedAdvice) -> LearntOut:
    scores = {name: ScoreOut(**row.scores[name]) if name in row.scores else None for name in ("matters", "units")}
    return LearntOut(learnt_at=row.learnt_at, cases=row.cases, from_at=row.from_at, to_at=row.to_at, **scores)
