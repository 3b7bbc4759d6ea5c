"""What the tables hold, to compare before and after."""

from __future__ import annotations

from django.db import connection

from sightline.core.people.models import Merge, Move
from sightline.core.records.history import record_models


def content() -> dict[str, set[str]]:
    """Every row of every record table, save those that tell of merges themselves; and the index and the deadlines, which are derived."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for model in record_models():
            if model not in (Merge, Move):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {model._meta.db_table} t")
                found[model._meta.db_table] = {row for (row,) in cursor.fetchall()}
        for table in ("finding_entry", "deadlines_deadline"):
            cursor.execute(f"SELECT (to_jsonb(t) - 'id')::text FROM {table} t")
            found[table] = {row for (row,) in cursor.fetchall()}
    return found
