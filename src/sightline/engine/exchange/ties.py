"""Relationships between people of one file, such as mother and child: told only once all of them are in the record, since either may come first.

A tie names both by the keys of their rows. It is a relationship of its own, unless the record has one of the kind between the two already.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sightline.core.people.models import Relationship
from sightline.engine.exchange.staging import name, phrase

TABLE = Relationship._meta.db_table
CREATE = "CREATE TEMP TABLE ties (key text, kind text, other text) ON COMMIT DROP"
COPY = "COPY ties FROM STDIN"
#: Both are known by then: whoever was set aside has no person.
_TOLD = (
    "CREATE TEMP TABLE told ON COMMIT DROP AS SELECT DISTINCT a.person_id, b.person_id AS other_id, t.kind,"
    " t.key || '/' || t.kind || '/' || t.other AS source_id"
    " FROM ties t JOIN seen a ON a.key = t.key JOIN seen b ON b.key = t.other"
    " WHERE a.person_id IS NOT NULL AND b.person_id IS NOT NULL AND a.person_id <> b.person_id"
)
_UNKNOWN = "SELECT (SELECT count(*) FROM (SELECT DISTINCT key, kind, other FROM ties) t) - (SELECT count(*) FROM told)"
_R = {"r": name(Relationship._meta.db_table)}
_REMOVE = phrase(
    "DELETE FROM {r} r WHERE r.source_system = %(system)s"
    " AND NOT EXISTS (SELECT FROM told t WHERE t.source_id = r.source_id) RETURNING r.person_id",
    **_R,
)
_TAKE_OVER = phrase(
    "UPDATE {r} r SET source_system = %(system)s FROM told t"
    " WHERE r.source_id = t.source_id AND r.source_system = ANY(%(updatable)s) AND r.source_system <> %(system)s",
    **_R,
)
_WRITE = phrase(
    "INSERT INTO {r} (agency_id, source_system, source_id, recorded_at, person_id, other_id, kind)"
    " SELECT %(agency)s, %(system)s, t.source_id, %(at)s, t.person_id, t.other_id, t.kind FROM told t"
    " WHERE NOT EXISTS (SELECT FROM {r} r WHERE r.person_id = t.person_id AND r.other_id = t.other_id AND r.kind = t.kind)"
    " RETURNING person_id",
    **_R,
)


def bring_in(cursor: Any, parameters: dict[str, Any], count: Counter[str]) -> tuple[set[int], int]:
    """Writes what is new, removes what the same source says no more. Whom it concerns, and how many ties name somebody who is not in the record."""
    cursor.execute(_TOLD)
    cursor.execute(_UNKNOWN)
    unknown = cursor.fetchone()[0]
    cursor.execute(_REMOVE, parameters)
    gone = [row[0] for row in cursor.fetchall()]
    cursor.execute(_TAKE_OVER, parameters)
    cursor.execute(_WRITE, parameters)
    new = [row[0] for row in cursor.fetchall()]
    cursor.execute("DROP TABLE told")
    count["removed"] += len(gone)
    count["written"] += len(new)
    return {*gone, *new}, unknown
