"""What association writes: only that somebody looked, or took a list away."""

from jingwei.association.actions.calling import CallOut, call_out
from jingwei.association.actions.reading import read_association

__all__ = ["CallOut", "call_out", "read_association"]
