"""Brings the tables of a return into DuckDB, typed, each row with its position as given.

What is given may be a list of rows, a pyarrow table or a pandas frame. A column that is missing counts as all missing; one that the return does
not know is ignored; a table that is missing is empty, and remembered as not given.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from sightline.core.errors import InputProblem
from sightline.engine.exchange.rules.declarations import Return, RuleTable, plain

#: How each return writes days: what DuckDB parses, and the shape a text must have (its parser would take more).
DAY_SHAPES = {"%d/%m/%Y": r"^\d{1,2}/\d{1,2}/\d{4}$", "%Y-%m-%d": r"^\d{4}-\d{2}-\d{2}$"}

#: How pandas and numpy say that a cell holds nothing.
_ABSENT = ("nan", "NaT", "<NA>")


def as_columns(table: RuleTable, given: Any, day_format: str) -> dict[str, list[str | None]]:
    """The texts of a table by column, under the return's own names. Raises InputProblem for what is no table."""
    known = {plain(column): column for column in table.columns}
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return _from_rows(table, given, known, day_format)
    for method in ("to_pydict", "to_dict"):
        if hasattr(given, method):
            held = given.to_pydict() if method == "to_pydict" else given.to_dict("list")
            found = {known[plain(str(name))]: list(cells) for name, cells in held.items() if plain(str(name)) in known}
            length = len(next(iter(held.values()), ()))
            texts = {name: [_text(cell, day_format) for cell in cells] for name, cells in found.items()}
            return texts or {table.columns[0]: [None] * length}
    raise InputProblem(
        f"The table {table.name} is a {type(given).__name__}",
        "the tables given",
        "Give a list of rows (dictionaries), a pyarrow table or a pandas frame.",
    )


def _from_rows(
    table: RuleTable, rows: Sequence[Mapping[str, Any]], known: Mapping[str, str], day_format: str
) -> dict[str, list[str | None]]:
    names: dict[str, str] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            raise InputProblem(
                f"A row of the table {table.name} is a {type(row).__name__}",
                "the tables given",
                "Give each row as a dictionary of column name and text.",
            )
        for name in row:
            if name not in names and (column := known.get(plain(str(name)))):
                names[name] = column
    found: dict[str, list[str | None]] = {
        column: [_text(row.get(name), day_format) for row in rows] for name, column in names.items()
    }
    return found or {table.columns[0]: [None] * len(rows)}


def _text(cell: Any, day_format: str) -> str | None:
    """A cell as the file would hold it."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or str(cell) in _ABSENT:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date):
        return cell.strftime(day_format)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() or None


class Typed:
    """The typed tables of one run in a connection of its own. A table is typed when a rule first reads it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        declared: Return,
        columns: Mapping[str, Mapping[str, Sequence[str | None]]],
    ) -> None:
        self._connection = connection
        self._declared = declared
        self._columns = columns
        self._typed: set[str] = set()
        self.given = frozenset(columns)

    def length(self, name: str) -> int:
        """How many rows a table has; none when it was not given."""
        return len(next(iter(self._columns.get(name, {}).values()), ()))

    def ensure(self, table: RuleTable) -> None:
        """Type a table, unless that is done. One that was not given is empty."""
        if table.name in self._typed:
            return
        self._typed.add(table.name)
        held = self._columns.get(table.name)
        if not held:
            nothing = ", ".join(f'NULL::VARCHAR AS "{column}"' for column in table.columns)
            self._connection.execute(self.create(table, f"(SELECT 0 AS row, {nothing} WHERE false)"))
            return
        length = self.length(table.name)
        raw = {"row": pa.array(range(length), pa.int32())}
        for column in table.columns:
            cells = held.get(column)
            raw[column] = pa.nulls(length, pa.string()) if cells is None else pa.array(cells, pa.string())
        self._connection.register("given_rows", pa.table(raw))
        self._connection.execute(self.create(table, "given_rows"))
        self._connection.unregister("given_rows")

    def create(self, table: RuleTable, source: str) -> str:
        """The statement that types the rows of a relation of texts with a column `row`."""
        form = self._declared.day_format
        cells = ["row", *(f'"{column}"' for column in table.text)]
        for column in table.days:
            cells += [
                f"CASE WHEN regexp_matches(\"{column}\", '{DAY_SHAPES[form]}')"
                f' THEN CAST(try_strptime("{column}", \'{form}\') AS DATE) END AS "{column}"',
                f'"{column}" AS "{column}_text"',
            ]
        for column in table.numbers:
            cells += [f'TRY_CAST("{column}" AS INTEGER) AS "{column}"', f'"{column}" AS "{column}_text"']
        return f'CREATE TABLE "{table.name}" AS SELECT {", ".join(cells)} FROM {source}'
