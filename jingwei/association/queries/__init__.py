"""Every read of association."""

from jingwei.association.queries.centres import Node
from jingwei.association.queries.tied import Association, Edge, List, association

__all__ = ["Association", "Edge", "List", "Node", "association"]
