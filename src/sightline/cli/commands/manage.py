"""`sightline manage`"""

import argparse

NAME = "manage"
HELP = "run a Django management command, for developers (for example: manage makemigrations)"
NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="the command and its arguments")


def run(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["sightline manage", *args.arguments])
    return 0
