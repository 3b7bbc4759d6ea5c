"""Reading an SSDA903 set: the CSV files of a folder to rows with line numbers, table by table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import (
    cells_of,
    delimiter,
    not_utf8,
    refuse_twice,
    table_called,
    table_twice,
)
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.spreadsheets import DO_NOT_OPEN, FORMULA_STARTS, LONGEST_CELL, SIGNED_NUMBER

_NUMBER = re.compile(SIGNED_NUMBER, re.ASCII)


@dataclass(frozen=True)
class CsvRow:
    """One row: the child it is about, the table, the line in its file, and its cells by column name."""

    child: str
    table: str
    line: int
    cells: dict[str, str]


@dataclass
class CsvSet:
    """The files of one set, matched to tables by name."""

    files: dict[str, Path]
    tables: tuple[Table, ...]
    year: int
    shown_as: str
    present: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._matched: dict[str, tuple[Table, Path]] = {}
        for name, path in self.files.items():
            table = self._table(name)
            if table is None:
                self.notes.append(f"{name} is not a file of the set: kept, not read")
            elif table.name in self.present:
                raise table_twice(table.name, self.shown_as)
            else:
                self.present.add(table.name)
                self._matched[name] = table, path
                if not table.in_year(self.year):
                    self.notes.append(f"{name}: the layout of that year has no table {table.name}; read all the same")
        missing = [table.name for table in self.tables if table.needed and table.name not in self.present]
        if missing:
            raise InputProblem(
                f"The set has no file for the table {' and '.join(missing)}",
                self.shown_as,
                "Give the folder that holds the whole set; files are found by name, as in episodes.csv.",
            )

    def _table(self, name: str) -> Table | None:
        bare = table_called(name)
        return next((table for table in self.tables if bare in table.files), None)

    def rows(self) -> Iterator[CsvRow]:
        """Every row of every table. Raises InputProblem for a file that cannot be read, and for a set without any row."""
        empty = True
        for name, (table, path) in self._matched.items():
            where = f"{self.shown_as}/{name}"
            try:
                with path.open(newline="", encoding="utf-8-sig") as source:
                    for row in self._read(table, source, where):
                        empty = False
                        yield row
            except UnicodeDecodeError:
                raise not_utf8(where) from None
        if empty:
            raise InputProblem(
                "The set holds no rows: its files have nothing below their first lines",
                self.shown_as,
                "Export it again, and check that the year chosen there is the right one.",
            )

    def _read(self, table: Table, source: TextIO, where: str) -> Iterator[CsvRow]:
        heading = source.readline()
        names = self._columns(table, heading, where)
        reader = csv.reader(source, delimiter=delimiter(heading), strict=True)
        # In quick files, one check of the whole line is cheaper than one of each cell.
        line = 2
        try:
            for cells in reader:
                if any(cells):
                    yield self._row(table, names, cells, line, where)
                line = reader.line_num + 2
        except csv.Error:
            raise InputProblem(
                "The file is not well-formed CSV: quotation marks do not match, or a cell is too long",
                f"{where}, line {line}",
                "Export it again; if it was sent, check that all of it arrived.",
            ) from None

    def _columns(self, table: Table, heading: str, where: str) -> list[str]:
        known = {column.name.upper(): column.name for column in table.columns}
        names = [known.get(cell.upper(), cell) for cell in cells_of(heading)]
        needed = [column.name for column in table.layout(self.year) if not column.optional]
        if missing := [name for name in needed if name not in names]:
            raise InputProblem(
                f"The table {table.name} has no column {', '.join(missing)}",
                f"{where}, line 1",
                "The first line names the columns as the SSDA903 guide does, parted by commas.",
            )
        refuse_twice(names, where)
        self.odd.update(f"{table.name}.{name[:60]}" for name in names if name and name.upper() not in known)
        return names

    def _row(self, table: Table, names: list[str], cells: list[str], line: int, where: str) -> CsvRow:
        if len(cells) != len(names):
            if len(cells) < len(names) or any(cells[len(names) :]):
                raise InputProblem(
                    f"The row has {len(cells)} cells where the first line has {len(names)}",
                    f"{where}, line {line}",
                    "Export the file again; if it was sent, check that all of it arrived.",
                )
            cells = cells[: len(names)]
        for cell in cells:
            if cell and (cell[0] in FORMULA_STARTS or "\x00" in cell or len(cell) > LONGEST_CELL):
                _refuse(cell, f"{where}, line {line}")
        found = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name and cell}
        return CsvRow(found.get("CHILD", ""), table.name, line, found)


def _refuse(cell: str, where: str) -> None:
    if "\x00" in cell or len(cell) > LONGEST_CELL:
        raise InputProblem("A cell holds no text of a return", where, "Export the file again.")
    if not _NUMBER.fullmatch(cell.strip()):
        raise InputProblem(
            "A cell holds a spreadsheet formula, which a return never needs and an attack does",
            where,
            DO_NOT_OPEN,
        )
