"""`sightline demo`"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sightline.cli.commands import serve
from sightline.core.errors import SetUpProblem
from sightline.runtime import database, paths
from sightline.runtime.progress import Progress

NAME = "demo"
HELP = "fill an invented partnership, work out its figures and report, and open it on this machine"
NEEDS = "nothing"

AREA = "E10000028"
YEAR = "2016-17"
SIGN_INS = "demo-logins.json"
Tell = Callable[[str], None]


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
            ("Look at what the record holds", _check_records),
            ("Fill an invented partnership", _fill),
            ("Work out the deadlines", _rebuild_deadlines),
            ("Take a snapshot", _take_snapshot),
            ("Work out the measures", _work_out),
            ("Write the annual report", _write_report),
            ("Make the sign-ins", _make_sign_ins),
            ("Bring in partner agencies", _make_partners),
            ("Prepare packs to look at", _make_packs),
        ]
    )
    _say_where(args)
    if args.serve:
        args.threads = 8
        return serve.run(args)
    print("`./sightline serve` opens it, `./sightline stop` stops its database.")
    return 0


def _start_database(tell: Tell) -> None:
    del tell
    database.ensure_running()
    database.set_up_django()
    database.check_server()


def _migrate(tell: Tell) -> None:
    from django.core.management import call_command

    del tell
    call_command("migrate", interactive=False, verbosity=0)


def _check_records(tell: Tell) -> None:
    """Says what cannot be done before the long work: passwords that lie in a file are for invented people only."""
    if not _holds_others():
        tell("nothing but invented people")
    elif _sign_ins().is_file():
        tell("not only invented people: the sign-ins there are will be kept, and no new ones made")
    else:
        raise SetUpProblem(
            "The record holds other people than invented ones, so it is no demonstration",
            "the database",
            "Open it with `./sightline serve` and users of its own (`./sightline users add`), or point SIGHTLINE_VAR at an empty folder.",
        )


def _holds_others() -> bool:
    from sightline.core.access.standing import standing
    from sightline.core.records.models import Coverage

    return not standing().invented and Coverage.objects.exists()


def _sign_ins() -> Path:
    return paths.var_dir() / SIGN_INS


def _fill(tell: Tell) -> None:
    from sightline.engine.synthetic.load import load_demo

    load_demo(tell)


def _rebuild_deadlines(tell: Tell) -> None:
    from sightline.engine.deadlines.ledger import rebuild

    tell(f"{rebuild():,} new or changed")


def _take_snapshot(tell: Tell) -> None:
    from sightline.engine.snapshot.fresh import chosen

    snapshot = chosen()
    tell(f"{snapshot.id}, {sum(table.rows for table in snapshot.manifest.tables.values()):,} rows")


def _work_out(tell: Tell) -> None:
    from sightline.engine.measures.store import results_for
    from sightline.engine.report.chapters import periods_needed
    from sightline.engine.snapshot.fresh import chosen
    from sightline.standards.periods import parse

    results = results_for(chosen(), periods_needed(parse(YEAR)))
    tell(f"{results.table.num_rows:,} results")


def _write_report(tell: Tell) -> None:
    from sightline.engine.report import build
    from sightline.engine.snapshot.fresh import chosen
    from sightline.standards.periods import parse

    folder, today = paths.var_dir() / "reports" / YEAR, datetime.now(UTC).date()
    build.write(build.report_of(chosen(), parse(YEAR), AREA, made=today), folder, tell=tell)
    tell("published edition")
    build.write(build.report_of(chosen(), parse(YEAR), AREA, "published", today), folder / "published")


def _make_sign_ins(tell: Tell) -> None:
    from sightline.core.access.demo import make_sign_ins

    if _holds_others():
        tell(f"kept as they are in {_sign_ins()}")
    else:
        make_sign_ins(tell)


def _make_partners(tell: Tell) -> None:
    from sightline.engine.synthetic.partners import make_partners

    if _holds_others():
        tell("none beside records of others")
    else:
        make_partners(tell)


def _make_packs(tell: Tell) -> None:
    from sightline.engine.synthetic.packs import make_packs

    if _holds_others():
        tell("none beside records of others")
    else:
        make_packs(tell)


def _say_where(args: argparse.Namespace) -> None:
    """What a newcomer needs next: the address, how to sign in, where the report lies."""
    path = _sign_ins()
    sign_ins = json.loads(path.read_text(encoding="utf-8"))
    print(f"\nThe demonstration is ready: http://{args.host}:{args.port}\n")
    print("Sign in as (these and what each role sees are in " + str(path) + "):")
    for one in sign_ins:
        print(f"  {one['username']:<28} {one['password']}")
    print(f"\nThe annual report is in {paths.var_dir() / 'reports' / YEAR}/\n", flush=True)
