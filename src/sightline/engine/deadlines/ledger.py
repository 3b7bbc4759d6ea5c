"""The ledger of deadlines: what should stand in it follows from the records alone, and `rebuild` makes it so.

A rebuild writes only what differs, so it may run at any time, for everybody or for a few people, and always ends in the same table.
"""
# ruff: noqa: S608 (the SQL is put together from declarations in the code, never from input)

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from psycopg.types.numeric import Int8

from sightline.engine.deadlines import reference
from sightline.engine.deadlines.declarations import THESE, RunningClock, running_clocks
from sightline.engine.deadlines.models import Deadline

_KEY = ("clock", "record_table", "record_id", "sequence")
_REST = (
    *("framework", "stream", "person_id", "agency_id", "source_system", "started", "due"),
    *("stopped", "stopped_by_table", "stopped_by_id", "closed", "outcome", "late_reason"),
)

_SHOULD_BE = """
    SELECT k.clock, d.framework, %(stream)s::text AS stream, %(table)s::text AS record_table, t.record_id, t.sequence::int,
           {person} AS person_id, x.agency_id, x.source_system, t.started, d.due, t.stopped,
           CASE WHEN t.stopped IS NULL THEN '' ELSE t.stopped_by_table END AS stopped_by_table,
           CASE WHEN t.stopped IS NULL THEN NULL ELSE t.stopped_by_id END AS stopped_by_id,
           CASE WHEN t.stopped IS NULL THEN t.closed END AS closed,
           CASE WHEN t.stopped <= d.due THEN 'met' WHEN t.stopped > d.due THEN 'late'
                WHEN t.closed <= d.due THEN 'not_required' WHEN t.closed > d.due THEN 'late' ELSE 'open' END AS outcome,
           coalesce(r.reason, '') AS late_reason
    FROM ({select}) t
    JOIN {subject} x ON x.id = t.record_id
    CROSS JOIN LATERAL (SELECT (%(clocks)s::text[])[least(t.sequence, cardinality(%(clocks)s::text[]))] AS clock) k
    CROSS JOIN LATERAL deadlines_due(k.clock, t.started) d
    LEFT JOIN deadlines_latereason r
           ON r.clock = k.clock AND r.record_table = %(table)s AND r.record_id = t.record_id AND r.sequence = t.sequence
    WHERE d.due IS NOT NULL"""

_SAME_KEY = (
    "d.clock = n.clock AND d.record_table = n.record_table AND d.record_id = n.record_id AND d.sequence = n.sequence"
)

_APPLY = f"""
WITH n AS MATERIALIZED ({{should_be}}),
gone AS (
    DELETE FROM deadlines_deadline d
    WHERE d.clock = ANY(%(clocks)s) AND d.record_table = %(table)s AND {{scope}} AND NOT EXISTS (SELECT FROM n WHERE {_SAME_KEY})
)
INSERT INTO deadlines_deadline ({", ".join(_KEY + _REST)})
SELECT {", ".join(f"n.{name}" for name in _KEY + _REST)} FROM n
WHERE NOT EXISTS (
    SELECT FROM deadlines_deadline d WHERE {_SAME_KEY}
    AND ({", ".join(f"d.{name}" for name in _REST)}) IS NOT DISTINCT FROM ({", ".join(f"n.{name}" for name in _REST)})
)
ORDER BY n.started, n.record_id
ON CONFLICT ({", ".join(_KEY)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REST)}
"""


def rebuild(persons: Collection[int] | None = None, *, written: Collection[str] | None = None) -> int:
    """Make the ledger say what the records say, for everybody or for these people. Returns how many deadlines were new or changed.

    `written` names the tables that a write touched, so that only clocks that read them are worked out again. When the reference data has
    changed since the last rebuild, everything is rebuilt whatever was asked: part of a ledger must not follow other limits than the rest.
    """
    with transaction.atomic():
        if reference.refresh():
            persons = written = None
        if persons is None:
            return _rebuild_all()
        these = _wide(persons)
        return sum(
            _apply_to(running, these) for running in running_clocks() if written is None or running.reads & set(written)
        )


def follow_limit(clock: str, first_day: date) -> None:
    """Take a changed limit over, and work out again what is counted from its first day on, such as what precedes a planned meeting.

    What began before keeps the limit it began under, so nothing else moves and there is no need to rebuild the whole ledger.
    """
    with transaction.atomic():
        reference.refresh()
        found = Deadline.objects.filter(clock=clock, started__gte=first_day).values_list("record_id", flat=True)
        records = _wide(found)
        for running in running_clocks():
            if records and clock in running.clocks:
                _apply(running, "s.id = ANY(%(records)s)", "d.record_id = ANY(%(records)s)", {"records": records})


def state() -> str:
    """A mark of what the ledger holds, found without reading it: two moments with the same mark hold the same deadlines.

    Every deadline that is new or changed takes a number of the table's sequence, and one that goes changes how many there are.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('deadlines_deadline', 'id')")
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT (SELECT last_value FROM {sequence}), (SELECT count(*) FROM deadlines_deadline)")
        taken, held = cursor.fetchone()
    return f"{taken}/{held}"


def _rebuild_all() -> int:
    running = running_clocks()
    with connection.cursor() as cursor:
        # Writers refresh the deadlines of their own child in their own transaction: let those finish first, and later ones wait.
        cursor.execute("LOCK TABLE deadlines_deadline IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT set_config('work_mem', '128MB', true)")
        known = [clock for each in running for clock in each.clocks]
        cursor.execute("DELETE FROM deadlines_deadline WHERE clock <> ALL(%s)", [known])
    changed = sum(_apply(each, "TRUE", "TRUE", {}) for each in running)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deadlines_deadline")
    return changed


def _wide(ids: Iterable[int]) -> list[Int8]:
    """Ids as numbers of the columns' own width. Sent as the narrowest that holds them, PostgreSQL would search the list anew for every row."""
    return [Int8(id) for id in ids]


def _apply_to(running: RunningClock, persons: list[Int8]) -> int:
    touching = running.touching or f"SELECT id FROM {running.table} WHERE person_id = ANY(%(persons)s)"
    with connection.cursor() as cursor:
        cursor.execute(touching, {"persons": persons})
        records = _wide(id for (id,) in cursor.fetchall())
    scope = "(d.record_id = ANY(%(records)s) OR d.person_id = ANY(%(persons)s))"
    return _apply(running, "s.id = ANY(%(records)s)", scope, {"records": records, "persons": persons})


def _apply(running: RunningClock, these: str, scope: str, values: Mapping[str, Any]) -> int:
    should_be = _SHOULD_BE.format(
        select=running.select.replace(THESE, these),
        subject=running.table,
        person="x.person_id" if running.has_person else "NULL::bigint",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _APPLY.format(should_be=should_be, scope=scope),
            {"clocks": list(running.clocks), "table": running.table, "stream": running.stream, **values},
        )
        return int(cursor.rowcount)
