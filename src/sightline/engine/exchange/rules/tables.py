"""Brings the tables of a return into DuckDB, typed, each row with its position as given.

What is given may be a list of rows, a pyarrow table or a pandas frame. A column that is missing counts as all missing; one that the return does
not know is ignored; a table that is missing is empty, and remembered as not given. Texts stay in columns of Arrow, a few bytes a cell: a country's
return is millions of rows.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from sightline.core.errors import InputProblem
from sightline.engine.exchange.csv_files import trimmed
from sightline.engine.exchange.rules.declarations import Columns, Return, RuleTable, plain
from sightline.engine.exchange.rules.workspace import Workspace

#: How each return writes days: what DuckDB parses, and the shape a text must have (its parser would take more).
DAY_SHAPES = {"%d/%m/%Y": r"^\d{1,2}/\d{1,2}/\d{4}$", "%Y-%m-%d": r"^\d{4}-\d{2}-\d{2}$"}

#: How pandas and numpy say that a cell holds nothing.
_ABSENT = ("nan", "NaT", "<NA>")


def as_columns(table: RuleTable, given: Any, day_format: str) -> Columns:
    """The texts of a table by column, under the return's own names. Raises InputProblem for what is no table."""
    try:
        return _columns(table, given, day_format)
    except UnicodeEncodeError:
        raise InputProblem(
            f"The table {table.name} holds half a character (a lone surrogate)",
            "the tables given",
            "Read the file it came from as UTF-8.",
        ) from None


def _columns(table: RuleTable, given: Any, day_format: str) -> Columns:
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return _from_rows(table, given, day_format)
    if isinstance(given, pa.Table):
        names = _known(table, given.column_names)
        return {column: _texts(given[name], day_format) for column, name in names.items()} or _blank(
            table, given.num_rows
        )
    held = _by_column(given)
    if held is not None:
        names = _known(table, held)
        return {column: _as_texts(held[name], day_format) for column, name in names.items()} or _blank(
            table, len(given)
        )
    raise InputProblem(
        f"The table {table.name} is a {type(given).__name__}",
        "the tables given",
        "Give a list of rows (dictionaries), a pyarrow table or a pandas frame.",
    )


def _known(table: RuleTable, names: Iterable[Any]) -> dict[str, Any]:
    """The names given for each of the return's columns. The column's own name goes before others that read like it; raises InputProblem where
    that leaves two.
    """
    known = {plain(column): column for column in table.columns}
    found: dict[str, Any] = {}
    for name in names:
        column = known.get(plain(str(name)))
        if column is None or (name != column and found.get(column) == column):
            continue
        if column in found and (name == found[column] or name != column):
            raise InputProblem(
                f"The table {table.name} has the column {column} twice", "the tables given", "Leave each column once."
            )
        found[column] = name
    return found


def _by_column(given: Any) -> Mapping[Any, Sequence[Any]] | None:
    """The cells by column of what can tell them: the sheet of a workbook, a pandas frame."""
    if hasattr(given, "to_pydict"):
        cells: Mapping[Any, Sequence[Any]] = given.to_pydict()
        return cells
    return given.to_dict("list") if hasattr(given, "to_dict") else None


def _from_rows(table: RuleTable, rows: Sequence[Mapping[str, Any]], day_format: str) -> Columns:
    names: dict[str, None] = {}
    for row in rows:
        if not isinstance(row, Mapping):
            raise InputProblem(
                f"A row of the table {table.name} is a {type(row).__name__}",
                "the tables given",
                "Give each row as a dictionary of column name and text.",
            )
        names |= dict.fromkeys(row)
    found = {
        column: _as_texts([row.get(name) for row in rows], day_format) for column, name in _known(table, names).items()
    }
    return found or _blank(table, len(rows))


def _blank(table: RuleTable, length: int) -> Columns:
    """Rows of which nothing is known but that they are there."""
    return {table.columns[0]: pa.nulls(length, pa.string())}


def _texts(cells: Any, day_format: str) -> Any:
    """A column of Arrow as texts without spaces around them; null where nothing is left."""
    return trimmed(cells) if pa.types.is_string(cells.type) else _as_texts(cells.to_pylist(), day_format)


def _as_texts(cells: Sequence[Any], day_format: str) -> Any:
    if isinstance(cells, pa.ChunkedArray):
        # A file's own, which come as the rules want them.
        return cells
    return pa.array([_text(cell, day_format) for cell in cells], pa.string())


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
    """The typed tables of one run in a workspace of its own. A table is typed when a rule first reads it."""

    def __init__(self, workspace: Workspace, declared: Return, columns: dict[str, Columns]) -> None:
        self._workspace = workspace
        self._declared = declared
        self._columns = columns
        self._lengths = {name: len(next(iter(held.values()), ())) for name, held in columns.items()}
        self._typed: set[str] = set()
        self.given = frozenset(columns)

    def length(self, name: str) -> int:
        """How many rows a table has; none when it was not given."""
        return self._lengths.get(name, 0)

    def ensure(self, table: RuleTable) -> None:
        """Type a table, unless that is done. One that was not given is empty. Its texts are let go."""
        if table.name in self._typed:
            return
        self._typed.add(table.name)
        held = self._columns.pop(table.name, {})
        length = self.length(table.name)
        if not length:
            nothing = ", ".join(f'NULL::VARCHAR AS "{column}"' for column in table.columns)
            self._workspace.make_empty(table.name, self._select(table, f"(SELECT 0 AS row, {nothing} WHERE false)"))
            return
        raw = {"row": pa.array(range(length), pa.int32())}
        for column in table.columns:
            raw[column] = held.get(column, pa.nulls(length, pa.string()))
        with self._workspace.reading(pa.table(raw), table.name) as source:
            self._workspace.make(table.name, self._select(table, source))

    def _select(self, table: RuleTable, source: str) -> str:
        """The query that types the rows of a relation of texts with a column `row`."""
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
        return f"SELECT {', '.join(cells)} FROM {source}"
