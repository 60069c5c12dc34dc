"""Lines of one file that name the same thing: the first counts, the others are refused with the line where it stands. Told from the file alone, so that a
check and a run, in blocks of whatever size and by however many at once, say the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from jingwei.kit.text import T
from jingwei.registry.rules.imports.premises import read_building
from jingwei.registry.rules.imports.rows import Plan, RowFault, digits
from jingwei.registry.rules.imports.shapes import shape_of

Meant = Callable[[str], str]


def _component(said: Mapping[str, str], crs: str, meant: Meant) -> list[str]:
    code, own = digits(said.get("code", "")), digits(said.get("source_id", ""))
    if code or own:
        return [*([f"code {code}"] if code else []), *([f"own {own}"] if own else [])]
    return [f"at {meant(said.get('class', ''))} {shape_of(said, crs)[0]}"]


def _building(said: Mapping[str, str], crs: str, meant: Meant) -> list[str]:
    code, own = digits(said.get("code", "")), digits(said.get("source_id", ""))
    return [*([f"code {code}"] if code else []), f"own {own or code or read_building(0, said, crs).source_id}"]


# Of the other kinds a number may rightly stand twice: somebody lives in two places, a firm has two shops.
_KEYS = {"components": _component, "buildings": _building}


def repeats(plan: Plan, crs: str, lines: Iterable[tuple[int, Sequence[str | T]]], meant: Meant) -> dict[int, int]:
    """{line: the line before it that names the same}. `meant`: the code of the class that a word means. A line that can't be read is none."""
    keys_of = _KEYS.get(plan.kind.code)
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for number, cells in lines if keys_of else ():
        assert keys_of
        try:
            keys = keys_of(plan.said(cells), crs, meant)
        except RowFault:
            continue
        before = [first[key] for key in keys if key in first]
        if before:
            found[number] = min(before)
        else:
            first.update(dict.fromkeys(keys, number))
    return found


def same_as(line: int) -> T:
    return T(f"与第 {line} 行是同一个（编号、编码或位置相同）", f"it is the same as line {line} (its number, code or position)")
