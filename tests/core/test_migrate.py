"""An empty database gets at once the tables that the migrations, one by one, would come to."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.rows import TupleRow

from sightline.core.records.management.commands.migrate import writes_rows
from sightline.runtime import postgres

MIGRATE = """
import sys
from sightline.runtime import database
database.set_up_django()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0, one_by_one=sys.argv[1] == "one by one")
"""
CATALOGUE = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    # Django's own join table, whose key its two ways give different widths.
    " AND (table_name, column_name) <> ('auth_group_permissions', 'id')",
    "constraints": "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "extensions": "SELECT extname FROM pg_extension",
    "migrations": "SELECT app, name FROM django_migrations",
    "rights": "SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges WHERE table_schema = 'public'",
}


def tables(way: str) -> dict[str, list[TupleRow]]:
    """What stands in a new database after a migration that way."""
    with postgres.throwaway() as cluster:
        address = cluster.address()
        url = f"postgresql:///{address.dbname}?host={address.host}&port={address.port}&user={address.user}"
        subprocess.run([sys.executable, "-c", MIGRATE, way], env=os.environ | {"DATABASE_URL": url}, check=True)
        with psycopg.connect(url) as connection:
            return {what: sorted(connection.execute(query), key=repr) for what, query in CATALOGUE.items()}


@pytest.mark.long
def test_both_ways_come_to_the_same_database() -> None:
    at_once, one_by_one = tables("at once"), tables("one by one")
    assert len(at_once["columns"]) > 1000
    for what in CATALOGUE:
        assert at_once[what] == one_by_one[what], what


def test_every_migration_only_makes_tables_or_says_that_an_empty_database_has_no_need_of_it() -> None:
    """Else the short way would not be taken, and every test run would pay for it."""
    assert not writes_rows()
