"""A process: states and the transitions between them, as data; read, checked, and written back as plain values."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from jingwei.catalogue.rules.registry import (
    ACTIONS,
    CLOCKS,
    FIELDS,
    GUARDS,
    KINDS,
    STYLES,
    Clock,
    FieldKind,
    Kind,
    Style,
)
from jingwei.kit.text import T

__all__ = [
    "ACTIONS",
    "BEFORE",
    "CLOCKS",
    "FIELDS",
    "GUARDS",
    "KINDS",
    "SAME",
    "STYLES",
    "Clock",
    "Field",
    "FieldKind",
    "Finding",
    "Kind",
    "Malformed",
    "Process",
    "State",
    "Style",
    "Transition",
    "check",
    "read_field",
    "read_process",
]

SAME = "="  # a target: the state does not change
BEFORE = "<"  # a target: back to the state before
_CODE = re.compile("[a-z][a-z0-9_]{0,29}")
EVERY_OPEN = "*"  # a source: every open state


@dataclass(frozen=True, slots=True)
class State:
    """`open` states have work in them, `waiting` ones stand still, `final` ones end the case."""

    code: str
    name: T
    kind: Kind
    start: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a move's form."""

    name: str
    kind: FieldKind
    required: bool
    label: T


@dataclass(frozen=True, slots=True)
class Transition:
    """Who may do what from where, and what it does. `holder`: only people of the unit that holds the case now."""

    action: str
    name: T
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    form: tuple[Field, ...]
    clock: Clock
    guards: tuple[str, ...]
    event: str
    key: str
    style: Style = "plain"
    holder: bool = False


@dataclass(frozen=True)
class Process:
    """One version of a process. `valid_to` is the first day on which it no longer takes new cases."""

    id: int | None
    code: str
    version: int
    name: T
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    status: str = "concept"
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def start(self) -> State:
        return next(s for s in self.states.values() if s.start)

    def moves_from(self, state: str) -> tuple[Transition, ...]:
        """What may happen in `state`, in the order of the process."""
        return tuple(t for t in self.transitions if state in t.sources)

    def move(self, state: str, action: str) -> Transition | None:
        return next((t for t in self.transitions if t.action == action and state in t.sources), None)


class Malformed(ValueError):
    """The definition can't even be read; `message` says where."""

    def __init__(self, message: T) -> None:
        self.message = message
        super().__init__(message.en)


def read_process(
    document: Mapping[str, Any],
    *,
    id: int | None = None,
    status: str = "concept",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Process:
    """A process from its TOML or JSON document. Unknown words stay in it for `check` to name. Raises Malformed."""
    try:
        states = {s["code"]: State(s["code"], _name(s["name"]), s["kind"], s.get("start", False), order) for order, s in enumerate(document["state"])}
        if len(states) < len(document["state"]):
            raise TypeError("two states of one code")
        opens = tuple(s.code for s in states.values() if s.kind == "open")
        return Process(
            id=id,
            code=document["code"],
            version=document["version"],
            name=_name(document["name"]),
            states=states,
            transitions=tuple(_read_move(m, opens) for m in document["move"]),
            status=status,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed(T(f"流程文件缺少或写错了：{error}", f"the process file lacks or garbles: {error}")) from None


def _read_move(m: Mapping[str, Any], opens: tuple[str, ...]) -> Transition:
    known = ACTIONS.get(m["action"])
    sources: list[str] = []
    for source in _words(m["from"]):
        sources += opens if source == EVERY_OPEN else [source]
    return Transition(
        action=m["action"],
        name=_name(m["name"]) if "name" in m else (known.name if known else T(m["action"], m["action"])),
        sources=tuple(dict.fromkeys(sources)),
        target=m["to"],
        roles=_words(m["roles"]),
        form=tuple(read_field(f) for f in _words(m.get("form", []))),
        clock=m["clock"],
        guards=_words(m.get("guards", [])),
        event=known.event if known else "",
        key=m["key"],
        style=m.get("style", "plain"),
        holder=m.get("holder", False),
    )


def _name(value: Any) -> T:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) and v for v in value)):
        raise TypeError(f"a name is [中文, English], not {value!r}")
    return T(*value)


def _words(value: Any) -> tuple[str, ...]:
    if not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
        raise TypeError(f"a list of words was expected, not {value!r}")
    return tuple(value)


def read_field(text: str) -> Field:
    """ "reason!" is the required field `reason`. A name outside the registry keeps the kind "text" for `check` to find."""
    name, required = text.rstrip("!"), text.endswith("!")
    known = FIELDS.get(name)
    return Field(name, known.kind if known else "text", required, known.label if known else T(name, name))


class Finding(NamedTuple):
    """What forbids publishing a process: in words, and the state (its code) or the move (its place in the list) that it is about;
    `part` is the key of the document that is wrong."""

    message: T
    state: str = ""
    move: int | None = None
    part: str = ""


def check(process: Process, *, roles: Collection[str] | None = None) -> list[Finding]:
    """Everything that forbids publishing `process`; empty when it may be published. `roles` are the names that roles may have
    (None: not checked)."""
    return [*_check_states(process), *_check_words(process, roles), *_check_moves(process), *_check_ways(process)]


