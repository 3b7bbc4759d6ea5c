"""Reading a return whose layout is declared as tables: finds the table of each file or sheet and the column of each heading.

A file is found by its name, a sheet by its title; one that carries neither is found by its headings. Headings are compared by their letters and
digits, then by the column's pattern. What is read serves the import and the rules alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import Line, fits, stem_of, table_called, table_twice
from sightline.engine.exchange.declarations import Column, Kind, Table
from sightline.engine.exchange.rules.declarations import plain
from sightline.engine.exchange.sheets import csv_lines, is_workbook, workbook_lines
from sightline.engine.exchange.values import REMEMBERED_DAYS

#: The headings stand in one of the first lines: some put a title above them.
FIRST_LINES = 10
#: A table that nothing names is taken for the one whose columns it has, from this share of them on.
ENOUGH = 0.8


@dataclass(frozen=True)
class Sheet:
    """One table as it came: texts by column, and the line that each row stands in. `unknown` and `missing` are headings.

    A column is a list of texts or an array of Arrow. Its texts have no spaces around them.
    """

    table: Table
    columns: Mapping[str, Any]
    lines: Sequence[int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def to_pydict(self) -> Mapping[str, Any]:
        """The texts by column, as the rules take tables."""
        return self.columns

    def row(self, number: int) -> dict[str, str]:
        """The cells of a row that hold anything."""
        found = ((name, cells[number]) for name, cells in self.columns.items())
        texts = ((name, cell if isinstance(cell, str) else cell.as_py()) for name, cell in found)
        return {name: text for name, text in texts if text}


class Reader:
    """Reads the files of one return."""

    def __init__(
        self,
        tables: tuple[Table, ...],
        named: Callable[[str], Table | None],
        *,
        day: Callable[[str], str] = str,
    ) -> None:
        self._tables = tables
        self._named = named
        # A file repeats few days many times. Remembered with the reader, which goes when the file has been read.
        self._day = lru_cache(maxsize=REMEMBERED_DAYS)(day)

    def read(self, files: Mapping[str, Path], shown_as: str) -> dict[str, Sheet]:
        """The tables that were found, by name. What is no table of the return is left. Raises InputProblem."""
        found: dict[str, Sheet] = {}
        for file, path in files.items():
            where = shown_as if len(files) == 1 else f"{shown_as}/{file}"
            for sheet in self._sheets(file, path, where):
                if sheet.table.name in found:
                    raise table_twice(sheet.table.name, shown_as)
                found[sheet.table.name] = sheet
        if not found:
            raise InputProblem(
                "No table of the return was found",
                shown_as,
                f"Give the files that hold it, named as in {self._tables[0].name}.csv, or with its columns' names in the first line.",
            )
        return found

    def _sheets(self, file: str, path: Path, where: str) -> list[Sheet]:
        if is_workbook(path):
            read = [
                (title, f"{where}, {title}", self._named(title), lines) for title, lines in workbook_lines(path, where)
            ]
        elif stem := stem_of(file if "." in file else f"{file}.csv"):
            read = [(file, where, self._named(stem), list(csv_lines(path, where)))]
        else:
            read = []
        sheets = []
        for _title, place, table, lines in read:
            found = table or self._by_headings(lines)
            if found is not None:
                sheets.append(self._sheet(found, lines, place))
        return sheets

    def _by_headings(self, lines: list[Line]) -> Table | None:
        for _number, cells in lines[:FIRST_LINES]:
            shares = {table.name: len(matched(table, cells)) / len(table.columns) for table in self._tables}
            best = max(self._tables, key=lambda table: shares[table.name])
            if shares[best.name] >= ENOUGH:
                return best
        return None

    def _sheet(self, table: Table, lines: list[Line], where: str) -> Sheet:
        first, at = max(
            ((number, matched(table, cells)) for number, (_line, cells) in enumerate(lines[:FIRST_LINES])),
            key=lambda one: len(one[1]),
            default=(0, {}),
        )
        if not at:
            raise InputProblem(
                f"No line names the columns of {table.name}",
                where,
                f"Its first line names them: {', '.join(column.name for column in table.columns[:5])} and so on.",
            )
        number, heading = lines[first]
        refuse_twice(table, heading, at, f"{where}, line {number}")
        rows = [(line, cells) for line, cells in lines[first + 1 :] if any(cells)]
        for line, cells in rows:
            fits(cells, heading, where, line)
        columns = {
            column.name: [self._cell(column, cells[place] if place < len(cells) else "") for _line, cells in rows]
            for place, column in at.items()
        }
        return sheet_of(table, heading, at, columns, [line for line, _cells in rows])

    def _cell(self, column: Column, text: str) -> str:
        return self._day(text) if text and column.kind is Kind.DAY else text


def sheet_of(
    table: Table,
    heading: Sequence[str],
    at: Mapping[int, Column],
    columns: Mapping[str, Any],
    lines: Sequence[int],
) -> Sheet:
    """A table as it came under a heading."""
    held = {column.name for column in at.values()}
    return Sheet(
        table=table,
        columns=columns,
        lines=lines,
        unknown=tuple(cell[:60] for place, cell in enumerate(heading) if cell and place not in at),
        missing=tuple(column.name for column in table.columns if column.name not in held and not column.optional),
    )


def by_file_name(tables: tuple[Table, ...]) -> Callable[[str], Table | None]:
    """Finds a table by the letters and digits of a file's name, without its ending."""
    names = {one: table for table in tables for one in (*table.other, plain(table.name))}
    return lambda name: names.get(table_called(name))


def layout_faults(tables: tuple[Table, ...], sheets: Mapping[str, Sheet]) -> list[tuple[int, str]]:
    """Where files do not have the layout: tables and columns that did not come, headings that no column goes by."""
    found = [(1, f"{table.name} did not come") for table in tables if table.name not in sheets]
    for sheet in sheets.values():
        found += [(1, f"{sheet.table.name} has no column '{name}'") for name in sheet.missing]
        found += [(1, f"{sheet.table.name}: no column is known as '{name}'") for name in sheet.unknown]
    return found


def refuse_twice(table: Table, heading: Sequence[str], at: Mapping[int, Column], where: str) -> None:
    """Raises InputProblem where two headings are one column: nobody can tell which of them is meant."""
    known = {plain(column.name) for column in at.values()}
    if any(plain(cell) in known for place, cell in enumerate(heading) if place not in at):
        raise InputProblem(f"A column of {table.name} comes twice", where, "Leave each column once.")


def kept_with_the_file(columns: Iterable[Column]) -> list[str]:
    """What to say of columns that came and become no part of a record."""
    found = dict.fromkeys(column.name for column in columns if not column.recorded)
    return [f"Columns kept with the file, not recorded: {', '.join(found)}"] if found else []


def matched(table: Table, heading: Sequence[str]) -> dict[int, Column]:
    """The column of each place in a heading; each column once. A column's own name goes before any pattern."""
    names = {plain(column.name): column for column in table.columns}
    at: dict[int, Column] = {}
    for place, cell in enumerate(heading):
        column = names.pop(plain(cell), None)
        if column is not None:
            at[place] = column
    for column in names.values():
        if column.pattern:
            for place, cell in enumerate(heading):
                if place not in at and cell and re.search(column.pattern, cell, re.IGNORECASE):
                    at[place] = column
                    break
    return at
