"""What a run's database reads is what it was given, however quickly one table follows another."""

from __future__ import annotations

import pyarrow as pa

from sightline.engine.exchange.rules.workspace import workspace


def test_tables_that_follow_each_other_within_a_moment_are_not_taken_for_each_other() -> None:
    with workspace() as held:
        for number in range(200):
            columns = {f"c{number}": pa.array([str(number)]), "same": pa.array([number])}
            with held.reading(pa.table(columns)) as source:
                found = held.connection.execute(f'SELECT "c{number}", same FROM {source}').fetchall()
            assert found == [(str(number), number)]
