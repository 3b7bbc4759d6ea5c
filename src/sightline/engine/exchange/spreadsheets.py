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
NO_TEXT = "A cell holds no text of a return"
FORMULA = "A cell holds a spreadsheet formula, which a return never needs and an attack does"
_NUMBER = re.compile(SIGNED_NUMBER, re.ASCII)
_ADVICE = {
    NO_TEXT: "Export the file again.",
    FORMULA: "Do not open it in a spreadsheet; ask whoever sent it for a plain export.",
}


def fault_of(text: str) -> str:
    """What is wrong with the text of a cell, without spaces around it: a formula, a null byte, or longer than any cell of a return."""
    if len(text) > LONGEST_CELL or "\x00" in text:
        return NO_TEXT
    return FORMULA if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text) else ""


def has_faults(cells: pa.ChunkedArray[Any]) -> bool:
    """Whether a column has a cell of which `fault_of` tells something."""
    starts = pc.match_substring_regex(cells, f"^[{re.escape(''.join(FORMULA_STARTS))}]")
    formula = pc.and_not(starts, pc.match_substring_regex(cells, f"^{SIGNED_NUMBER}$"))
    odd = pc.or_(pc.greater(pc.utf8_length(cells), LONGEST_CELL), pc.match_substring(cells, "\x00"))
    return bool(pc.any(pc.or_(formula, odd)).as_py())


def refusal(fault: str, where: str, line: int) -> InputProblem:
    """A file with such a cell."""
    return InputProblem(fault, f"{where}, line {line}", _ADVICE[fault])


def safe(cell: Any) -> Any:
    """A cell for a file that will be opened in a spreadsheet: a text that would run there is quoted."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*FORMULA_STARTS, "\t", "\r")) else cell
