"""Which column of a file is what: suggested from its name and from what stands in it, changed by a person, kept for the next such file."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from jingwei.kit.errors import FieldError, Invalid
from jingwei.kit.text import T
from jingwei.registry.rules.forbidden import forbidden
from jingwei.registry.rules.imports.kinds import Column, Kind, lacking
from jingwei.registry.rules.imports.looks import ENOUGH, LOOKS, looks_like

Why = Literal["kept", "name", "like", "values", "forbidden", ""]
ALIKE = 0.75
_SIGNS = re.compile(r"[\s_\-:：.,，、/\\*（）()【】\[\]“”\"']+")


@dataclass(frozen=True)
class Guess:
    """One column of the file: what it probably is ("" nothing that is stored), and why so. `forbidden` is what it would record that is not recorded."""

    column: str
    target: str = ""
    why: Why = ""
    forbidden: T | None = None


def plain(name: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name)).lower()


def headers_key(columns: Sequence[str]) -> str:
    """Under which a mapping is kept: the names of the columns in their order."""
    return hashlib.sha256(json.dumps(list(columns), ensure_ascii=False).encode()).hexdigest()


def suggest(kind: Kind, columns: Sequence[str], samples: Sequence[Sequence[str]], kept: Mapping[str, str] | None = None) -> list[Guess]:
    """A guess for each column. `samples`: the first lines; `kept`: {column: target} of the last file with these headers. No target stands twice."""
    banned = {column: found for column in columns if (found := forbidden(column, thing=kind.thing))}
    if kept is not None:
        return [Guess(c, "", "forbidden", banned[c]) if c in banned else Guess(c, kept.get(c, ""), "kept" if kept.get(c) else "") for c in columns]
    scored: list[tuple[float, int, str, Why]] = []
    for place, column in enumerate(columns):
        if column in banned:
            continue
        values = [line[place] for line in samples if place < len(line) and isinstance(line[place], str)]
        for target in kind.columns.values():
            score, why = _score(column, target, values)
            if score > 0:
                scored.append((score, -place, target.code, why))
    taken: dict[int, tuple[str, Why]] = {}
    used: set[str] = set()
    for _, place, code, why in sorted(scored, reverse=True):
        if -place not in taken and code not in used:
            taken[-place] = (code, why)
            used.add(code)
    return [Guess(c, "", "forbidden", banned[c]) if c in banned else Guess(c, *taken.get(place, ("", ""))) for place, c in enumerate(columns)]


def _score(column: str, target: Column, values: Sequence[str]) -> tuple[float, Why]:
    """How well a column fits a target: its very name 3, its name within it 2 and more, alike 1 and more; values that look so add one half, others
    take it away; of a nameless column they alone speak."""
    name = plain(re.sub(r" \(\d+\)$", "", column))
    known = [plain(target.code), plain(target.title.zh), plain(target.title.en), *map(plain, target.aliases)]
    fit = looks_like(values, target.look) if target.look else 0.0
    filled = any(value.strip() for value in values)
    bonus = (0.5 if fit >= ENOUGH else -0.5 if filled and target.look in ("identity", "uscc", "phone", "lon", "lat") else 0.0) if target.look else 0.0
    if name and name in known:
        return 3 + bonus - 0.01 * known.index(name) / len(known), "name"
    if inside := max((len(k) for k in known if len(k) > 1 and not k.isascii() and k in name), default=0):
        return 2 + min(inside, 9) / 10 + bonus, "like"
    ratio = max((SequenceMatcher(None, name, k).ratio() for k in known if len(k) > 2), default=0.0) if len(name) > 2 else 0.0
    if ratio >= ALIKE:
        return 1 + ratio / 2 + bonus, "like"
    if target.look in ("identity", "uscc", "phone", "component", "geometry", "lon", "lat") and fit >= ENOUGH:
        return 0.5 + fit / 4 + (0.1 if target.look in LOOKS else 0), "values"
    return 0.0, ""


MOST_ALWAYS = 200  # characters of a value that is meant for all rows


def always_faults(kind: Kind, always: Mapping[str, str]) -> list[FieldError]:
    """What is wrong with values that are meant for all rows: of what is told of one person, or of many columns, there is none."""
    faults: list[FieldError] = []
    for target, value in always.items():
        column = kind.columns.get(target)
        if column is None:
            faults.append(FieldError(f"always.{target}", T(f"没有“{target}”这一项", f"there is nothing called {target!r}")))
        elif column.many or column.personal:
            title = column.title
            faults.append(FieldError(f"always.{target}", T(f"“{title.zh}”须逐行填写", f"“{title.en}” is said row by row")))
        elif not value.strip() or len(value) > MOST_ALWAYS:
            faults.append(FieldError(f"always.{target}", T(f"须为 1 至 {MOST_ALWAYS} 字", f"has 1 to {MOST_ALWAYS} characters")))
    return faults


def check(kind: Kind, columns: Sequence[str], targets: Sequence[str], always: Mapping[str, str] | None = None) -> list[str]:
    """The targets, one for each column, as they may be used: forbidden columns have none. Raises Invalid for an unknown or doubled target, and for
    what is needed and lacking; what is said of all rows (`always`) doesn't lack."""
    faults = always_faults(kind, always or {})
    if len(targets) != len(columns):
        faults.append(FieldError("mapping", T("每一列都要说明对应什么", "say of each column what it is")))
    seen: set[str] = set()
    used: list[str] = []
    for column, target in zip(columns, targets, strict=False):
        if target and target not in kind.columns:
            faults.append(FieldError(f"mapping.{column}", T(f"没有“{target}”这一项", f"there is nothing called {target!r}")))
        elif target and target in seen and not kind.columns[target].many:
            title = kind.columns[target].title
            faults.append(FieldError(f"mapping.{column}", T(f"“{title.zh}”已对应另一列", f"another column is “{title.en}” already")))
        seen.add(target)
        used.append("" if forbidden(column, thing=kind.thing) else target)
    for group in lacking(kind, {*used, *(always or {})}):
        titles = [[kind.columns[code].title for code in way.split("+")] for way in group]
        zh = " 或 ".join("和".join(t.zh for t in way) for way in titles)
        en = " or ".join(" and ".join(t.en for t in way) for way in titles)
        faults.append(FieldError("mapping", T(f"缺少：{zh}", f"missing: {en}")))
    if faults:
        raise Invalid(errors=faults)
    return used
