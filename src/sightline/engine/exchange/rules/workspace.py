"""The database of one run: in memory, and on disk in a folder of its own where memory does not suffice."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

#: Two steps of DuckDB 1.5's planner silently find too few rows. Its deliminator takes a correlated EXISTS with `a <> b` beside another inequality
#: for `a IS DISTINCT FROM b` over the wrong pairs: `EXISTS (... o.row <> t.row AND o.start < t.start)`. Its common subplans take `SELECT x.row` for
#: `SELECT y.row` where both are asked of the same pairs of one table.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {"disabled_optimizers": "deliminator,common_subplan"}
#: Beyond this the database goes to disk. A return of 100,000 children stays within it.
MEMORY = "2GB"
#: What a workspace may hold from the beginning: the table of working days and its macros.
CALENDAR = "calendar"


@dataclass(frozen=True)
class Workspace:
    """A connection, and the folder that it and those who feed it may use."""

    connection: duckdb.DuckDBPyConnection
    _folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    #: What it holds already of what the rules share.
    holds: frozenset[str] = frozenset()

    def make(self, name: str, select: str) -> None:
        """Make the table of what a query finds."""
        self.connection.execute(f'CREATE TABLE "{name}" AS {select}')

    def make_empty(self, name: str, select: str) -> None:
        """Make the table of a query that finds nothing."""
        self.make(name, select)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self.connection.execute(query).fetchall()

    def ask_each(self, queries: Sequence[str]) -> list[list[tuple[Any, ...]]]:
        """What each of several queries finds, whose columns are alike."""
        return [self.ask(query) for query in queries]

    @contextmanager
    def reading(self, table: Any, name: str = "") -> Iterator[str]:
        """What a query reads in the place of a table of Arrow. By way of a file, since the database's own bridge loads all of pandas first.

        Each under a name of its own: the database remembers files by their name, and would read what stood there before.
        """
        del name
        path = self._folder / f"given-{next(self._numbers)}.parquet"
        pq.write_table(table, path, compression="none")
        try:
            yield f"read_parquet('{path}')"
        finally:
            path.unlink()


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A database of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sightline-rules-") as folder:
        settings = SETTINGS | {"memory_limit": MEMORY, "temp_directory": folder}
        with duckdb.connect(":memory:", config=settings) as connection:
            yield Workspace(connection, Path(folder))
