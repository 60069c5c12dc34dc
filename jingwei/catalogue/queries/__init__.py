"""Reading the catalogue: one immutable snapshot a process, and what screens list besides."""

from jingwei.catalogue.queries.reading import catalogue, current_revision
from jingwei.catalogue.queries.snapshot import Catalogue

__all__ = ["Catalogue", "catalogue", "current_revision"]
