"""`sightline migrate`"""

import argparse

from sightline.runtime import database

NAME = "migrate"
HELP = "bring the database's tables up to this version"
NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when there is something to do")


def run(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    database.check_server()
    waiting = database.waiting_migrations()
    if args.check:
        print(f"{waiting} migrations are waiting." if waiting else "The tables are up to date.")
        return int(waiting > 0)
    call_command("migrate", interactive=False, verbosity=0)
    print(f"{waiting} migrations applied." if waiting else "The tables were up to date.")
    return 0
