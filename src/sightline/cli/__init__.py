"""The `sightline` command. Each sub-command is a module in `cli/commands/`, found by looking there.

A command module has `NAME` and `HELP`, `add_arguments(parser)` and `run(args) -> int`, and may say `NEEDS`:

- `"nothing"`: runs as it is;
- `"settings"`: Django is set up, the database need not run;
- `"database"`: Django is set up and the database runs;
- `"tables"` (the default): the database's tables are of this version, too.

It imports models and engine parts inside `run`, since Django is not set up when the module is read.
"""

import argparse
import os
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import sightline
from sightline.cli import commands
from sightline.core.errors import Problem

DONE = 0
FOUND_WANTING = 1
PROBLEM = 2
INTERRUPTED = 130
EXIT_CODES = """\
exit codes:
  0    done
  1    done, and what was checked did not pass
  2    could not be done: the message says what is wrong, where, and what to do
  130  interrupted
"""


@dataclass(frozen=True)
class Command:
    name: str
    help: str
    needs: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]

    @classmethod
    def of(cls, module: ModuleType) -> "Command":
        return cls(module.NAME, module.HELP, getattr(module, "NEEDS", "tables"), module.add_arguments, module.run)


def find_commands() -> list[Command]:
    """Every command, in alphabetical order."""
    modules = (import_module(f"{commands.__name__}.{found.name}") for found in pkgutil.iter_modules(commands.__path__))
    return sorted((Command.of(module) for module in modules), key=lambda command: command.name)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sightline",
        description="A safeguarding partnership's line of sight: from one contact about one child to its annual report.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Sightline {sightline.__version__}")
    parser.add_argument("--traceback", action="store_true", help="show where in the program a problem arose")
    choices = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in find_commands():
        added = choices.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(added)
        added.set_defaults(command=command)
    return parser


def prepare(needs: str) -> None:
    """Brings up what a command needs before it runs."""
    if needs == "nothing":
        return
    from sightline.runtime import database

    if needs in ("database", "tables"):
        database.ensure_running()
    database.set_up_django()
    if needs == "tables":
        database.check_tables()
        from sightline.core.options.following import follow

        follow()


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code. A problem is told without a traceback."""
    args = build_parser().parse_args(argv)
    try:
        prepare(args.command.needs)
        return int(args.command.run(args))
    except Problem as problem:
        if args.traceback:
            raise
        print(f"sightline: {problem}", file=sys.stderr)
        return PROBLEM
    except KeyboardInterrupt:
        print("sightline: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`: nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
