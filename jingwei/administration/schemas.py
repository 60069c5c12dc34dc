"""What the doors of administration take and answer."""

from typing import Annotated

from pydantic import BaseModel, Field

from jingwei.administration.rules.parts import Change
from jingwei.kit.schemas import In, Name


class HoldingsOut(BaseModel):
    """What a unit holds: open cases, dispatch rules and roles that run or are to begin, units below it."""

    cases: int
    rules: int
    grants: int
    below: int


class CloseIn(In):
    """`successor` takes over the dispatch rules and the roles."""

    seen_version: Annotated[int, Field(ge=1, lt=2**31)]
    successor: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class RefusedPart(BaseModel):
    """A row of a part (line 0: the whole of it) and why it can't be taken."""

    path: str
    line: int
    reason: Name


class PartChange(BaseModel):
    """What an import does, or would do, to one kind of part."""

    part: str
    added: int
    changed: int
    ended: int
    unchanged: int
    refused: list[RefusedPart]


class ConfigurationOut(BaseModel):
    """`applied`: everything was done; false after a dry run, and where something was refused."""

    dry_run: bool
    applied: bool
    parts: list[PartChange]


def configuration_out(changes: list[Change], dry_run: bool) -> ConfigurationOut:
    return ConfigurationOut(
        dry_run=dry_run,
        applied=not dry_run and not any(c.refused for c in changes),
        parts=[
            PartChange(
                part=c.group,
                added=c.added,
                changed=c.changed,
                ended=c.ended,
                unchanged=c.unchanged,
                refused=[RefusedPart(path=path, line=line, reason=Name.of(why)) for path, line, why in c.refused[:200]],
            )
            for c in changes
        ],
    )
