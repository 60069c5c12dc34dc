"""A file as plain lines: `[number, cell, …]` in JSON, one a line, with marks by which any block of lines is found at once."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from jingwei.kit.sheets.values import Cell, Line
from jingwei.kit.text import T


@dataclass(frozen=True)
class Staged:
    """The lines of a file, in blocks of `size`. Beside `path` lies its `.marks`: where each block begins."""

    path: Path
    lines: int
    size: int
    marks: "array[int]"

    @property
    def blocks(self) -> int:
        return len(self.marks) - 1

    def block(self, number: int) -> list[Line]:
        """The lines of one block (the first is 0)."""
        with self.path.open("rb") as stream:
            stream.seek(self.marks[number])
            content = stream.read(self.marks[number + 1] - self.marks[number])
        return [_line(orjson.loads(text)) for text in content.splitlines()]

    @staticmethod
    def at(path: Path) -> "Staged":
        """What `stage` has left at `path`. Raises FileNotFoundError."""
        marks = array("q", path.with_suffix(".marks").read_bytes())
        size, lines = marks[0], marks[1]
        return Staged(path, lines, size, marks[2:])


def stage(lines: Iterable[Line], path: Path, size: int) -> Staged:
    """Write `lines` to `path`, in blocks of `size`. It is there as a whole, or not at all."""
    marks, count, at = array("q"), 0, 0
    draft = path.with_suffix(".draft")
    with draft.open("wb", buffering=1 << 20) as out:
        for number, cells in lines:
            if count % size == 0:
                marks.append(at)
            text = _text(number, cells)
            out.write(text)
            at += len(text)
            count += 1
    marks.append(at)
    path.with_suffix(".marks").write_bytes(array("q", [size, count, *marks]).tobytes())
    draft.replace(path)
    return Staged(path, count, size, marks)


def _text(number: int, cells: list[Cell]) -> bytes:
    try:
        return orjson.dumps([number, *[cell if isinstance(cell, str) else cell.json() for cell in cells]], option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a lone surrogate: it was no character of the file's encoding
        plain = [cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell.json() for cell in cells]
        return orjson.dumps([number, *plain], option=orjson.OPT_APPEND_NEWLINE)


def _line(values: list[Any]) -> Line:
    return Line(values[0], [cell if isinstance(cell, str) else T(cell["zh"], cell["en"]) for cell in values[1:]])
