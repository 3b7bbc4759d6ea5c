"""Tables of a return as they come: CSV files and the sheets of a workbook, read to texts with their line numbers.

A workbook is an archive of XML, so it is looked into before it is read: how large it is when unpacked, and that nothing in it declares entities.
A formula counts as the value that was last worked out for it; none is worked out here.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sightline.core.errors import InputProblem
from sightline.engine.exchange import receiving
from sightline.engine.exchange.csv_files import Line, lines
from sightline.engine.exchange.spreadsheets import fault_of, refusal

UNPACKED = 500 * receiving.MEGABYTE
#: No list of a return is as large; a sheet that is was made to be.
MOST_LINES, MOST_CELLS = 500_000, 300
MOST_SHEETS = 60
MOST_REMEMBERED = 100_000
#: What spreadsheets and people write where there is nothing.
NOTHING = frozenset({"-", "#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#null!", "nan"})
#: How the reader fails over archives and parts that are not what they should be.
_SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    # A part may be read by either parser.
    ParseError,
    XMLSyntaxError,
    InvalidFileException,
    AttributeError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    NotImplementedError,
    OSError,
    EOFError,
)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its content: an archive."""
    with path.open("rb") as file:
        return file.read(4) == receiving.ZIP


def csv_lines(path: Path, where: str) -> Iterator[Line]:
    """The lines of a CSV file. Raises InputProblem."""
    read = _Cells(where)
    for number, cells in lines(path, where):
        yield number, read.texts(cells, number)


def workbook_lines(path: Path, where: str) -> list[tuple[str, list[Line]]]:
    """The sheets of a workbook that hold anything: title and lines. Raises InputProblem."""
    try:
        _look_into(path, where)
        # The reader warns of odd cells by quoting what they hold, which is a child's: nothing of it may reach a log.
        with path.open("rb") as file, warnings.catch_warnings(action="ignore"):
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            if len(book.worksheets) > MOST_SHEETS:
                raise _refused(f"The workbook has {len(book.worksheets)} sheets", where)
            read = [(one.title[:60], _sheet_lines(one, f"{where}, {one.title[:60]}")) for one in book.worksheets]
    except _SPOILT:
        raise _refused("The workbook cannot be read: it is cut short, protected or of an older kind", where) from None
    return [(title, held) for title, held in read if held]


def _sheet_lines(sheet: Any, where: str) -> list[Line]:
    found: list[Line] = []
    read = _Cells(where)
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_CELLS), start=1):
        if number > MOST_LINES:
            raise _refused(f"The sheet has more than {MOST_LINES:,} lines", where)
        if any(cell is not None for cell in cells):
            found.append((number, read.texts(cells, number)))
    # What stands beside a table, under no heading, is none of it.
    width = max((len(cells) for _number, cells in found), default=0)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in found]


def _look_into(path: Path, where: str) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > UNPACKED or len(parts) > 2_000:
            raise _refused("The workbook is larger than any return when it is unpacked", where)
        for part in parts:
            with archive.open(part) as content:
                start = content.read(receiving.MEGABYTE)
            if receiving.declares_entities(start):
                raise _refused("A part of the workbook declares a document type or entities, as an attack does", where)


def _refused(what: str, where: str) -> InputProblem:
    return InputProblem(what, where, "Ask whoever sent it for a plain workbook (.xlsx), or for the lists as CSV files.")


class _Cells:
    """Makes texts of the cells of one file. It repeats few of them many times: they are remembered until it has been read, and no longer."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._tidy = lru_cache(maxsize=MOST_REMEMBERED)(_tidy)

    def texts(self, cells: Sequence[Any], line: int) -> list[str]:
        """The texts of a line. Raises InputProblem."""
        return ["" if cell is None or cell == "" else self._text(cell, line) for cell in cells]

    def _text(self, cell: Any, line: int) -> str:
        """Days as day/month/year, single spaces, nothing where a cell says that there is nothing."""
        if isinstance(cell, datetime | date):
            return cell.strftime("%d/%m/%Y")
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        if isinstance(cell, bool):
            return "Yes" if cell else "No"
        text, wrong = self._tidy(str(cell))
        if wrong:
            raise refusal(wrong, self._where, line)
        return text


def _tidy(cell: str) -> tuple[str, str]:
    """A text with single spaces, and what is wrong with it."""
    text = " ".join(cell.split())
    if text.lower() in NOTHING:
        return "", ""
    return text, fault_of(text)
