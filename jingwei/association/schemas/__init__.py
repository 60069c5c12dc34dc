"""What the doors of association take and answer."""

from jingwei.association.schemas.calling import as_csv, as_pdf
from jingwei.association.schemas.panorama import CallOutIn, InsidePage, InsidePeopleIn, PanoramaOut, ShapeIn, inside_page, panorama_out
from jingwei.association.schemas.search import FoundOut, SearchIn, found_out
from jingwei.association.schemas.tied import AssociationOut, association_out

__all__ = [
    "AssociationOut",
    "CallOutIn",
    "FoundOut",
    "InsidePage",
    "InsidePeopleIn",
    "PanoramaOut",
    "SearchIn",
    "ShapeIn",
    "as_csv",
    "as_pdf",
    "association_out",
    "found_out",
    "inside_page",
    "panorama_out",
]
