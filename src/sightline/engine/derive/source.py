"""A snapshot opened for analysis: its tables and facts on one connection."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from sightline.core.errors import InputProblem
from sightline.engine.derive.facts import all_facts
from sightline.engine.snapshot.store import Snapshot


class SnapshotTables:
    """Reads tables and facts of one snapshot. Each fact is worked out once, on first use, and kept for the life of the connection.

    The connection is a private in-memory DuckDB: it reads the snapshot's files and writes nothing. `known_facts` are statements compiled before, by
    fact name and in the order in which they build on each other: they spare the compiling, and change nothing else.
    """

    def __init__(self, snapshot: Snapshot, known_facts: dict[str, str] | None = None) -> None:
        self.snapshot = snapshot
        self.backend: Backend = ibis.duckdb.connect()
        #: The statement of every fact worked out so far, in order.
        self.fact_statements: dict[str, str] = {}
        self._under_way: list[str] = []
        for name in snapshot.manifest.tables:
            self.run(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{_quoted(str(snapshot.file(name)))}')")  # noqa: S608 (names of our own files)
        for name, statement in (known_facts or {}).items():
            self._keep(name, statement)

    def table(self, name: str) -> ir.Table:
        """A record table. Raises InputProblem when the snapshot has none of that name."""
        if name not in self.snapshot.manifest.tables:
            raise InputProblem(f"the snapshot has no table '{name}'", self.snapshot.id, "take a new snapshot")
        return self.backend.table(name)

    def fact(self, name: str) -> ir.Table:
        """A fact, worked out on first use. Raises InputProblem for an unknown name or a circle of facts."""
        if name not in self.fact_statements:
            known = all_facts()
            if name not in known:
                raise InputProblem(f"there is no fact '{name}'", "facts.py", f"known facts: {', '.join(known)}")
            if name in self._under_way:
                raise InputProblem(
                    f"the fact '{name}' needs itself", " -> ".join([*self._under_way, name]), "break the circle"
                )
            self._under_way.append(name)
            self._keep(name, str(ibis.to_sql(known[name].build(self), dialect="duckdb")))
            self._under_way.pop()
        return self.backend.table(_fact_table(name))

    def run(self, statement: str) -> Any:
        """One SQL statement of our own making. Returns DuckDB's relation of its rows."""
        return self.backend.con.execute(statement)

    def rows(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression."""
        return self.backend.to_pyarrow(expression)

    def put(self, name: str, rows: pa.Table) -> None:
        """A small table of ours under a name, replacing what had it."""
        self.backend.con.register("put_rows", rows)
        self.run(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM put_rows')  # noqa: S608 (a registered name)
        self.backend.con.unregister("put_rows")

    def _keep(self, name: str, statement: str) -> None:
        self.run(f'CREATE TABLE "{_fact_table(name)}" AS {statement}')
        self.fact_statements[name] = statement


def _fact_table(name: str) -> str:
    return "fact_" + name.replace(".", "__")


def _quoted(path: str) -> str:
    return path.replace("'", "''")
