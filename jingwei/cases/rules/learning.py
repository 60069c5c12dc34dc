"""Learning from closed cases what a report is likely to be: examples in, a table of numbers and how well it did out.

Two naive Bayes models look at each example: one at its words (complement naive Bayes, Rennie et al. 2003), one at its circumstances (place,
source, matter); a multinomial logit of three numbers weighs them and how common each answer is, so that what comes out is a probability. That
was measured against logistic regression, with and without singular values, on the sets of `bench/advice.py`: as good or better with little
data, and learnt in seconds. scikit-learn counts and fits, here and nowhere else; what was learnt is plain arrays (`rules/advice.py`).
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from jingwei.cases.rules.advice import Opinion, Table, tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEAST_EXAMPLES = 200  # below, nothing is learnt
LEAST_OF_ONE = 3  # an answer given less often isn't learnt
LEAST_TOKEN = 3  # a word or circumstance seen less often isn't kept: nothing in the table points at one case
MOST_TOKENS = 20_000
SMOOTH_WORDS, SMOOTH_CIRCUMSTANCES = 0.1, 0.05
CAUTION = 5.0  # how strongly few examples are kept from promising too much: the pull of the weights to where they start
TUNED, TESTED = 0.15, 0.2  # shares of the examples, the newest last, on which the weights are tuned, and how well it does is measured


class Example(NamedTuple):
    """What was known, and the answer that people gave."""

    text: str
    circumstances: tuple[str, ...]
    answer: Hashable


class Score(NamedTuple):
    """How it did on the newest examples, learnt from the older ones. `said`: the mean probability it gave its first answer; where that
    is near `top1`, a probability means what it says."""

    tested: int
    top1: float
    top3: float
    said: float


@dataclass(frozen=True)
class Learnt:
    """What was learnt from all examples, and how the same did on the newest when it had seen only the older."""

    opinion: Opinion
    score: Score


def learn(examples: Sequence[Example]) -> Learnt | None:
    """From examples in the order of their time. None where there are too few, or but one answer. There is no chance in it."""
    older = trial(examples)
    whole = _fit(examples) if older else None
    if older is None or whole is None:
        return None
    return Learnt(whole.weighed(*older.weights), measure(older, examples[_tested_from(examples) :]))


def trial(examples: Sequence[Example]) -> Opinion | None:
    """What is learnt when the newest examples, on which it is measured, are kept from it; the weights are tuned on the newest of the others."""
    if len(examples) < LEAST_EXAMPLES:
        return None
    older = examples[: _tested_from(examples)]
    tuned = int(len(older) * (1 - TUNED))
    oldest, all_older = _fit(older[:tuned]), _fit(older)
    return all_older.weighed(*_tune(oldest, older[tuned:])) if oldest and all_older else None


def _tested_from(examples: Sequence[Example]) -> int:
    return int(len(examples) * (1 - TESTED))


def measure(opinion: Opinion, examples: Sequence[Example]) -> Score:
    """Top-1, top-3 and the mean probability said; an answer that was never learnt counts as a miss."""
    first = three = 0
    said = 0.0
    for text, circumstances, answer in examples:
        found = opinion.likeliest(text, circumstances, 3)
        said += found[0][1]
        first += found[0][0] == answer
        three += answer in [label for label, _ in found]
    n = len(examples)
    return Score(n, first / n, three / n, said / n)


def _fit(examples: Sequence[Example]) -> Opinion | None:
    """Both models and how common each answer is, unweighed."""
    import numpy as np

    often = {answer for answer, n in Counter(e.answer for e in examples).items() if n >= LEAST_OF_ONE}
    kept = [e for e in examples if e.answer in often]
    if len(often) < 2:
        return None
    labels = sorted(often, key=str)
    index = {label: n for n, label in enumerate(labels)}
    answers = np.array([index[e.answer] for e in kept])
    common = np.log(np.bincount(answers) / len(answers))
    words = _table([tokens(e.text) for e in kept], answers, len(labels), complement=True)
    circumstances = _table([e.circumstances for e in kept], answers, len(labels), complement=False)
    return Opinion(labels, common, words, circumstances)


def _table(documents: Sequence[Any], answers: "npt.NDArray[np.int64]", count: int, *, complement: bool) -> Table:
    """One model as a sparse table: what each token adds for each answer beside which it was seen, and what any token adds for the others."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import ComplementNB, MultinomialNB

    seen = Counter(token for document in documents for token in set(document))
    if not any(n >= LEAST_TOKEN for n in seen.values()):
        return Table.empty(count)
    counter = CountVectorizer(analyzer=list, binary=True, min_df=LEAST_TOKEN, max_features=MOST_TOKENS)
    counts = counter.fit_transform(documents)
    smooth = SMOOTH_WORDS if complement else SMOOTH_CIRCUMSTANCES
    model = (ComplementNB if complement else MultinomialNB)(alpha=smooth).fit(counts, answers)
    logs, beside = model.feature_log_prob_, model.feature_count_
    if complement:  # log of what the others' tokens are not: a part of the answer, a part of the token (alike for all answers, left out), the rest
        others = beside.sum() - beside.sum(axis=1) + smooth * beside.shape[1]
        base, tokens_part = np.log(others), -np.log(beside.sum(axis=0) + smooth)
    else:
        base = np.log(smooth) - np.log(beside.sum(axis=1) + smooth * beside.shape[1])
        tokens_part = np.zeros(beside.shape[1])
    token, answer = np.nonzero(beside.T)
    more = logs[answer, token] - base[answer] - tokens_part[token]
    starts = np.searchsorted(token, np.arange(beside.shape[1] + 1))
    return Table(
        vocabulary=[str(t) for t in counter.get_feature_names_out()],
        starts=starts.astype(np.int32),
        answers=answer.astype(np.uint16),
        more=more.astype(np.float16),
        base=base.astype(np.float32),
    )


def _tune(opinion: Opinion, examples: Sequence[Example]) -> tuple[float, float, float]:
    """The three weights under which the answers of `examples` are likeliest: one for words, circumstances, and how common an answer is."""
    import numpy as np
    from scipy.optimize import minimize

    index = {label: n for n, label in enumerate(opinion.labels)}
    known = [(opinion.views(e.text, e.circumstances), index[e.answer]) for e in examples if e.answer in index]
    if not known:
        return 1.0, 1.0, 1.0
    views = np.stack([v for v, _ in known])  # examples × 3 × answers
    right = np.array([n for _, n in known])
    each = np.arange(len(right))

    start = np.array([0.2, 0.5, 0.5])

    def loss(weights: "npt.NDArray[np.float64]") -> tuple[float, "npt.NDArray[np.float64]"]:
        scores = np.einsum("k,nka->na", weights, views)
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        slope = np.einsum("na,nka->k", chances, views) - views[each, :, right].sum(axis=0)
        away = weights - start
        loss = float(-np.log(chances[each, right] + 1e-12).sum() + CAUTION * away @ away)
        return loss / len(right), (slope + 2 * CAUTION * away) / len(right)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, 5)] * 3).x
    return float(found[0]), float(found[1]), float(found[2])
