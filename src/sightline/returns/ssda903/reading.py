"""Reading an SSDA903 set to the tables that its rules read: CSV files, found by name as the import finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.compute as pc

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import CsvFile, stem_of, table_twice
from sightline.engine.exchange.declarations import Table
from sightline.engine.exchange.tabular import Sheet, by_file_name, matched, refuse_twice, sheet_of
from sightline.returns.ssda903.tables import PROVIDERS, TABLES

_called = by_file_name((*TABLES, PROVIDERS))


def blanks(sheets: Mapping[str, Sheet]) -> list[tuple[int, str]]:
    """Where a table lacks what the return asks for in every row: line of its file, and what is wrong. A column that did not come is told once.

    Blank cells of most of these are no rule's: the Department's own system would not load the file.
    """
    found: list[tuple[int, str]] = []
    for name, sheet in sheets.items():
        for column in sheet.table.columns:
            if not column.required:
                continue
            held = sheet.columns.get(column.name)
            if held is None:
                found.append(
                    (1, f"{name}: the column {column.name} is missing, and the schema asks for it in every row")
                )
                continue
            rows = pc.indices_nonzero(pc.is_null(held)).to_pylist()
            said = f"{name}: {column.name} is empty, and the schema asks for it in every row"
            found += [(int(sheet.lines[row]), said) for row in rows]
    return sorted(found)


def read(files: Mapping[str, Path], shown_as: str) -> dict[str, Sheet]:
    """The tables of a set as texts, by their names. Files that are no table of the set are left. Raises InputProblem."""
    found: dict[str, Sheet] = {}
    for name, path in files.items():
        table = _called(stem_of(name))
        if table is None:
            continue
        if table.name in found:
            raise table_twice(table.name, shown_as)
        found[table.name] = _read(table, path, shown_as if len(files) == 1 else f"{shown_as}/{name}")
    if not found:
        raise InputProblem(
            "No file of the set was found" if len(files) > 1 else "The file goes by the name of no table of the set",
            shown_as,
            "Files are found by name, as in episodes.csv: give it the name of its table, or leave it out.",
        )
    return found


def unread(names: Sequence[str]) -> list[str]:
    """The files that are no table of the set, by their names. Hidden ones are none of anybody's."""
    return [name for name in names if _called(stem_of(name)) is None and not name.startswith(".")]


def _read(table: Table, path: Path, where: str) -> Sheet:
    file = CsvFile(path, where)
    at = matched(table, file.heading)
    refuse_twice(table, file.heading, at, f"{where}, line 1")
    columns, lines = file.columns()
    return sheet_of(table, file.heading, at, {column.name: columns[place] for place, column in at.items()}, lines)
