"""Databases that stay open for the rules of a few children: with their tables laid out, the calendar in them and their queries planned.

Over a handful of rows nearly all that a run costs is planning. A kept database plans each query when it is first asked; a run puts its rows in,
asks, and takes all of it back, so that none of it is there for the next. It belongs to one return, year, authority and day, which its queries
have in them, and to one run at a time: runs at the same moment have each their own.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from sightline.engine.exchange.rules.macros import Said
from sightline.engine.exchange.rules.registry import return_named
from sightline.engine.exchange.rules.workspace import CALENDAR, MEMORY, SETTINGS, Workspace

#: A query is planned for whatever rows come later: what the planner would conclude from the rows that are there must not go into it.
_SETTINGS = SETTINGS | {
    "disabled_optimizers": f"{SETTINGS['disabled_optimizers']},statistics_propagation,compressed_materialization",
    "threads": 1,
    "memory_limit": MEMORY,
}
#: So many wait for their next run; the one that was used longest ago is closed first.
MOST_WAITING = 4
#: After so many runs a database is closed: what it remembers of past queries stays small.
MOST_RUNS = 1_000


@dataclass(frozen=True)
class Key:
    """Which runs may share a database: those of one return and year that were told the same beside their tables."""

    return_: str
    ends: int
    said: Said


@dataclass(frozen=True)
class Kept(Workspace):
    """A database whose tables stand and are filled for one run at a time."""

    _statements: dict[str, str] = field(default_factory=dict)
    runs: Iterator[int] = field(default_factory=lambda: iter(range(MOST_RUNS)))

    def make(self, name: str, select: str) -> None:
        """Fill the table with what a query finds."""
        self._planned(f'INSERT INTO "{name}" {select}')

    def make_empty(self, name: str, select: str) -> None:
        """Leave the table as it stands between runs: empty."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self._planned(query).fetchall()

    def ask_each(self, queries: Sequence[str]) -> list[list[tuple[Any, ...]]]:
        """What each of several queries finds: asked as one, since to begin a query costs more than to look at a few rows."""
        found: list[list[tuple[Any, ...]]] = [[] for _query in queries]
        for number, *row in self.ask(
            " UNION ALL ".join(f"SELECT {n}, * FROM ({one})" for n, one in enumerate(queries))
        ):
            found[number].append(tuple(row))
        return found

    @contextmanager
    def reading(self, table: Any, name: str = "") -> Iterator[str]:
        """The table of texts of that name, filled."""
        columns = ", ".join(
            f'unnest(?::{"INTEGER" if one == "row" else "VARCHAR"}[]) AS "{one}"' for one in table.column_names
        )
        cells = [column.to_pylist() for column in table.columns]
        self.connection.execute(f'INSERT INTO "{_given(name)}" BY NAME SELECT {columns}', cells)
        yield f'"{_given(name)}"'

    def _planned(self, statement: str) -> duckdb.DuckDBPyConnection:
        name = self._statements.get(statement)
        if name is None:
            name = f"statement_{len(self._statements)}"
            self.connection.execute(f"PREPARE {name} AS {statement}")
            self._statements[statement] = name
        return self.connection.execute(f"EXECUTE {name}")


def _given(name: str) -> str:
    return f"{name} as given"


_lock = threading.Lock()
#: Those that wait for their next run, the one that was used last at the end.
_waiting: list[tuple[Key, Kept]] = []


@contextmanager
def borrowed(key: Key, lay: Callable[[Workspace], None]) -> Iterator[Kept]:
    """A kept database for one run; `lay` makes its tables where there is none yet. One in which a run broke is not used again."""
    held = _taken(key) or _opened(key, lay)
    with ExitStack() as broken:
        broken.callback(held.connection.close)
        held.connection.begin()
        yield held
        held.connection.rollback()
        broken.pop_all()
    _put_back(key, held)


def _taken(key: Key) -> Kept | None:
    with _lock:
        found = next((one for one in reversed(_waiting) if one[0] == key), None)
        if found is None:
            return None
        _waiting.remove(found)
        return found[1]


def _put_back(key: Key, held: Kept) -> None:
    if next(held.runs, None) is None:
        held.connection.close()
        return
    with _lock:
        _waiting.append((key, held))
        over = _waiting[:-MOST_WAITING]
        del _waiting[:-MOST_WAITING]
    for _key, one in over:
        one.connection.close()


def _opened(key: Key, lay: Callable[[Workspace], None]) -> Kept:
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    with TemporaryDirectory(prefix="sightline-rules-") as folder:
        lay(Workspace(connection, Path(folder)))
    for table in return_named(key.return_).all_tables():
        texts = ", ".join(f'"{column}" VARCHAR' for column in table.columns)
        connection.execute(f'CREATE TABLE "{_given(table.name)}" (row INTEGER, {texts})')
    return Kept(connection, Path(), holds=frozenset({CALENDAR}))
