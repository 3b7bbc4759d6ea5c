"""Figures, lists, reports and reference."""

from .rights import EVERYONE, FIGURES, READS_ROWS, Table

TABLE: Table = {
    "home": (EVERYONE, {}, False),
    "health": (None, {}, False),
    "sign-in": (None, {}, False),
    "sign-out": (EVERYONE, {}, True),
    "scorecards": (FIGURES, {}, False),
    "scorecard": (FIGURES, {"chapter": "child_protection"}, False),
    "measure": (FIGURES, {"id": "cp.open"}, False),
    "measure-csv": (FIGURES, {"id": "cp.open"}, False),
    "measure-json": (FIGURES, {"id": "cp.open"}, False),
    "list": (FIGURES, {"id": "cp.open"}, False),
    "list-csv": (READS_ROWS, {"id": "cp.open"}, True),
    "reports": (FIGURES, {}, False),
    "report": (FIGURES, {"year": "2016-17"}, False),
    "report-chapter": (FIGURES, {"year": "2016-17", "chapter": "child_protection"}, False),
    "report-file": (FIGURES, {"year": "2016-17", "name": "report.pdf"}, False),
    "coverage": (EVERYONE, {}, False),
    "reference": (EVERYONE, {}, False),
    "dictionary": (EVERYONE, {}, False),
    "dictionary-table": (EVERYONE, {"table": "child_protection_plan"}, False),
    "clocks": (EVERYONE, {}, False),
    "measures": (EVERYONE, {}, False),
    "facts": (EVERYONE, {}, False),
    "codes": (EVERYONE, {}, False),
    "code-set": (EVERYONE, {"name": "sex"}, False),
    "roles": (EVERYONE, {}, False),
}
