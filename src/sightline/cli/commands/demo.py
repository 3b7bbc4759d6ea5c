"""`sightline demo`"""

import argparse
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from sightline.cli.commands import serve
from sightline.runtime import database
from sightline.runtime.progress import Progress

NAME = "demo"
HELP = "fill an invented partnership, work out its figures and report, and open it on this machine"
NEEDS = "nothing"

Step = Callable[[Callable[[str], None]], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
    parser.add_argument("--no-serve", dest="serve", action="store_false", help="stop before the web application")


def run(args: argparse.Namespace) -> int:
    if args.serve:
        serve.check_port(args.host, args.port)
    Progress().run(
        [
            ("Start the database", _start_database),
            ("Bring its tables up to date", _migrate),
            ("Fill an invented partnership", _part("sightline.engine.synthetic.load", "load_demo")),
            ("Work out the deadlines", _rebuild_deadlines),
            ("Take a snapshot", _take_snapshot),
            ("Work out the measures", _part("sightline.engine.measures.demo", "compute_demo")),
            ("Write the annual report", _part("sightline.engine.report.demo", "write_demo")),
            ("Make the sign-ins", _part("sightline.core.access.demo", "make_sign_ins")),
        ]
    )
    if args.serve:
        args.threads = 8
        return serve.run(args)
    print("The demonstration is ready. `./sightline serve` opens it, `./sightline stop` stops its database.")
    return 0


def _start_database(tell: Callable[[str], None]) -> None:
    del tell
    database.ensure_running()
    database.set_up_django()
    database.check_server()


def _migrate(tell: Callable[[str], None]) -> None:
    from django.core.management import call_command

    del tell
    call_command("migrate", interactive=False, verbosity=0)


def _rebuild_deadlines(tell: Callable[[str], None]) -> None:
    from sightline.engine.deadlines.ledger import rebuild

    tell(f"{rebuild():,} deadlines")


def _take_snapshot(tell: Callable[[str], None]) -> None:
    from sightline.engine.snapshot import place
    from sightline.engine.snapshot.take import take

    tell(take(place.folder(), place.key()).id)


def _part(module: str, function: str) -> Step:
    """A step that another part of Sightline supplies: called when it is reached, and given the way to tell how far it is."""

    def step(tell: Callable[[str], None]) -> None:
        if _is_there(module):
            getattr(import_module(module), function)(tell)
        else:
            tell("not part of this version")

    return step


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
