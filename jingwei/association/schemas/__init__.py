"""What the doors of association take and answer."""

from jingwei.association.schemas.tied import AssociationOut, association_out

__all__ = ["AssociationOut", "association_out"]
