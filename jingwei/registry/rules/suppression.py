"""Statistics of people from which nobody can be told: counts of 1 to 9 are withheld, and what would give one away by subtraction.

A tree of places (each is the sum of its children), totals of each place, and groups (sex, age …) whose parts add up to a total. Source of the rule:
docs/architecture.md, "What this platform protects"; primary and complementary suppression of official statistics.

What it holds, and why (tests/registry/test_suppression.py tries it with linear programs): a group is withheld whole, never a single part. Where one is
withheld below a place whose own is published, at least two are, and beside each of them the others have ten people or more. Then a withheld part is
known only to lie between max(0, r + c - n) and min(r, c), for r people in its place, c in its column and n in all that is withheld there: if the lower
end is above 0, c and r are ten at least, and so is the upper end. Below what is withheld everything is. No withheld part is ever known to be 1 to 9.
"""

from collections.abc import Mapping, Sequence

LEAST = 10


def withheld_totals(children: Mapping[str, Sequence[str]], totals: Mapping[str, int]) -> frozenset[str]:
    """The places whose total is not published. `children`: the parts of each place, and each place is their sum."""
    gone = {place for place, count in totals.items() if 0 < count < LEAST}

    def covered(hidden: list[str]) -> bool:
        return len(hidden) > 1 and sum(totals[place] for place in hidden) >= LEAST

    return _spread(children, totals, gone, covered)


def withheld_groups(
    children: Mapping[str, Sequence[str]], totals: Mapping[str, int], groups: Mapping[str, Sequence[int]], gone_totals: frozenset[str]
) -> frozenset[str]:
    """The places of which a group is not published; `groups` are its parts, which add up to `totals`."""
    gone = {place for place, parts in groups.items() if place in gone_totals or any(0 < count < LEAST for count in parts)}

    def covered(hidden: list[str]) -> bool:
        people = sum(totals[place] for place in hidden)
        return len(hidden) > 1 and all(people - totals[place] >= LEAST for place in hidden if place not in gone_totals) and people >= LEAST

    return _spread(children, totals, gone, covered)


def _spread(children: Mapping[str, Sequence[str]], totals: Mapping[str, int], gone: set[str], covered) -> frozenset[str]:  # type: ignore[no-untyped-def]
    """What else has to go, until nothing moves. Places where nobody is cover nothing, and hide nothing."""
    moved = True
    while moved:
        moved = False
        for parent, parts in children.items():
            peopled = [place for place in parts if totals[place] > 0]
            hidden = [place for place in peopled if place in gone]
            before = len(gone)
            if parent in gone:
                gone.update(peopled)
            elif hidden:
                shown = sorted((place for place in peopled if place not in gone), key=lambda place: (totals[place], place))
                while shown and not covered(hidden):
                    hidden.append(shown.pop(0))
                gone.update(hidden if covered(hidden) else [*peopled, parent])
            moved = moved or len(gone) > before
    return frozenset(gone)
