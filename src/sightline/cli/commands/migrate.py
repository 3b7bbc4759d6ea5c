"""`sightline migrate`"""

import argparse

from sightline.runtime import database

NAME = "migrate"
HELP = "bring the database's tables up to this version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when there is something to do")


def run(args: argparse.Namespace) -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    database.check_server()
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if args.check:
        print(f"{len(waiting)} migrations are waiting." if waiting else "The tables are up to date.")
        return int(bool(waiting))
    call_command("migrate", interactive=False, verbosity=0)
    print(f"{len(waiting)} migrations applied." if waiting else "The tables were up to date.")
    return 0
