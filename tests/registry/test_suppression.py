"""What is published of people, tried by whoever subtracts: no withheld count can be told to be 1 to 9, whatever adds up to whatever."""

from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from jingwei.registry.rules.suppression import LEAST, withheld_groups, withheld_totals

Tree = dict[str, list[str]]


def grown(leaves: dict[str, tuple[int, ...]]) -> tuple[Tree, dict[str, int], dict[str, list[int]]]:
    """Leaves "abc" hang on "ab", these on "a", these on "": sums of their parts."""
    children: dict[str, set[str]] = {}
    groups: dict[str, list[int]] = {}
    for leaf, parts in leaves.items():
        for length in range(len(leaf) + 1):
            groups[leaf[:length]] = [a + b for a, b in zip(groups.get(leaf[:length], [0] * len(parts)), parts, strict=True)]
            if length:
                children.setdefault(leaf[: length - 1], set()).add(leaf[:length])
    return {p: sorted(c) for p, c in children.items()}, {p: sum(g) for p, g in groups.items()}, groups


def told(children: Tree, totals: dict[str, int], groups: dict[str, list[int]], gone: frozenset[str], gone_groups: frozenset[str]) -> list[str]:
    """The counts of 1 to 9 of which somebody who knows everything that is published, and can solve equations, knows that they are 1 to 9."""
    number = count()
    at = {(place, k): next(number) for place in groups for k in (*range(len(groups[place])), "total")}
    equal: list[tuple[dict[int, int], int]] = []
    for place, parts in groups.items():
        equal.append(({at[place, k]: 1 for k in range(len(parts))} | {at[place, "total"]: -1}, 0))
        if place not in gone:
            equal.append(({at[place, "total"]: 1}, totals[place]))
        if place not in gone_groups:
            equal += [({at[place, k]: 1}, n) for k, n in enumerate(parts)]
        for k in (*range(len(parts)), "total"):
            if below := children.get(place):
                equal.append(({at[place, k]: -1} | {at[child, k]: 1 for child in below}, 0))
    matrix, right = np.zeros((len(equal), len(at))), np.zeros(len(equal))
    for row, (terms, value) in enumerate(equal):
        right[row] = value
        for column, factor in terms.items():
            matrix[row, column] = factor
    known = []
    for place, parts in groups.items():
        for k, n in [*enumerate(parts), ("total", totals[place])]:
            if not 0 < n < LEAST:
                continue
            aim = np.zeros(len(at))
            aim[at[place, k]] = 1
            low, high = (linprog(sign * aim, A_eq=matrix, b_eq=right, bounds=(0, None)) for sign in (1, -1))
            assert low.status == 0, "the true counts are one way"
            top = -high.fun if high.status == 0 else float("inf")
            if low.fun > 0.5 and top < LEAST - 0.5:
                known.append(f"{place}.{k} = {n}: {low.fun}–{top}")
    return known


def few() -> Any:
    """Mostly few people: that is where it is hard."""
    return st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 1, 9, 10, 11]), st.integers(0, 60))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([a + b for a in "abc" for b in "xyz"]), st.tuples(few(), few(), few()), min_size=1, max_size=9))
def test_nobody_can_be_told_from_what_is_published(leaves: dict[str, tuple[int, ...]]) -> None:
    children, totals, groups = grown(leaves)
    gone = withheld_totals(children, totals)
    assert told(children, totals, groups, gone, withheld_groups(children, totals, groups, gone)) == []


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from([a + b + c for a in "ab" for b in "xy" for c in "123"]), st.tuples(few(), few()), min_size=1, max_size=12))
def test_nor_over_more_levels(leaves: dict[str, tuple[int, ...]]) -> None:
    children, totals, groups = grown(leaves)
    gone = withheld_totals(children, totals)
    assert told(children, totals, groups, gone, withheld_groups(children, totals, groups, gone)) == []


def test_the_trial_can_fail() -> None:
    """With the small counts alone withheld, they are found by subtraction."""
    children, totals, groups = grown({"ax": (5, 20), "ay": (30, 30), "az": (40, 40)})
    assert told(children, totals, groups, frozenset(), frozenset({"ax"})) == ["ax.0 = 5: 5.0–5.0"]


@pytest.mark.parametrize(
    ("leaves", "gone", "gone_groups"),
    [
        ({"x": (20, 20), "y": (30, 30)}, set(), set()),  # nothing small, nothing withheld
        ({"x": (5, 20), "y": (30, 30), "z": (40, 40)}, set(), {"x", "y"}),  # the smallest neighbour covers it
        ({"x": (2, 3), "y": (30, 30), "z": (40, 40)}, {"x", "y"}, {"x", "y"}),
        ({"x": (2, 3)}, {"", "x"}, {"", "x"}),
        ({"x": (0, 0), "y": (30, 30)}, set(), set()),  # nobody is nobody's secret
        ({"x": (3, 0), "y": (3, 0), "z": (40, 40)}, {"x", "y", "z"}, {"x", "y", "z"}),  # the two together would be six
    ],
)
def test_what_goes(leaves: dict[str, tuple[int, ...]], gone: set[str], gone_groups: set[str]) -> None:
    children, totals, groups = grown(leaves)
    found = withheld_totals(children, totals)
    assert (found, withheld_groups(children, totals, groups, found)) == (gone, gone_groups)
