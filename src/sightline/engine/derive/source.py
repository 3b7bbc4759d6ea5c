"""A snapshot opened for analysis: its tables and facts on one Ibis connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from sightline.core.errors import InputProblem
from sightline.engine.derive.facts import all_facts
from sightline.engine.snapshot.store import Snapshot


class SnapshotTables:
    """Reads tables and facts of one snapshot. Each fact is worked out once, on first use, and kept for the life of the connection.

    The connection is a private in-memory DuckDB: it reads the snapshot's files and writes nothing.
    """

    def __init__(self, snapshot: Snapshot, *, threads: int | None = None) -> None:
        self.snapshot = snapshot
        self.backend: Backend = ibis.duckdb.connect(**({"threads": threads} if threads else {}))
        self._tables: dict[str, ir.Table] = {}
        self._facts: dict[str, ir.Table] = {}
        self._under_way: list[str] = []

    def table(self, name: str) -> ir.Table:
        """A record table. Raises InputProblem when the snapshot has none of that name."""
        if name not in self._tables:
            file = self.snapshot.file(name)
            if name not in self.snapshot.manifest.tables:
                raise InputProblem(f"the snapshot has no table '{name}'", self.snapshot.id, "take a new snapshot")
            self._tables[name] = self.backend.read_parquet(str(file), table_name=name)
        return self._tables[name]

    def fact(self, name: str) -> ir.Table:
        """A fact, worked out on first use. Raises InputProblem for an unknown name or a circle of facts."""
        if name not in self._facts:
            known = all_facts()
            if name not in known:
                raise InputProblem(f"there is no fact '{name}'", "facts.py", f"known facts: {', '.join(known)}")
            if name in self._under_way:
                raise InputProblem(
                    f"the fact '{name}' needs itself", " -> ".join([*self._under_way, name]), "break the circle"
                )
            self._under_way.append(name)
            built = known[name].build(self)
            self._under_way.pop()
            self._facts[name] = self.backend.create_table("fact_" + name.replace(".", "__"), built, temp=True)
        return self._facts[name]

    @contextmanager
    def holding(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The expression worked out and held as a temporary table for the length of the block."""
        name = ibis.util.gen_name("held")
        yield self.backend.create_table(name, expression, temp=True)
        # Ibis's own drop_table writes a statement that DuckDB cannot parse for a temporary table (ibis 12.0).
        self.backend.raw_sql(f'DROP TABLE "{name}"')
