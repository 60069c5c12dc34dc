"""Counts of people as those see them who may not read who they are."""

FEWEST = 10  # a smaller count could name somebody


def shown(known: int, hidden: int, *, reads: bool = True) -> str:
    """A count of `known` people, whom the reader may read, and `hidden` ones: exact for the first; the others are rounded down to tens (so that two
    shapes that differ by a house tell nothing of the house), and below ten only "<10"; who `reads` no people is not told either that there is nobody."""
    if not hidden and (reads or known):
        return str(known)
    if hidden < FEWEST:
        return f"{known} + <{FEWEST}" if known else f"<{FEWEST}"
    return f"≥{known + hidden // 10 * 10}"
