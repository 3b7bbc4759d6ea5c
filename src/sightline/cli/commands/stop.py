"""`sightline stop`"""

import argparse

from sightline.runtime import database, postgres

NAME = "stop"
HELP = "stop the embedded database"
NEEDS = "nothing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    del args
    if not database.is_embedded():
        print("DATABASE_URL is set: that server is yours to stop.")
    elif postgres.embedded().stop():
        print("The database is stopped.")
    else:
        print("The database was not running.")
    return 0
