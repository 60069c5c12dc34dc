"""What the import commands share: a mapping from its file, and problems told in both languages."""

from pathlib import Path

from django.core.management.base import CommandError

from jingwei.catalogue.rules.registry import ACTIONS, SOURCES
from jingwei.kit.errors import Problem
from jingwei.kit.text import T
from jingwei.sharing.rules.mapping import Mapping, MappingFaults, read_mapping


def mapping_at(path: Path) -> Mapping:
    """The mapping in a TOML file, its tables beside it. CommandError names every fault with its line and key."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: 文件编码应为 UTF-8 / the file must be in UTF-8") from None
    try:
        return read_mapping(text, lambda name: (path.parent / name).read_text("utf-8-sig"), sources=list(SOURCES), moves=list(ACTIONS))
    except MappingFaults as faults:
        raise CommandError("\n".join(f"{path.name}:{f.line}: {f.key}: {both(f.message)}" for f in faults.faults)) from None


def both(text: T) -> str:
    return f"{text.zh} / {text.en}"


def told(problem: Problem) -> str:
    return "\n".join([both(problem.message), *(f"  {e.field}: {both(e.message)}" for e in problem.errors)])
