"""What spreadsheets do to a return: cells that are formulas, which attack whoever opens the file."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sightline.core.errors import InputProblem

#: How a text begins that a spreadsheet would run. A number with a sign is none.
FORMULA_STARTS = ("=", "+", "-", "@")
SIGNED_NUMBER = r"[+-]?\d+([./]\d+)*"
LONGEST_CELL = 2000
DO_NOT_OPEN = "Do not open it in a spreadsheet; ask whoever sent it for a plain export."
_FORMULA = rf"^\s*[{re.escape(''.join(FORMULA_STARTS))}]"
_NUMBER = rf"^\s*{SIGNED_NUMBER}\s*$"


def refuse_formulas(cells: pa.ChunkedArray[Any], where: str, column: str) -> None:
    """Raises InputProblem where a cell of a column is a formula, holds a null byte or is longer than any cell of a return."""
    formula = pc.and_(pc.match_substring_regex(cells, _FORMULA), pc.invert(pc.match_substring_regex(cells, _NUMBER)))
    if pc.any(formula).as_py():
        raise InputProblem(
            f"A cell of the column {column[:60]} holds a spreadsheet formula, which a return never needs and an attack does",
            where,
            DO_NOT_OPEN,
        )
    odd = pc.or_(pc.greater(pc.utf8_length(cells), LONGEST_CELL), pc.match_substring(cells, "\x00"))
    if pc.any(odd).as_py():
        raise InputProblem(
            f"A cell of the column {column[:60]} holds no text of a return", where, "Export the file again."
        )


def safe(cell: Any) -> Any:
    """A cell for a file that will be opened in a spreadsheet: a text that would run there is quoted."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*FORMULA_STARTS, "\t", "\r")) else cell
