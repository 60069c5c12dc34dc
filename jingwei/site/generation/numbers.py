"""Numbers that can belong to nobody, and are right in everything else."""

from typing import Any

import numpy as np
import numpy.typing as npt

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.array(list("10X98765432"), dtype=object)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}


def identities(region: str, born: npt.NDArray[Any], male: npt.NDArray[np.bool_]) -> list[str]:
    """Identity numbers after GB 11643 for people born on the days `born` (datetime64[D]): no region has the code `region`, the check digit is
    right, odd numbers for men. Within one call no number stands twice."""
    day = born.astype("int64") * 2 + male
    order = np.argsort(day, kind="stable")
    same = np.concatenate(([0], np.cumsum(np.diff(day[order]) != 0))) if len(day) else day
    starts = np.searchsorted(same, np.arange(same[-1] + 1)) if len(day) else same
    nth = np.empty(len(day), dtype=np.int64)
    nth[order] = np.arange(len(day)) - starts[same]
    if len(day) and nth.max() > 498:
        raise ValueError("more than 499 people of one sex born on one day in one region")
    texts = np.datetime_as_string(born, unit="D") if len(day) else np.array([], dtype="U10")
    numbers = [f"{region}{t[:4]}{t[5:7]}{t[8:]}{n:03d}" for t, n in zip(texts.tolist(), (nth * 2 + 1 + ~male).tolist(), strict=True)]
    return [n + c for n, c in zip(numbers, check_digits(numbers), strict=True)]


def check_digits(numbers: list[str]) -> list[str]:
    """The eighteenth character of each number of seventeen digits."""
    if not numbers:
        return []
    digits = np.frombuffer("".join(numbers).encode(), dtype=np.uint8).reshape(-1, 17).astype(np.int64) - 48
    found: list[str] = _CHECKS[digits @ _WEIGHTS % 11].tolist()
    return found


def credit_code(authority: str, region: str, number: int) -> str:
    """A unified social credit code after GB 32100 with both its checks, in a region that there is not."""
    base = f"{number:08d}"
    c = 11 - sum(int(digit) * weight for digit, weight in zip(base, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    body = f"{authority}{region}{base}{'X' if c == 10 else '0' if c == 11 else c}"
    total = sum(_VALUE[letter] * pow(3, place, 31) for place, letter in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def phones(lot: np.random.Generator, wanted: npt.NDArray[np.bool_]) -> list[str]:
    """Land lines that nobody has: no subscriber's number begins with 1. Nothing where none is wanted."""
    return [f"0101{n:07d}" if w else "" for n, w in zip(lot.integers(0, 10**7, len(wanted)).tolist(), wanted.tolist(), strict=True)]
