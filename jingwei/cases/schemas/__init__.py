"""What the case doors take and answer."""

from jingwei.cases.schemas.incoming import CaseIn, LocateIn, MoveIn, NearIn, Number, PositionIn, ReasonIn, ReporterIn
from jingwei.cases.schemas.making import file_out, near_out, page_out, reporter_out, row_out, rows_out, state_out, whole_out
from jingwei.cases.schemas.outgoing import AdviceOut, CaseOut, CasePage, CaseRow, CountOut, FileOut, NearPage, ReporterOut, TextOffered
from jingwei.cases.schemas.printing import case_file

__all__ = [
    "AdviceOut",
    "CaseIn",
    "CaseOut",
    "CasePage",
    "CaseRow",
    "CountOut",
    "FileOut",
    "LocateIn",
    "MoveIn",
    "NearIn",
    "NearPage",
    "Number",
    "PositionIn",
    "ReasonIn",
    "ReporterIn",
    "ReporterOut",
    "TextOffered",
    "case_file",
    "file_out",
    "near_out",
    "page_out",
    "reporter_out",
    "row_out",
    "rows_out",
    "state_out",
    "whole_out",
]
