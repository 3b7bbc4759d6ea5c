"""The tables of a snapshot as lists of plain dicts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]


class Tables:
    """Reads a snapshot's Parquet files, each when it is first asked for, with the look-ups that a recount needs."""

    def __init__(self, snapshot: Path) -> None:
        self.folder = snapshot / "tables"
        self._rows: dict[str, list[Row]] = {}
        self._by: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        #: What was worked out before and does not change.
        self.kept: dict[Any, Any] = {}

    def rows(self, table: str) -> list[Row]:
        """Every row of a table, in the order of ids."""
        if table not in self._rows:
            self._rows[table] = pq.read_table(self.folder / f"{table}.parquet").to_pylist()
        return self._rows[table]

    def by(self, table: str, column: str, value: Any) -> list[Row]:
        """The rows of a table whose column has the value."""
        if (table, column) not in self._by:
            found = defaultdict(list)
            for row in self.rows(table):
                found[row[column]].append(row)
            self._by[table, column] = found
        return self._by[table, column].get(value, [])

    def one(self, table: str, id: Any) -> Row | None:
        """The row with that id; None for no id."""
        found = self.by(table, "id", id) if id is not None else []
        return found[0] if found else None

    def of(self, table: str, person: Any) -> list[Row]:
        """The rows about a person."""
        return self.by(table, "person_id", person)
