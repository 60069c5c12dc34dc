"""Shapes that every door shares."""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from jingwei.kit.text import T


class In(BaseModel):
    """A body that comes in may have no field that isn't known: a typing error is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Name(BaseModel):
    """A label in both languages."""

    zh: str
    en: str

    @staticmethod
    @lru_cache(4096)
    def of(t: T) -> "Name":
        """The label, made once: labels are few and are repeated in every row."""
        return Name(zh=t.zh, en=t.en)


class Coded(BaseModel):
    """A code with its name (names of the catalogue and of places are Chinese only)."""

    code: str
    name: str

    @staticmethod
    @lru_cache(4096)
    def of(code: str, name: str) -> "Coded":
        """The same, made once."""
        return Coded(code=code, name=name)


class CodedName(BaseModel):
    """A code with its name in both languages."""

    code: str
    name: Name

    @staticmethod
    @lru_cache(4096)
    def of(code: str, name: T) -> "CodedName":
        """The same, made once."""
        return CodedName(code=code, name=Name.of(name))


class UnitRef(BaseModel):
    id: int
    name: str


class FieldProblem(BaseModel):
    field: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details; `errors` names the fields, `present` (409) is the present state."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    present: dict[str, Any] | None = None


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), ProblemOut)