def _check_states(process: Process) -> Iterator[Finding]:
    starts = [s.code for s in process.states.values() if s.start]
    if len(starts) != 1:
        named = "、".join(starts) or "0"
        yield Finding(
            T(f"应有且只有一个起始状态，现有：{named}", f"there must be exactly one start state, not: {named}"), starts[-1] if starts else "", part="start"
        )
    for s in process.states.values():
        if not _CODE.fullmatch(s.code):
            said = T(
                f"状态代码“{s.code}”应为 1 至 30 个小写字母、数字或下划线",
                f'the code "{s.code}" of a state must be 1 to 30 lower-case letters, digits or underscores',
            )
            yield Finding(said, s.code, part="code")
        if s.kind not in KINDS:
            yield Finding(T(f"状态“{s.name.zh}”的种类 {s.kind} 不存在", f'state "{s.code}" has an unknown kind {s.kind}'), s.code, part="kind")
        if s.start and s.kind == "final":
            yield Finding(T(f"起始状态“{s.name.zh}”不能是终结状态", f'start state "{s.code}" is final'), s.code, part="kind")


def _check_words(process: Process, roles: Collection[str] | None) -> Iterator[Finding]:
    for n, t in enumerate(process.transitions):
        for part, what, words, known in (
            ("action", T("动作", "action"), (t.action,), ACTIONS),
            ("from", T("状态", "state"), t.sources, process.states),
            ("to", T("状态", "state"), (t.target,), (*process.states, SAME, BEFORE)),
            ("roles", T("角色", "role"), t.roles, t.roles if roles is None else roles),
            ("guards", T("条件", "guard"), t.guards, GUARDS),
            ("form", T("表单项", "field"), tuple(f.name for f in t.form), FIELDS),
            ("clock", T("计时方式", "clock effect"), (t.clock,), CLOCKS),
            ("style", T("按钮样式", "button style"), (t.style,), STYLES),
        ):
            for word in words:
                if word not in known:
                    yield Finding(T(f"动作“{t.name.zh}”：未知的{what.zh} {word}", f'move "{t.action}": unknown {what.en} {word}'), move=n, part=part)
        if not t.roles:
            yield Finding(T(f"动作“{t.name.zh}”没有任何角色可以办理", f'move "{t.action}" can be done by no role'), move=n, part="roles")
        if not t.sources:
            yield Finding(T(f"动作“{t.name.zh}”没有起点状态", f'move "{t.action}" starts nowhere'), move=n, part="from")


def _check_moves(process: Process) -> Iterator[Finding]:
    for s in process.states.values():
        moves = [(n, t) for n, t in enumerate(process.transitions) if s.code in t.sources]
        for attribute, zh in (("action", "动作"), ("key", "快捷键")):
            seen: set[str] = set()
            for n, word in ((n, getattr(t, attribute)) for n, t in moves):
                if word in seen:
                    said = T(f"状态“{s.name.zh}”里{zh} {word} 重复", f'state "{s.code}" has two moves with the {attribute} {word}')
                    yield Finding(said, s.code, n, attribute)
                seen.add(word)
    for n, t in enumerate(process.transitions):
        target = process.states.get(t.target)
        if target and target.kind == "final" and t.clock != "stop":
            yield Finding(T(f"动作“{t.name.zh}”进入终结状态，应停止计时", f'move "{t.action}" ends the case and must stop the clock'), move=n, part="clock")
        if target and target.kind == "open" and t.clock not in ("start", "keep"):
            said = T(f"动作“{t.name.zh}”进入办理状态，应开始或延续计时", f'move "{t.action}" enters an open state and must start or keep the clock')
            yield Finding(said, move=n, part="clock")
        if t.clock == "resume" and t.target != BEFORE:
            said = T(f"动作“{t.name.zh}”恢复计时，应回到之前的状态", f'move "{t.action}" resumes the clock and must go back to the state before')
            yield Finding(said, move=n, part="to")
        if t.clock == "extend" and t.target != SAME:
            said = T(f"动作“{t.name.zh}”延长时限，状态应不变", f'move "{t.action}" extends the limit and must keep the state')
            yield Finding(said, move=n, part="to")
        if len(t.key) != 1:
            yield Finding(T(f"动作“{t.name.zh}”的快捷键应为一个字母", f'move "{t.action}" needs one letter as its key'), move=n, part="key")


def _check_ways(process: Process) -> Iterator[Finding]:
    forward = _ways(process)
    reached = _closure({s.code for s in process.states.values() if s.start}, forward)
    # A way back leads only to where the case has been: it makes no state reachable, but it is an exit.
    ways = _with_ways_back(process, forward)
    against: dict[str, set[str]] = {code: set() for code in process.states}
    for source, targets in ways.items():
        for target in targets:
            against[target].add(source)
    ending = _closure({s.code for s in process.states.values() if s.kind == "final"}, against)
    for s in process.states.values():
        if s.code not in reached:
            yield Finding(T(f"状态“{s.name.zh}”无法到达", f'state "{s.code}" can\'t be reached'), s.code)
        if s.kind != "final" and not ways[s.code] - {s.code}:
            yield Finding(T(f"状态“{s.name.zh}”没有出口", f'state "{s.code}" has no exit'), s.code)
        elif s.code not in ending:
            yield Finding(T(f"状态“{s.name.zh}”走不到任何终结状态", f'state "{s.code}" can reach no final state'), s.code)


def _ways(process: Process) -> dict[str, set[str]]:
    """Where each state leads, ways back left out."""
    ways: dict[str, set[str]] = {code: set() for code in process.states}
    for t in process.transitions:
        if t.target in ways:
            for source in t.sources:
                if source in ways:
                    ways[source].add(t.target)
    return ways


def _with_ways_back(process: Process, forward: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same, and from a state with a move back to every state from which it is entered."""
    ways = {code: set(targets) for code, targets in forward.items()}
    for t in process.transitions:
        if t.target == BEFORE:
            for state in t.sources:
                if state in ways:
                    ways[state] |= {source for source, targets in forward.items() if state in targets}
    return ways


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in ways[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
