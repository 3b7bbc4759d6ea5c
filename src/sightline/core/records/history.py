"""History of every write to a record, kept by the database itself.

One statement-level trigger function serves every record table, so bulk loads are covered at the price of one INSERT
... SELECT. It refuses a write that nobody signed: `writing` names the writer in transaction settings, and a statement
without them fails, from wherever it comes. It also holds the link that every record has, to the agency whose it is: agencies are never
deleted (a trigger of theirs sees to it), so that one look at a statement's agencies is enough.

What an insert wrote is not copied: it stands in the row itself, or in `old` of the first change that followed (`first_values`). Loads and imports
write each value once, not twice.

A history table for each model (django-pghistory) was tried first: see docs/decisions/0003-history.md.
"""

from __future__ import annotations

import json

from django.apps import apps
from django.db import connection
from psycopg import sql

from sightline.core.records.models import Change, Record

_FUNCTION = """
CREATE OR REPLACE FUNCTION records_write_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    writer text := current_setting('sightline.by', true);
    -- Read once for the statement, not once for each of its rows.
    its_action text := current_setting('sightline.action', true);
    its_because text := current_setting('sightline.because', true);
    its_request text := current_setting('sightline.request', true);
BEGIN
    IF coalesce(writer, '') = '' THEN
        RAISE EXCEPTION 'a write to % is not signed: records are written through actions', TG_TABLE_NAME;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF EXISTS (
            SELECT FROM (SELECT DISTINCT agency_id FROM new_rows) n
            WHERE NOT EXISTS (SELECT FROM organisations_organisation o WHERE o.id = n.agency_id)
        ) THEN
            RAISE EXCEPTION 'a write to % names an agency that is not on record', TG_TABLE_NAME
                USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO records_change (table_name, record_id, operation, action, by, because, request, at, old, new)
        SELECT TG_TABLE_NAME, n.id, 'insert', its_action, writer,
               its_because, its_request, now(), NULL, NULL
        FROM new_rows n;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO records_change (table_name, record_id, operation, action, by, because, request, at, old, new)
        SELECT TG_TABLE_NAME, n.id, 'update', its_action, writer,
               its_because, its_request, now(), to_jsonb(o), to_jsonb(n)
        FROM new_rows n JOIN old_rows o USING (id) WHERE o IS DISTINCT FROM n;
    ELSE
        INSERT INTO records_change (table_name, record_id, operation, action, by, because, request, at, old, new)
        SELECT TG_TABLE_NAME, o.id, 'delete', its_action, writer,
               its_because, its_request, now(), to_jsonb(o), NULL
        FROM old_rows o;
    END IF;
    RETURN NULL;
END $$
"""

_TRIGGERS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def record_models() -> list[type[Record]]:
    """Every concrete record type that is installed."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


def first_values(record: Record) -> dict[str, object]:
    """What the record held when it was first written, by column name.

    The oldest change that keeps old values tells; without one the row has never changed.
    """
    table = record._meta.db_table
    changed = Change.objects.filter(table_name=table, record_id=record.pk, old__isnull=False).order_by("id").first()
    if changed is not None:
        return dict(changed.old or {})
    with connection.cursor() as cursor:
        whole_row = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE id = %s").format(sql.Identifier(table))
        cursor.execute(whole_row, [record.pk])
        found = cursor.fetchone()
    return dict(json.loads(found[0])) if found else {}


def install(**_signal: object) -> None:
    """Put the function and its triggers on every record table. Safe to repeat; runs after every migrate."""
    existing = set(connection.introspection.table_names())
    if "records_change" not in existing:
        return
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        for model in record_models():
            if model._meta.db_table in existing:
                for operation, clause in _TRIGGERS.items():
                    cursor.execute(_trigger(model._meta.db_table, operation, clause))


def _trigger(table: str, operation: str, clause: str) -> sql.Composed:
    return sql.SQL(
        "CREATE OR REPLACE TRIGGER {name} " + clause + " FOR EACH STATEMENT EXECUTE FUNCTION records_write_history()"
    ).format(name=sql.Identifier(f"history_{operation}"), table=sql.Identifier(table))
