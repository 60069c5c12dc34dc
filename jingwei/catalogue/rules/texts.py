"""Standard texts: which fit, and how their placeholders are filled. The placeholders are a closed list."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from jingwei.kit.text import T

PLACEHOLDERS: dict[str, T] = {
    "number": T("案件编号", "number of the case"),
    "outer_number": T("原编号", "number in the system that it came from"),
    "matter": T("事项", "matter"),
    "condition": T("立案条件", "filing condition"),
    "address": T("地址", "address"),
    "place": T("地点（网格或区划）", "grid or division"),
    "unit": T("承办单位", "unit that holds the case"),
    "state": T("状态", "state"),
    "source": T("来源", "source"),
    "opened_at": T("上报时间", "time of the report"),
    "due_at": T("本环节到期时间", "when this step is due"),
    "today": T("今天", "today"),
    "person": T("办理人", "whoever writes"),
    "reporter_name_masked": T("上报人（脱敏）", "reporter, masked"),
}
GAP = "＿＿"  # what isn't known is left for the writer to fill in, and seen
_HOLDER = re.compile(r"\{([^{}]*)\}")


class Aimed(Protocol):
    """A text and where it may be said; empty means anywhere."""

    @property
    def code(self) -> str: ...
    @property
    def process(self) -> str: ...
    @property
    def move(self) -> str: ...
    @property
    def matter(self) -> str: ...
    @property
    def position(self) -> int: ...


class Filled(NamedTuple):
    """A text ready to be edited, and the placeholders for which there was nothing to say."""

    text: str
    gaps: tuple[str, ...]


def holders(text: str) -> tuple[str, ...]:
    """The placeholders of a text, each once, in order."""
    return tuple(dict.fromkeys(_HOLDER.findall(text)))


def faults_of_text(text: str) -> tuple[T, ...]:
    """What forbids saving a text: a placeholder that isn't in the list, a brace that belongs to none."""
    faults = [T(f"没有占位符 {{{name}}}", f"there is no placeholder {{{name}}}") for name in holders(text) if name not in PLACEHOLDERS]
    if re.search(r"[{}]", _HOLDER.sub("", text)):
        faults.append(T("花括号应成对，里面写占位符", "braces come in pairs, with a placeholder between them"))
    return tuple(faults)


def fill(text: str, facts: Mapping[str, str]) -> Filled:
    """The text with every placeholder replaced by its fact. A fact that is missing or empty leaves a gap and is named."""
    gaps = tuple(name for name in holders(text) if not facts.get(name))
    return Filled(_HOLDER.sub(lambda found: facts.get(found[1]) or GAP, text), gaps)


def fits(text: Aimed, process: str = "", move: str = "", matter: str = "") -> bool:
    """Whether a text may be offered there. An empty term isn't asked."""
    return (not process or text.process in ("", process)) and (not move or text.move in ("", move)) and (not matter or matter.startswith(text.matter))


def specific(text: Aimed) -> tuple[bool, int, bool, int, str]:
    """The most specific text sorts first."""
    return not text.move, -len(text.matter), not text.process, text.position, text.code
