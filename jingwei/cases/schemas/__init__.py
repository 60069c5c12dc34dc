"""What the case doors take and answer."""

from jingwei.cases.schemas.incoming import CaseIn, LocateIn, MoveIn, NearIn, Number, PositionIn, ReasonIn, ReporterIn, TieIn
from jingwei.cases.schemas.making import advice_out, file_out, near_out, page_out, reporter_out, row_out, rows_out, whole_out
from jingwei.cases.schemas.outgoing import AdviceOut, CaseOut, CasePage, CaseRow, CountOut, FileOut, NearPage, ProposedOut, ReporterOut, TextOffered
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
    "ProposedOut",
    "ReasonIn",
    "ReporterIn",
    "ReporterOut",
    "TextOffered",
    "TieIn",
    "advice_out",
    "case_file",
    "file_out",
    "near_out",
    "page_out",
    "reporter_out",
    "row_out",
    "rows_out",
    "whole_out",
]
