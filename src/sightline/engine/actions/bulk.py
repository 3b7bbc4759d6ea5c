"""Bulk actions: many rows of many tables in one transaction, by COPY.

The same door as single actions: a writer and a reason, history by triggers, one audit entry, the database's constraints. What a single action checks
row by row in Python, a bulk action's caller has checked for the whole column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg import sql

from sightline.core.access.models import User
from sightline.core.access.roles import Permission
from sightline.core.audit.record import What, note
from sightline.core.records.models import Record
from sightline.core.records.writing import Writing, writing
from sightline.engine.actions.refusals import NotPermitted

PERMISSIONS = {"exchange.import": Permission.IMPORT, "synthetic.load": Permission.ADMINISTER}


@dataclass
class Batch:
    """Rows for one record type: field attribute names (`person_id`, `start_date`) and tuples in that order.

    Provenance is given once for the batch unless `columns` names it. Ids come from `reserve`, so that rows may refer to each other.
    """

    model: type[Record]
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Provenance:
    """Whose rows these are and where they came from."""

    agency_id: int
    source_system: str
    recorded_at: datetime | None = None


def allow(action: str, by: User) -> None:
    """Raises NotPermitted unless the user's role carries the permission that the bulk action names; one that names none is nobody's."""
    needed = PERMISSIONS.get(action)
    if needed is None or not by.may(needed):
        raise NotPermitted(f"Your role may not do “{action}”.", next="Ask someone whose role allows it.")


def reserve(model: type[Record], count: int) -> range:
    """`count` consecutive ids that nobody else will get."""
    while count > 0:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT min(id), max(id) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id"
                " FROM generate_series(1, %s)) taken",
                [model._meta.db_table, count],
            )
            first, last = cursor.fetchone()
        # Where somebody else took an id in between the run has a gap: those ids are left unused, and another run is taken. No lock, nobody waits.
        if last - first + 1 == count:
            return range(first, last + 1)
    return range(0)


def load(action: str, batches: Iterable[Batch], provenance: Provenance, *, by: str, because: str) -> dict[str, int]:
    """Write every batch, in the order given, or nothing. Returns rows written by table.

    Raises the database's own error (django.db.IntegrityError and the like) when a row breaks a constraint; nothing is kept then.
    """
    with writing(action, by=by, because=because) as now:
        return load_within(now, batches, provenance)


def load_within(now: Writing, batches: Iterable[Batch], provenance: Provenance) -> dict[str, int]:
    """As `load`, inside a writing that is already open: an import takes several steps in one transaction."""
    written: dict[str, int] = {}
    for batch in batches:
        count = _copy(batch, provenance)
        table = batch.model._meta.db_table
        written[table] = written.get(table, 0) + count
    note(now.by, What.BULK_WRITE, now.action, purpose=now.because, request=now.request, tables=written)
    return written


def _copy(batch: Batch, provenance: Provenance) -> int:
    columns, constants = _columns(batch, provenance)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(batch.model._meta.db_table), sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    )
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _with(batch.rows, constants):
            copy.write_row(row)
            count += 1
    return count


def _with(rows: Iterable[Sequence[Any]], constants: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (*row, *constants)


def _columns(batch: Batch, provenance: Provenance) -> tuple[list[str], tuple[Any, ...]]:
    """Column names of the COPY, and the values that are the same in every row (provenance and field defaults)."""
    given = set(batch.columns)
    same: dict[str, Any] = {
        "agency_id": provenance.agency_id,
        "source_system": provenance.source_system,
        "recorded_at": provenance.recorded_at or timezone.now(),
    }
    same = {name: value for name, value in same.items() if name not in given}
    same |= _defaults(batch.model, given | set(same))
    return [*batch.columns, *same], tuple(same.values())


def _defaults(model: type[Record], given: set[str]) -> Mapping[str, Any]:
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.attname not in given and not field.primary_key and not field.null
    }
