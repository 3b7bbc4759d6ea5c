"""A return whose layout is declared as tables, on its way into the record: each row with the child that it is about.

A table may name the child itself, or only another row that does: a factor names its assessment, which names the child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_set import CsvRow
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.rules.declarations import Return
from sightline.engine.exchange.tabular import Sheet, kept_with_the_file


class TableFile:
    """The tables of one return. Rows of tables that have no record are counted (`aside`) and stay in the file that is kept."""

    def __init__(self, files: Mapping[str, Path], declared: Return, shown_as: str) -> None:
        self.tables = declared.layout
        self._sheets: dict[str, Sheet] = dict(declared.read(files, shown_as))
        self._owners: dict[str, dict[str, str]] = {}
        self.present = set(self._sheets)
        self.notes = self._left()
        self.odd = {f"{name}.{head}" for name, sheet in self._sheets.items() for head in sheet.unknown}
        needed = [table.name for table in self.tables if table.needed and table.name not in self.present]
        if needed:
            raise InputProblem(
                f"The return has no table {' and '.join(needed)}", shown_as, "Give the whole return: nothing can be read without it."
            )  # fmt: skip
        self.aside = Counter(
            {name: len(sheet) for name, sheet in self._sheets.items() if not sheet.table.recorded and len(sheet)}
        )
        if not any(map(len, self._sheets.values())):
            raise InputProblem("The return holds no rows", shown_as, "Export it again, and check the day chosen there.")

    def _left(self) -> list[str]:
        """Which of the columns that came become no part of a record."""
        return kept_with_the_file(
            column
            for sheet in self._sheets.values()
            if sheet.table.recorded
            for column in sheet.table.columns
            if any(sheet.columns.get(column.name, ()))
        )

    def rows(self) -> Iterator[CsvRow]:
        """Every row that may become a record."""
        for name, sheet in self._sheets.items():
            if sheet.table.recorded:
                for number, line in enumerate(sheet.lines):
                    cells = sheet.row(number)
                    child = self._child(sheet.table, cells)
                    yield CsvRow(f"{sheet.table.apart}{child}" if child else "", name, line, cells)

    def _child(self, table: Table, cells: Mapping[str, str]) -> str:
        if own := self._own(table, cells):
            return own
        for column in table.columns:
            other, _, key = column.refers.partition(".")
            if other and cells.get(column.name) and (found := self._owners_of(other, key).get(cells[column.name])):
                return found
        return ""

    def _own(self, table: Table, cells: Mapping[str, str]) -> str:
        """Whom a row names itself. A table that is told apart by the same column as its child names none, but for that of people."""
        names = table.child != table.key or table.needed
        return cells.get(table.child, "") if names else ""

    def _owners_of(self, name: str, key: str) -> dict[str, str]:
        """Whom the rows of another table are about, by one of its columns."""
        held = self._owners.get(f"{name}.{key}")
        if held is None:
            sheet = self._sheets.get(name)
            rows = [] if sheet is None else [(sheet.table, sheet.row(number)) for number in range(len(sheet))]
            # Kept before it is filled: links may lead round in a circle.
            held = self._owners[f"{name}.{key}"] = {}
            held.update({cells.get(key, ""): self._child(table, cells) for table, cells in rows})
        return held
