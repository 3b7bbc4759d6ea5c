"""`migrate`, which makes the tables of an empty database at once.

Applied one by one, migrations draw every model that is linked to a changed one anew: with a person in the middle that is all of them, hundreds of
times. On an empty database the models say the same in one go. `--one-by-one` keeps to Django's way; a test holds the two to the same tables.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.operations import CreateExtension
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

#: With any of these somebody asks for something else than tables that are up to date.
_ASKED_OTHERWISE = ("app_label", "migration_name", "plan", "fake", "fake_initial", "check_unapplied", "prune")


class Command(migrate.Command):
    """Django's command, with a short way for an empty database."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--one-by-one", action="store_true", help="apply each migration, also to an empty database")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        one_by_one = options.pop("one_by_one", False) or any(options.get(asked) for asked in _ASKED_OTHERWISE)
        if one_by_one or connection.introspection.table_names() or writes_rows():
            super().handle(*args, **options)
            return
        self.verbosity = options["verbosity"]
        # All or nothing: half a set of tables could neither be used nor migrated.
        with transaction.atomic(using=options["database"]):
            self._make(connection)
            super().handle(*args, **options | {"fake": True})

    def _make(self, connection: BaseDatabaseWrapper) -> None:
        nothing = ProjectState()
        with connection.schema_editor() as editor:
            for (label, _name), migration in MigrationLoader(None).disk_migrations.items():
                for operation in migration.operations:
                    if isinstance(operation, CreateExtension):
                        operation.database_forwards(label, editor, nothing, nothing)
        self.sync_apps(connection, {app.label for app in apps.get_app_configs()})
        pgtrigger.install(database=connection.alias)


def writes_rows() -> bool:
    """Whether a migration of ours does more than make tables, and does not say (`elidable`) that an empty database has no need of it."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("sightline.")}
    return any(
        isinstance(operation, RunPython | RunSQL) and not operation.elidable
        for (label, _name), migration in MigrationLoader(None).disk_migrations.items()
        if label in ours
        for operation in migration.operations
    )
