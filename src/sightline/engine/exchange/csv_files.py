"""The CSV files of returns, read in one way for the import and the rules: which table a file is, its lines with their numbers, what is refused.

The reading that counts is line by line (`lines`), strict about quotation marks. Where a whole table is wanted at once, a file without quotation
marks is parted by Arrow instead, in a fraction of the time; whatever Arrow or a check stumbles over there is read by lines, which say where it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sightline.core.errors import InputProblem
from sightline.engine.exchange.spreadsheets import FORMULA_STARTS, LONGEST_CELL, fault_of, has_faults, refusal

#: A line of a table: its number, and its cells.
Line = tuple[int, list[str]]

_DELIMITERS = ",;\t|"
#: What a file's name may carry around the table's: `SSDA903_Episodes_2017-18.csv`.
_AROUND = re.compile(r"^(ssda903|ssda|903)|(19|20)\d\d[-_ ]?(\d\d)?(\d\d)?$")
_LOUD = re.compile(r"[^a-z0-9]")
#: What Python takes for space, so that Arrow trims the same.
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
#: A cell of which something is to be taken away: spaces at either end, or all of it.
_LOOSE = rf"^[{_SPACES}]|[{_SPACES}]$|^$"
_QUOTE = b'"'
_BLOCK, _BATCH = 1 << 20, 20_000


def stem_of(file: str) -> str:
    """A file's name without its ending; empty for a file that is no CSV."""
    stem, _, ending = file.rpartition(".")
    return stem if ending.lower() in ("csv", "txt") else ""


def table_called(stem: str) -> str:
    """The table that a file's name speaks of, by its letters and digits."""
    return _LOUD.sub("", _AROUND.sub("", _AROUND.sub("", stem.lower()).strip("-_ ")))


def table_twice(table: str, where: str) -> InputProblem:
    """Two files that are one table."""
    return InputProblem(f"Two files are the table {table}", where, "Leave one of them in the folder.")


def lines(path: Path, where: str) -> Iterator[Line]:
    """The lines of a file as they stand, the first one and empty ones among them. Raises InputProblem."""
    number = 1
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            heading = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=_delimiter(heading), strict=True)
            for cells in reader:
                yield number, cells
                number = reader.line_num + 1
    except UnicodeDecodeError:
        raise InputProblem(
            "The file is not UTF-8 text", where, "Save it again as 'CSV UTF-8'; Excel's plain 'CSV' is not."
        ) from None
    except csv.Error:
        raise InputProblem(
            "The file is not well-formed CSV: quotation marks do not match, or a cell is too long",
            f"{where}, line {number}",
            "Export it again; if it was sent, check that all of it arrived.",
        ) from None


def _delimiter(heading: str) -> str:
    """What parts the cells of a file, from its first line."""
    return max(_DELIMITERS, key=heading.count)


def fits(cells: Sequence[str], heading: Sequence[str], where: str, line: int) -> None:
    """Raises InputProblem for a row that lacks a cell of a column with a name, or says something beyond the last column."""
    short, long = len(cells) < len(heading), len(cells) > len(heading)
    if (short and any(heading[len(cells) :])) or (long and any(cells[len(heading) :])):
        raise InputProblem(
            f"The row has {len(cells)} cells where the first line has {len(heading)}",
            f"{where}, line {line}",
            "Export the file again; if it was sent, check that all of it arrived.",
        )


class CsvFile:
    """A file whose first line names its columns. Rows that say nothing are passed over; cells come without spaces around them."""

    def __init__(self, path: Path, where: str) -> None:
        """Reads the first line. Raises InputProblem."""
        self._path = path
        self._where = where
        self.heading = next((self._texts(cells, number) for number, cells in lines(path, where)), [])

    def rows(self) -> Iterator[Line]:
        """The rows below the first line, each with a cell for every column. Raises InputProblem."""
        width = len(self.heading)
        for number, cells in islice(lines(self._path, self._where), 1, None):
            texts = self._texts(cells, number)
            if any(texts):
                if len(texts) != width:
                    fits(texts, self.heading, self._where, number)
                    texts = (texts + [""] * width)[:width]
                yield number, texts

    def columns(self) -> tuple[list[Any], Any]:
        """The texts of each column as arrays of Arrow, null where a cell is empty, and the line of each row. Raises InputProblem."""
        found = None if self._has_quotes() else self._parted_by_arrow()
        return found or self._parted_by_line()

    def _texts(self, cells: list[str], line: int) -> list[str]:
        texts = [cell.strip() for cell in cells]
        for text in texts:
            # Most cells need no closer look, and there are millions of them.
            closer = text and (text[0] in FORMULA_STARTS or "\x00" in text or len(text) > LONGEST_CELL)
            if closer and (fault := fault_of(text)):
                raise refusal(fault, self._where, line)
        return texts

    def _has_quotes(self) -> bool:
        with self._path.open("rb") as file:
            return any(_QUOTE in block for block in iter(lambda: file.read(_BLOCK), b""))

    def _parted_by_arrow(self) -> tuple[list[Any], Any] | None:
        """The same; nothing where the file is to be read by lines."""
        if not self.heading:
            return None
        names = [str(number) for number in range(len(self.heading))]
        try:
            with self._path.open(encoding="utf-8-sig") as file:
                parted_by = _delimiter(file.readline())
            table = arrow_csv.read_csv(
                self._path,
                read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1),
                # An empty line counts as a row, so that rows keep the numbers of their lines.
                parse_options=arrow_csv.ParseOptions(delimiter=parted_by, quote_char=False, ignore_empty_lines=False),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
                ),
            )
        except pa.ArrowInvalid:
            return None
        columns = [trimmed(column) for column in table.columns]
        if any(has_faults(column) for column in columns):
            return None
        return _saying_something(columns, pa.array(range(2, table.num_rows + 2), pa.int32()))

    def _parted_by_line(self) -> tuple[list[Any], Any]:
        rows = self.rows()
        numbers: list[int] = []
        parts: list[list[Any]] = [[] for _ in self.heading]
        while batch := list(islice(rows, _BATCH)):
            numbers += [number for number, _cells in batch]
            for part, cells in zip(parts, zip(*(cells for _number, cells in batch), strict=True), strict=True):
                part.append(pa.array([cell or None for cell in cells], pa.string()))
        return [pa.chunked_array(part, pa.string()) for part in parts], pa.array(numbers, pa.int32())


def _saying_something(columns: list[Any], numbers: Any) -> tuple[list[Any], Any]:
    """Without the rows of which every cell is empty."""
    told = reduce(pc.or_, (pc.is_valid(column) for column in columns)).combine_chunks()
    if pc.all(told).as_py():
        return columns, numbers
    return [column.filter(told) for column in columns], numbers.filter(told)


def trimmed(cells: Any) -> Any:
    """A column of texts without spaces around them, null where nothing is left; the column itself where it is so already."""
    if not pc.any(pc.match_substring_regex(cells, _LOOSE)).as_py():
        return cells
    bare = pc.utf8_trim(cells, characters=_SPACES)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)
