"""The application's own database user: everything it needs, and no way to alter what was noted."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from sightline.core.access.models import User
from sightline.core.audit.models import Entry
from sightline.core.audit.record import What, note
from sightline.core.audit.role import ADD_ONLY, install_after_migrate, weaknesses
from sightline.core.audit.seal import seal
from sightline.core.audit.verify import verify
from sightline.core.organisations.models import Organisation
from sightline.core.people.models import Person
from sightline.core.records.writing import writing
from sightline.engine.actions.engine import System, perform
from sightline.engine.deadlines import ledger
from sightline.engine.deadlines.models import ReferenceLoaded

from .conftest import params, tamper


@pytest.fixture
def as_application(transactional_db: None) -> Iterator[None]:
    """The web application's connection: its own user, as `serve` connects."""
    usual = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict |= {"USER": settings.APP_DATABASE_ROLE, "OWNER": usual}
    yield
    connection.close()
    connection.settings_dict |= {"USER": usual, "OWNER": ""}


def _connected() -> psycopg.Connection:
    return psycopg.connect(**{**params(), "user": settings.APP_DATABASE_ROLE}, autocommit=True)


def _add_rows() -> None:
    """One row in each table to which the application only adds."""
    agency = Organisation.objects.create(name="Anyshire", kind="local_authority", area="E10000028")
    with writing("test", by="tester", because="test"):
        person = Person.objects.create(agency=agency, birth_date="2010-01-10", sex="F")
        person.sex = "M"
        person.save()
    note("someone", What.READ, people=[person.pk])
    seal()


FORBIDDEN = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TRIGGER {trigger} ON {table}",
    "ALTER TABLE {table} DROP COLUMN {column}",
    "DROP TABLE {table}",
    "CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING",
)
COLUMN = {"audit_entry": "who", "audit_seal": "hash", "records_change": "old"}


@pytest.mark.parametrize("table", ADD_ONLY)
def test_what_was_noted_cannot_be_altered(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal LIMIT 1", [table]
        )
        trigger = cursor.fetchone()[0]
    given = {"table": table, "column": COLUMN[table], "trigger": trigger}
    for statement in FORBIDDEN:
        with _connected() as own:
            # pgtrigger can be told to pass over its own triggers: a missing right holds even so.
            own.execute("SELECT set_config('pgtrigger.ignore', '{all}', false)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.execute(statement.format(**given))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER ROLE {role} SUPERUSER",
        "CREATE OR REPLACE FUNCTION records_write_history() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "CREATE TABLE mine (id int)",
    ],
)
def test_no_way_round(db: None, statement: str) -> None:
    refused = (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)
    with _connected() as own, pytest.raises(refused):
        own.execute(statement.format(role=settings.APP_DATABASE_ROLE))


def test_the_application_can_do_its_work(as_application: None) -> None:
    _add_rows()
    agency = Organisation.objects.get()
    person = Person.objects.get()
    values = {"person": person, "service": "social_care", "start_date": "2017-04-03", "primary_need": "N1"}
    perform("cases.open", by=System("test", agency.pk), because="a test", values=values)
    # New reference data is copied, and the whole ledger worked out, by whoever writes first.
    ReferenceLoaded.objects.all().delete()
    ledger.rebuild()
    user = User.objects.create(username="a", role="auditor")
    client = Client()
    client.force_login(user)
    assert client.get("/health").status_code == 200
    client.logout()
    assert not Session.objects.exists()
    seal(wait=True)
    assert verify().whole
    entry = Entry.objects.first()
    assert entry
    tamper("UPDATE audit_entry SET who = 'nobody' WHERE id = %s", [entry.pk])
    assert [fault.entry for fault in verify().faults] == [entry.pk]


def test_it_is_said_when_the_application_could_alter_the_audit(as_application: None) -> None:
    assert weaknesses() == []
    tamper(f"GRANT DELETE ON audit_entry TO {settings.APP_DATABASE_ROLE}")
    assert weaknesses() == [f"the user {settings.APP_DATABASE_ROLE} may delete audit_entry"]
    connection.close()
    connection.settings_dict["USER"] = connection.settings_dict["OWNER"]
    assert "superuser" in weaknesses()[0]
    install_after_migrate()
    with _connected() as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute("DELETE FROM audit_entry")
