"""`sightline validate`"""

import argparse
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

NAME = "validate"
NEEDS = "nothing"
HELP = "check a return against the Department's rules; nothing is stored"
MEGABYTE = 1_000_000
EXAMPLES = """\
./sightline validate census.xml --return cin --year 2025-26 --format json
./sightline validate ssda903/ --last-year ssda903-before/ --return ssda903 --year 2026-27 --format html --out report.html
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("path", type=Path, nargs="+", help="the file, the folder, or the files of the return")
    parser.add_argument("--return", dest="return_", required=True, choices=["cin", "ssda903"], help="the return")
    parser.add_argument("--year", required=True, help="the collection year: 2026-27")
    parser.add_argument("--last-year", type=Path, nargs="+", default=[], help="the return of the year before")
    parser.add_argument("--providers", type=Path, help="Ofsted's list of providers as CSV (column URN at least)")
    parser.add_argument("--area", default="", help="the authority, where the file does not say: code or name")
    parser.add_argument("--rule", dest="rules", nargs="+", help="run these rules only")
    parser.add_argument(
        "--format", choices=["json", "csv", "html", "xlsx"], default="json", help="how to print (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, help="write to this file instead of printing; a workbook needs it")
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 where the return is not ready to submit")
    parser.add_argument("--max-mb", type=int, default=1000, help="refuse anything larger (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Validates. What the rules find is the answer and no failure, so the exit code is 0 unless `--exit-code` is asked for."""
    from sightline.core.errors import InputProblem
    from sightline.engine.exchange.rules import show
    from sightline.engine.exchange.rules.validation import Request, Validation, validate

    if args.format == "xlsx" and args.out is None:
        raise InputProblem("A workbook cannot be printed", "--out", "Name a file to write: --out report.xlsx.")
    request = Request(
        return_=args.return_,
        year=args.year,
        paths=args.path,
        last_year=args.last_year,
        providers=args.providers,
        authority=args.area,
        rules=args.rules,
        largest=args.max_mb * MEGABYTE,
    )
    found = validate(request)
    # A country's return has a million faulty rows: JSON is written as it is told, and nothing waits for the whole.
    forms: dict[str, Callable[[Validation], Iterable[bytes]]] = {
        "json": lambda one: (part.encode() for part in chain(show.json_parts(one), "\n")),
        "csv": lambda one: [show.as_csv(one).encode()],
        "html": lambda one: [f"{show.as_html(one)}\n".encode()],
        "xlsx": lambda one: [show.as_xlsx(one)],
    }
    content = forms[args.format](found)
    wanting = int(args.exit_code and not found.result.ready)
    if args.out is None:
        sys.stdout.buffer.writelines(content)
        return wanting
    try:
        with args.out.open("wb") as out:
            out.writelines(content)
    except OSError as error:
        advice = "Name a file in a folder that you may write to."
        raise InputProblem(f"Cannot be written: {error.strerror}", str(args.out), advice) from error
    return wanting
