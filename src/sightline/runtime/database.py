"""The database of this installation, embedded or the operator's own: brought up, looked at, made ready for Django."""

import os

import django
from django.core.exceptions import ImproperlyConfigured

from sightline.core.errors import SetUpProblem
from sightline.runtime import postgres

OLDEST_SERVER = 150_000


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def ensure_running() -> None:
    """Starts the embedded database unless it runs. The operator's own is theirs to run."""
    if is_embedded():
        postgres.embedded().ensure_running()


def set_up_django() -> None:
    """Makes models importable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SetUpProblem("A setting is wrong", "the environment", str(error)) from error


def waiting_migrations() -> int:
    """How many changes to the tables this version has that the database has not. Django must be set up."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    return len(loader.graph.nodes.keys() - set(loader.applied_migrations))


def check_tables() -> None:
    """Says so where the tables are not of this version, before a command falls over one that is not there."""
    check_server()
    waiting = waiting_migrations()
    if waiting:
        raise SetUpProblem(
            f"The database's tables are not of this version: {waiting} migrations are waiting",
            _where(),
            "Run `./sightline migrate`, then this again.",
        )


def _where() -> str:
    return "the embedded database" if is_embedded() else "DATABASE_URL"


def _next_step() -> str:
    if is_embedded():
        return "Run `./sightline doctor`; the log is in the folder `postgres` of the installation's own folder."
    return "See that the server runs and takes connections from here, and that host, port, name, user and password in DATABASE_URL are right."


def check_server() -> str:
    """Connects, and gives the server's version. Django must be set up."""
    from django.db import OperationalError, connection

    where = _where()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int")
            number = int(cursor.fetchone()[0])
    except OperationalError as error:
        # The driver says what happened, each address and each try in a sentence of its own.
        told = " ".join(str(error).split())
        what = f"The database cannot be reached: {told}"
        raise SetUpProblem(what, where, _next_step()) from error
    if number < OLDEST_SERVER:
        raise SetUpProblem(f"PostgreSQL {number // 10_000} is too old", where, "Use PostgreSQL 15 or later.")
    return f"{number // 10_000}.{number % 10_000}"
