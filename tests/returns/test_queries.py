"""The database that judges the rules answers queries of the kind that rules ask as they are written."""

from __future__ import annotations

import duckdb

from sightline.engine.exchange.rules.workspace import SETTINGS


def test_a_query_for_another_row_of_the_child_that_is_earlier_finds_it() -> None:
    with duckdb.connect(":memory:", config=SETTINGS) as connection:
        connection.execute("CREATE TABLE t AS SELECT * FROM (VALUES (0, 'a', 1), (1, 'a', 2)) AS v(row, child, start)")
        later = "EXISTS (SELECT 1 FROM t o WHERE o.child = t.child AND o.row <> t.row AND o.start < t.start)"
        assert connection.execute(f"SELECT row FROM t WHERE {later}").fetchall() == [(1,)]
