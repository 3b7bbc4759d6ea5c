"""Taking a snapshot: record tables go from PostgreSQL to Parquet in one consistent reading.

Direct identifiers stay behind: a field classified IDENTIFYING is never copied, and a person's id is replaced by a keyed hash. A snapshot is
still personal data. Record ids are kept, so that a figure's list can be opened by those who may see it.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from duckdb_extensions import import_extension

from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.core.records.fields import Described, Sensitivity
from sightline.core.records.history import record_models
from sightline.core.records.models import Change, Coverage
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import Deadline
from sightline.engine.snapshot.store import MANIFEST, Covered, Manifest, Snapshot, TableEntry, file_hash
from sightline.standards.local_changes import in_use

ROW_GROUP = 122_880


def take(folder: Path, key: bytes) -> Snapshot:
    """Take a snapshot into `folder`; `key` is the installation's secret for the hash of person ids.

    The snapshot appears whole or not at all: files are written aside and the folder is renamed at the end.
    """
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    draft = folder / f".{name}"
    (draft / "tables").mkdir(parents=True, mode=0o700)
    try:
        # Read before the tables: a write that slips in between makes the next command take a new snapshot, and none is missed.
        newest, deadlines = Change.objects.aggregate(newest=Max("id"))["newest"] or 0, ledger.state()
        tables = _copy_tables(draft, key)
        rules = dict(in_use().editions)
        manifest = Manifest(name, now.isoformat(), _schema(), tables, tuple(_coverage()), newest, deadlines, rules)
        (draft / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        draft.rename(folder / name)
    finally:
        if draft.exists():
            shutil.rmtree(draft)
    return Snapshot(folder / name)


def snapshot_models() -> list[type[models.Model]]:
    """The tables of a snapshot: every record type that is not made of identifiers, agencies, and the deadlines."""
    return [Organisation, Deadline, *(model for model in record_models() if model.IN_SNAPSHOT)]


def _copy_tables(draft: Path, key: bytes) -> dict[str, TableEntry]:
    con = duckdb.connect()
    import_extension("postgres_scanner", con=con)
    con.execute("SET preserve_insertion_order = true")
    con.execute("ATTACH '' AS record (TYPE postgres, READ_ONLY)".replace("''", f"'{_address()}'", 1))
    con.execute("SET VARIABLE key = ?", [hashlib.sha256(key).hexdigest()])
    # One transaction, so that all tables are read at the same moment.
    con.execute("BEGIN")
    tables = {}
    for model in snapshot_models():
        table = model._meta.db_table
        file = draft / "tables" / f"{table}.parquet"
        columns = dict(_columns(model))
        chosen = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
        con.execute(
            f'COPY (SELECT {chosen} FROM record.public."{table}" ORDER BY id)'  # noqa: S608 (names of our own models)
            f" TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
        rows = con.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone()
        tables[table] = TableEntry(int(rows[0]) if rows else 0, file_hash(file), tuple(columns))
    con.execute("COMMIT")
    con.close()
    return tables


def _columns(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Column name and SQL expression of each field that may leave the record."""
    for field in model._meta.concrete_fields:
        column = str(field.column)
        about_a_person = (model is Person and field.primary_key) or (
            field.remote_field is not None and field.related_model is Person
        )
        if isinstance(field, Described) and field.sensitivity is Sensitivity.IDENTIFYING:
            continue
        yield column, _keyed(column) if about_a_person else f'"{column}"'


def keyed(person: int, key: bytes) -> int:
    """The hash by which a snapshot taken with this key knows a person."""
    secret = hashlib.sha256(key).hexdigest()
    return int(hashlib.sha256(f"{secret}:{person}".encode()).hexdigest()[:15], 16)


def _keyed(column: str) -> str:
    """A 60-bit keyed hash of a person's id: the same person in every table, not to be traced back without the key."""
    return (
        f'CASE WHEN "{column}" IS NOT NULL THEN'
        f" CAST('0x' || substr(sha256(getvariable('key') || ':' || \"{column}\"), 1, 15) AS BIGINT) END"
    )


def _address() -> str:
    wanted = {"dbname": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
    params = connection.get_connection_params()
    parts = [f"{name}={_quoted(str(params[key]))}" for key, name in wanted.items() if params.get(key)]
    return " ".join(parts).replace("'", "''")


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _schema() -> str:
    """A short name for the schema: a hash of the migrations applied."""
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return hashlib.sha256(repr(applied).encode()).hexdigest()[:12]


def _coverage() -> Iterator[Covered]:
    for row in Coverage.objects.order_by("area", "source_system", "stream", "start_date"):
        yield Covered(row.area, row.source_system, row.stream, row.start_date, row.end_date)
