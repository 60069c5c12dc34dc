"""The rooms of a building after a pattern (楼盘表生成), and the state that a room is shown in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jingwei.kit.text import T
from jingwei.registry.rules.rooms.doors import DEEPEST, TALLEST, Door

MOST_ROOMS = 5000  # of one building at once
State = Literal["lived_in", "let", "shop", "empty", "used"]
Numbers = Literal["floor_and_number", "stair_floor_number", "letters"]


@dataclass(frozen=True)
class Pattern:
    """Stairs × floors × rooms a floor. `skip`: floors that the building leaves out (often 4, 13, 14). Numbers: "501", "1-501" under one roof without
    stairs, or "5A"."""

    units: tuple[str, ...] = ("",)
    first_floor: int = 1
    last_floor: int = 6
    rooms: int = 2
    skip: frozenset[int] = frozenset()
    numbers: Numbers = "floor_and_number"

    def fault(self) -> tuple[str, T] | None:
        """(field, why) where the pattern makes no sense."""
        if not 1 <= len(self.units) <= 30 or len(set(self.units)) != len(self.units) or any(len(unit) > 20 for unit in self.units):
            return "units", T("单元须为 1 至 30 个，且不重复", "1 to 30 stairs, each once")
        if not -DEEPEST <= self.first_floor <= self.last_floor <= TALLEST or self.last_floor == self.first_floor == 0:
            return "last_floor", T(f"楼层须从 -{DEEPEST} 到 {TALLEST}，末层不低于首层", f"floors go from -{DEEPEST} to {TALLEST}, the last not below the first")
        if not 1 <= self.rooms <= (26 if self.numbers == "letters" else 99):
            return "rooms", T("每层户数须为 1 至 99（字母编号 26）", "1 to 99 rooms a floor (26 by letters)")
        if not self.floors():
            return "skip", T("没有剩下楼层", "no floor is left")
        if len(self.units) * len(self.floors()) * self.rooms > MOST_ROOMS:
            return "rooms", T(f"一次最多 {MOST_ROOMS} 间", f"at most {MOST_ROOMS} rooms at once")
        return None

    def floors(self) -> list[int]:
        """From the lowest up; there is no floor 0."""
        return [floor for floor in range(self.first_floor, self.last_floor + 1) if floor and floor not in self.skip]


def plan(pattern: Pattern) -> list[Door]:
    """The doors of a pattern, stair by stair, from the lowest floor up."""
    return [
        Door(unit, floor, _number(pattern.numbers, unit, floor, n)) for unit in pattern.units for floor in pattern.floors() for n in range(1, pattern.rooms + 1)
    ]


def _number(numbers: Numbers, unit: str, floor: int, n: int) -> str:
    level = f"B{-floor}" if floor < 0 else str(floor)
    if numbers == "letters":
        return f"{level}{'-' if floor < 0 else ''}{chr(64 + n)}"
    number = f"{level}-{n:02d}" if floor < 0 else f"{level}{n:02d}"
    return f"{unit}-{number}" if numbers == "stair_floor_number" and unit else number


def state_of(use: str, tenure: str, residents: int, organisations: int) -> State:
    """How a room is shown in the matrix: somebody lives in it (let, where it is rented), a shop or office is in it, or it is empty."""
    if residents:
        return "let" if tenure == "rented" else "lived_in"
    if organisations:
        return "shop" if use == "shop" else "used"
    return "shop" if use == "shop" and tenure not in ("vacant", "") else "empty"
