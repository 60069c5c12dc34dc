"""What association writes: only that somebody looked."""

from jingwei.association.actions.reading import read_association

__all__ = ["read_association"]
