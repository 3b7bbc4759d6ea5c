"""Reading an SSDA903 set into the record: the CSV files of a folder to rows with line numbers, table by table and line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import CsvFile, stem_of, table_twice
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.tabular import by_file_name, kept_with_the_file, matched, refuse_twice


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
        called = by_file_name(self.tables)
        for name, path in self.files.items():
            table = called(stem_of(name))
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

    def rows(self) -> Iterator[CsvRow]:
        """Every row of every table. Raises InputProblem for a file that cannot be read, and for a set without any row."""
        empty = True
        for name, (table, path) in self._matched.items():
            where = f"{self.shown_as}/{name}"
            file = CsvFile(path, where)
            names = self._names(table, file.heading, where)
            for line, texts in file.rows():
                empty = False
                cells = {name: text for name, text in zip(names, texts, strict=True) if name and text}
                yield CsvRow(cells.get(table.child, ""), table.name, line, cells)
        if empty:
            raise InputProblem(
                "The set holds no rows: its files have nothing below their first lines",
                self.shown_as,
                "Export it again, and check that the year chosen there is the right one.",
            )

    def _names(self, table: Table, heading: list[str], where: str) -> list[str]:
        """The names of the columns as the layout has them; of those that it does not know, as they came."""
        at = matched(table, heading)
        refuse_twice(table, heading, at, f"{where}, line 1")
        known = {column.name for column in at.values()}
        needed = [column.name for column in table.layout(self.year) if not column.optional]
        if missing := [name for name in needed if name not in known]:
            raise InputProblem(
                f"The table {table.name} has no column {', '.join(missing)}",
                f"{where}, line 1",
                "The first line names the columns as the SSDA903 guide does, parted by commas.",
            )
        self.odd.update(f"{table.name}.{name[:60]}" for place, name in enumerate(heading) if name and place not in at)
        self.notes += kept_with_the_file(at.values())
        return [at[place].name if place in at else name for place, name in enumerate(heading)]
