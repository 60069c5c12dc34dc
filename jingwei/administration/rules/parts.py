"""The configuration as one file: a zip of the tables that `jingwei load …` reads, with a manifest that knows the hash of each."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import tomli_w

from jingwei.kit.errors import Refused
from jingwei.kit.text import T

FORMAT = 1
MANIFEST = "manifest.json"
MOST_BYTES = 20 << 20  # unpacked
MOST_PARTS = 2000
# The kinds of part, in the order in which one needs the other, and where they lie.
GROUPS = {
    "units": re.compile(r"units\.csv"),
    "modules": re.compile(r"modules\.csv"),
    "matters": re.compile(r"matters/[^/]+\.csv"),
    "crosswalks": re.compile(r"crosswalks/[^/]+\.csv"),
    "conditions": re.compile(r"conditions/[^/]+\.csv"),
    "calendars": re.compile(r"calendars/[^/]+\.csv"),
    "processes": re.compile(r"processes/[^/]+\.toml"),
    "limits": re.compile(r"limits\.csv"),
    "dispatch_rules": re.compile(r"dispatch_rules\.csv"),
    "texts": re.compile(r"texts\.csv"),
}


@dataclass(frozen=True)
class Part:
    """A table with the lines of its head, or a document (a process). `key` names the columns that tell a row from the others, `ends` the one
    that says when it ended."""

    group: str
    path: str
    head: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    key: Sequence[str] = ()
    ends: str = "valid_to"
    document: Mapping[str, Any] | None = None

    def content(self) -> bytes:
        """The part as it is written."""
        if self.document is not None:
            return tomli_w.dumps(dict(self.document)).encode()
        text = io.StringIO()
        text.write("".join(f"# {key}: {value}\n" for key, value in self.head.items()))
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue().encode()

    def items(self) -> dict[tuple[str, ...], dict[str, str]]:
        """Each row under what tells it apart; the head counts as a row of its own, a document as one row."""
        if self.document is not None:
            ended = str(self.document.get("valid_to", ""))
            return {(self.path,): {"valid_to": ended, "all": json.dumps(self.document, default=str, sort_keys=True)}}
        found: dict[tuple[str, ...], dict[str, str]] = {(self.path,): dict(self.head)} if self.head else {}
        for row in self.rows:
            said = dict(zip(self.columns, row, strict=True))
            found[(self.path, *(said[k] for k in self.key))] = said
        return found


@dataclass
class Change:
    """What an import does to one kind of part. `refused` are rows or files that can't be taken: (path, line or 0, why)."""

    group: str
    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    refused: list[tuple[str, int, T]] = field(default_factory=list)


def compare(before: Iterable[Part], after: Iterable[Part]) -> dict[str, Change]:
    """What is new, different, at its end or as it was, kind by kind."""
    found = {group: Change(group) for group in GROUPS}
    was: dict[tuple[str, ...], dict[str, str]] = {}
    for part in before:
        was |= {(part.group, *key): row for key, row in part.items().items()}
    for part in after:
        change = found[part.group]
        for key, row in part.items().items():
            old = was.get((part.group, *key))
            if old is None:
                change.added += 1
            elif old == row:
                change.unchanged += 1
            elif _open(old.get(part.ends)) and not _open(row.get(part.ends)):
                change.ended += 1
            else:
                change.changed += 1
    return found


def _open(said: str | None) -> bool:
    return said in (None, "", "-", "None")


def pack(parts: Sequence[Part], *, program: str, made_on: date, made_by: str) -> bytes:
    """One zip; the parts are byte for byte the same whenever the configuration is."""
    contents = {part.path: part.content() for part in parts}
    manifest = {
        "format": FORMAT,
        "program": program,
        "made_on": str(made_on),
        "made_by": made_by,
        "parts": [{"path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for path, content in contents.items()],
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=2).encode(), **contents}.items():
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Manifest and parts by their paths, in the order in which they are applied. Refused for what is no such file, was altered, or is made by a
    newer program. Nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
                raise _no(f"超过 {MOST_BYTES >> 20} MB", f"it is larger than {MOST_BYTES >> 20} MB")
            files = {info.filename: archive.open(info).read(MOST_BYTES) for info in infos}
        manifest = json.loads(files.pop(MANIFEST))
        hashes = {part["path"]: part["sha256"] for part in manifest["parts"]}
        version = int(manifest["format"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, RuntimeError, NotImplementedError, EOFError, OSError, RecursionError):
        raise _no("不是配置文件，或已损坏", "it is no configuration, or damaged") from None
    if version != FORMAT:
        raise _no(f"格式 {version} 不认识", f"its format {version} is unknown")
    if hashes != {path: hashlib.sha256(part).hexdigest() for path, part in files.items()}:
        raise _no("内容与清单不符", "its parts are not those of its manifest")
    if unknown := [path for path in files if group_of(path) is None]:
        raise _no(f"有不认识的部分：{unknown[0]}", f"it has a part that is unknown: {unknown[0]}")
    order = list(GROUPS)
    return manifest, dict(sorted(files.items(), key=lambda item: (order.index(group_of(item[0]) or ""), _natural(item[0]))))


def group_of(path: str) -> str | None:
    """Which kind of part lies there."""
    return next((group for group, pattern in GROUPS.items() if pattern.fullmatch(path)), None)


def _natural(path: str) -> list[tuple[int, str]]:
    """Version 10 after version 9."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in re.split(r"(\d+)", path)]


def _no(zh: str, en: str) -> Refused:
    return Refused(T(f"配置文件不能用：{zh}", f"this file can't be used: {en}"), code="no_configuration")


def file_name(*codes: str, taken: set[str]) -> str:
    """A name for a file by the codes of what it holds, used once."""
    stem = re.sub(r"[^\w.-]+", "_", "__".join(codes)) or "_"
    name, n = stem, 2
    while name in taken:
        name, n = f"{stem}_{n}", n + 1
    taken.add(name)
    return name
